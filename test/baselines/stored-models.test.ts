import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import {
  intensityHarmonizerModelFromJson,
  intensityHarmonizerModelToJson,
} from '../../sdk/baselines/intensity-model-stored';
import { siteScaling } from '../../sdk/baselines/site-scaling';
import type { SiteScalingModel } from '../../sdk/baselines/site-scaling-model';
import { siteScalingFromStored, siteScalingToStored } from '../../sdk/baselines/site-scaling-stored';
import type { JsonObject } from '../../sdk/data/json';
import { makeRandom } from '../../sdk/math/random';
import { loadModel, saveModel } from '../../sdk/index';
import { gainedScans } from '../support/gained-scans';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';

describe('stored models of site scaling', () => {
  const folder = temporaryFolder();
  const hole = smallCohort({ change: (value, row, f) => (f === 1 && row >= 23 ? NaN : value) });

  it('keep what is not known, and are of a file beside them where they are large', async () => {
    const model = await siteScaling().fit(hole);
    assert.ok(model.sites[2].moments.mean.some(Number.isNaN));
    await saveModel(model, folder.path('small.json'));
    assert.deepEqual(await loadModel(folder.path('small.json'), 'site-scaling'), model);
    const random = makeRandom(1);
    const draw = (): Float64Array => Float64Array.from({ length: 40_000 }, () => random.uniform());
    const large: SiteScalingModel = {
      kind: 'site-scaling',
      features: Array.from({ length: 40_000 }, (_, k) => `v${k}`),
      issues: [],
      pooled: { mean: draw(), sd: draw() },
      sites: ['A', 'B', 'C'].map((name) => ({ name, moments: { mean: draw(), sd: draw() } })),
    };
    await saveModel(large, folder.path('large.json'));
    assert.equal(readdirSync(folder.path('.')).filter((name) => name.startsWith('large')).length, 2);
    assert.deepEqual(await loadModel(folder.path('large.json'), 'site-scaling'), large);
  });

  it('are refused where parts are missing or do not fit', async () => {
    const { description } = siteScalingToStored(await siteScaling().fit(hole));
    const damages: readonly [JsonObject, RegExp][] = [
      [{ kind: 'combat' }, /its kind is "combat"/],
      [{ schema: 2 }, /its schema is 2/],
      [{ features: ['f0', 'f0'] }, /its features are not a list of distinct names/],
      [{ sites: [] }, /it has no site/],
      [{ sites: ['A', 'B'] }, /mean does not have 3 rows/],
      [{ mean: [[1], [1], [1], [1]] }, /mean is not made of rows of 8 numbers/],
      [{ sd: (description['sd'] as number[][]).map((row) => row.map(() => -1)) }, /below 0/],
      [{ issues: [{}] }, /its issues/],
    ];
    for (const [change, message] of damages) {
      assert.throws(() => siteScalingFromStored({ ...description, ...change }), {
        code: 'malformed-model',
        message,
      });
    }
  });
});

describe('stored models of intensity harmonizers', () => {
  const folder = temporaryFolder();

  it('are refused where parts are missing or do not fit', async () => {
    const nyul = intensityHarmonizerModelToJson(
      await intensityHarmonizer('nyul', { kind: 'volumes' }).fit(gainedScans()),
    );
    const white = intensityHarmonizerModelToJson(
      await intensityHarmonizer('white-stripe', { kind: 'volumes' }).fit(gainedScans()),
    );
    const [average, first] = nyul['targets'] as readonly JsonObject[];
    const fitted = average['fitted'] as JsonObject;
    const withFitted = (change: JsonObject): JsonObject => ({
      targets: [{ ...average, fitted: { ...fitted, ...change } }],
    });
    const damages: readonly [JsonObject, RegExp][] = [
      [{ kind: 'nyul' }, /its kind is "nyul"/],
      [{ schema: 0 }, /its schema is 0/],
      [{ scans: 0 }, /how many scans it was learned from/],
      [{ region: { region: 'head', outside: 'auto' } }, /the settings of region: invalid region: "head"/],
      [{ targets: [] }, /not the average followed by sites/],
      [{ targets: [first] }, /not the average followed by sites/],
      [{ targets: [average, first, first] }, /each once/],
      [{ targets: [average, (white['targets'] as readonly JsonObject[])[1]] }, /belong to several methods/],
      [{ targets: [{ ...average, calibration: { scale: 0, offset: 1 } }] }, /"average" has no calibration/],
      [withFitted({ method: 'magic' }), /its method is "magic"/],
      [withFitted({ standard: [3, 2, 1] }), /its standard are not two or more ascending numbers/],
      [withFitted({ standard: [1, 2, 3] }), /11 landmarks and 3 standard intensities/],
      [withFitted({ settings: { landmarks: [50] } }), /the settings of nyul: invalid landmarks: 50/],
      [{ issues: 1 }, /its issues/],
    ];
    for (const [change, message] of damages) {
      assert.throws(() => intensityHarmonizerModelFromJson({ ...nyul, ...change }), {
        code: 'malformed-model',
        message,
      });
    }
  });

  it('say which kind they are when another is asked for, and where they have no seal', async () => {
    const model = await intensityHarmonizer('fcm', { kind: 'volumes' }).fit(gainedScans());
    const path = folder.path('fcm.json');
    await saveModel(model, path);
    await assert.rejects(loadModel(path, 'nyul'), /it holds "intensity", not "nyul".*kind: "intensity"/);
    writeFileSync(folder.path('plain.json'), JSON.stringify(intensityHarmonizerModelToJson(model)));
    const plain = await loadModel(folder.path('plain.json'), 'intensity');
    assert.deepEqual(
      plain.issues.map(({ code }) => code),
      ['unsealed-model'],
    );
  });
});
