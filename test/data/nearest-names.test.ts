import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as concord from '../../sdk/index';
import { takeFeatures } from '../../sdk/data/feature-matrix';
import { suggestName } from '../../sdk/data/nearest-names';
import { oneOf } from '../../sdk/data/one-of';
import { siteDataRange } from '../../sdk/evaluate/images/site-data-range';
import { domainOf } from '../../sdk/murd/domains';
import type { MurdModel } from '../../sdk/murd/murd-model';
import { initialize } from '../../sdk/nn/blocks/initialize';
import { scannerPreset } from '../../sdk/simulate/phantom/scanner/scanner-presets';
import { makeRandom } from '../../sdk/math/random';
import { concord as command } from '../support/run-command';
import { smallCohort } from '../support/small-cohort';

describe('suggestName', () => {
  it('puts the name that is clearly meant before the rest, and nothing where none is', () => {
    assert.equal(suggestName('agee', ['age', 'sex'], 'there are 2'), 'did you mean "age"? there are 2');
    assert.equal(suggestName('weight', ['age', 'sex'], 'there are 2'), 'there are 2');
    // Numbered names are all as near as the others.
    assert.equal(suggestName('site-3', ['site-1', 'site-2'], 'there are 2'), 'there are 2');
  });
});

describe('an unknown name', () => {
  const cohort = smallCohort({ sizes: { Boston: 14, Berlin: 9, Oslo: 11 } });
  const { participants } = cohort;
  let folder: string;
  let csv: string;
  let images: concord.ImageCohort;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-names-'));
    csv = join(folder, 't.csv');
    const rows = participants.ids.map(
      (id, row) => `${id},${participants.sites[row]},${row % 2 ? 'male' : 'female'},${row}.5`,
    );
    await writeFile(csv, `id,site,gender,thickness\n${rows.join('\n')}\n`);
    images = (await concord.simulateSlices({ subjects: 2, slices: 1, size: 16, pixelSize: 12, seed: 1 }))
      .cohort;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** What is called with a typo, and the name that it should bring up. */
  const cases: readonly (readonly [what: string, call: () => unknown, meant: string])[] = [
    ['covariate to preserve', () => concord.fitCombat(cohort, { preserve: ['agee'] }), 'age'],
    [
      'covariate of an audit',
      () => concord.auditTable(cohort, concord.siteScaling(), { covariates: ['sexx'] }),
      'sex',
    ],
    ['reference site', () => concord.fitCombat(cohort, { reference: 'Bosten' }), 'Boston'],
    [
      'reference level',
      () => {
        const drinks = concord.categorical(
          'drink',
          participants.ids.map((_, row) => (row % 2 ? 'coffee' : 'water')),
        );
        const more = smallCohort({ covariates: () => [drinks] });
        return concord.fitCombat(more, { preserve: [{ name: 'drink', reference: 'cofee' }] });
      },
      'coffee',
    ],
    ['level of a covariate', () => concord.categorical('drink', ['cofee'], ['coffee', 'tea']), 'coffee'],
    [
      'value of an option',
      () => concord.fitCombat(cohort, { eb: 'parametrik' as 'parametric' }),
      'parametric',
    ],
    ['feature', () => takeFeatures(cohort.features, ['f0o']), 'f0'],
    [
      'subject of a harmonized cohort',
      () => {
        const ids = participants.ids.map((id, row) => (row === 0 ? 'Boston0x' : id));
        const renamed = concord.makeFeatureCohort(
          concord.makeParticipants(ids, participants.sites, participants.covariates),
          concord.makeFeatureMatrix(cohort.features.values, ids, cohort.features.features),
        );
        return concord.auditTable(cohort, concord.siteScaling(), { after: renamed });
      },
      'Boston0',
    ],
    ['column of sites', () => concord.loadTable(csv, { site: 'sit' }), 'site'],
    ['column of features', () => concord.loadTable(csv, { features: 'thicknes' }), 'thickness'],
    [
      'covariate in sameLevel',
      () => concord.loadTable(csv, { covariates: ['gender'], sameLevel: { gendre: 'fold' } }),
      'gender',
    ],
    ['column of marks', () => concord.loadTable(csv, { missing: ['gendre=9'] }), 'gender'],
    [
      'stated level',
      () =>
        concord.loadTable(csv, {
          covariates: [{ name: 'gender', kind: 'categorical', levels: ['femal', 'man'] }],
        }),
      'femal',
    ],
    [
      'target of an audit of images',
      () => concord.auditImages(images, images, { target: 'siteAA' }),
      'siteA',
    ],
    ['site of a data range', () => siteDataRange(images, 'siteAA'), 'siteA'],
    ['backend', () => concord.useBackend('wasmm' as 'wasm'), 'wasm'],
    ['preset of scanners', () => scannerPreset('seven-sites' as 'seven-site'), 'seven-site'],
    ['initialization', () => initialize(makeRandom(1), [2, 2], 'he-norml' as 'he-normal'), 'he-normal'],
    ['kind of interpolation', () => oneOf('interpolation', 'cubik', ['linear', 'cubic', 'nearest']), 'cubic'],
    [
      'target of a MURD',
      () => domainOf({ domains: [], sites: ['Boston', 'Oslo'] } as unknown as MurdModel, 'Bosten', ''),
      'Boston',
    ],
  ];
  for (const [what, call, meant] of cases) {
    it(`brings up the nearest: ${what}`, async () => {
      await assert.rejects(
        () => Promise.resolve().then(call),
        (error: unknown) => {
          assert.ok(error instanceof concord.ConcordError, String(error));
          assert.ok(error.message.includes(`did you mean "${meant}"?`), error.message);
          return true;
        },
      );
    });
  }

  it('on the command line too', async () => {
    const flags: readonly (readonly [words: readonly string[], meant: string])[] = [
      [['harmonize', csv, '--method', 'combt', '--out', folder], 'combat'],
      [['harmonize', csv, '--eb', 'parametrik', '--out', folder], 'parametric'],
      [['harmonize', csv, '--preserve', 'gender', '--categorical', 'gendre', '--out', folder], 'gender'],
      [['harmonize', csv, '--preserve', 'gendre', '--out', folder], 'gender'],
      [['harmonize', csv, '--measures', 'thicknes', '--out', folder], 'thickness'],
      [['train', folder, '--method', 'ddae', '--size', 'tiney', '--out', folder], 'tiny'],
      [['compare', csv, '--methods', 'raw,combt'], 'combat'],
    ];
    for (const [words, meant] of flags) {
      const { status, err } = await command(...words);
      assert.ok(status !== 0 && err.includes(`did you mean "${meant}"?`), `${words.join(' ')}: ${err}`);
    }
  });
});
