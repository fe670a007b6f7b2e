import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { combatModelFromJson, combatModelToJson } from '../../sdk/combat/combat-model-json';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { JsonObject } from '../../sdk/data/json';
import { ConcordError } from '../../sdk/errors';
import { writeNetworkFolder } from '../../sdk/io/networks/network-folder';
import type { HistogramMatchingModel } from '../../sdk/intensity/histogram-matching-model';
import type { NyulModel } from '../../sdk/intensity/nyul-model';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import type { AutoencoderModel } from '../../sdk/nn/autoencoder/autoencoder-model';
import { fitAutoencoder } from '../../sdk/nn/autoencoder/fit-autoencoder';
import { reconstructImages } from '../../sdk/nn/autoencoder/reconstruct-images';
import { toStored } from '../../sdk/nn/stored-parts';
import { useBackend } from '../../sdk/nn/backend/use-backend';
import { simulateSlices } from '../../sdk/simulate/phantom/simulate-slices';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';

/** The same weights with one number that is none. */
function withNaN(weights: AutoencoderModel['weights']): AutoencoderModel['weights'] {
  const damaged = structuredClone(weights) as unknown as {
    encoder: { first: { kernel: { data: Float32Array } } };
  };
  damaged.encoder.first.kernel.data[3] = NaN;
  return damaged as unknown as AutoencoderModel['weights'];
}

describe('saveModel and loadModel', () => {
  const folder = temporaryFolder();

  it('give back the same bits, whatever the settings', async () => {
    const hole = smallCohort({
      change: (value, row, f) => (f === 1 && row >= 23 ? NaN : f === 4 ? 7 : value),
    });
    const settings = [
      { preserve: ['age', 'sex'] },
      { preserve: ['age'], reference: 'B', meanOnly: true },
      { eb: 'none' as const },
    ];
    for (const [i, options] of settings.entries()) {
      const model = await fitCombat(hole, options);
      const path = folder.path(`model${i}.json`);
      await saveModel(model, path);
      const loaded = await loadModel(path, 'combat');
      assert.deepEqual(loaded, model);
      const one = await applyCombat(model, smallCohort());
      const two = await applyCombat(loaded, smallCohort());
      assert.deepEqual(one.features.values, two.features.values);
    }
  });

  it('give back models of intensity normalization, of the kind asked for', async () => {
    const region = { region: 'mask', outside: 'auto' } as const;
    const nyul: NyulModel = {
      kind: 'nyul',
      percentiles: [1, 50, 99],
      standard: [0, 1 / 3, 100],
      scans: 4,
      region,
      issues: [],
    };
    const path = folder.path('nyul.json');
    await saveModel(nyul, path);
    assert.deepEqual(await loadModel(path, 'nyul'), nyul);
    await assert.rejects(loadModel(path, 'combat'), /it holds "nyul", not "combat".*\(use kind: "nyul"\)/);
    await assert.rejects(loadModel(path, 'histogram-matching'), { code: 'malformed-model' });
    const matching: HistogramMatchingModel = {
      kind: 'histogram-matching',
      quantiles: [0, 2, 2, 9],
      scans: 1,
      region,
      issues: [],
    };
    await saveModel(matching, folder.path('matching.json'));
    assert.deepEqual(await loadModel(folder.path('matching.json'), 'histogram-matching'), matching);
    // Without a kind it is the file that says so, and the type narrows.
    const found = await loadModel(path);
    assert.ok(found.kind === 'nyul');
    assert.deepEqual([...found.standard], nyul.standard);
    const broken = [
      { standard: [0, 5] },
      { percentiles: [1, 'x', 99] },
      { standard: [3, 2, 1] },
      { schema: 2 },
      { region: 1 },
    ];
    for (const change of broken) {
      const text = JSON.stringify({ ...nyul, schema: 1, ...change });
      const bad = folder.write('broken.json', text);
      await assert.rejects(loadModel(bad, 'nyul'), { code: 'malformed-model' }, text);
    }
  });

  it('never replace a file unasked', async () => {
    const model = await fitCombat(smallCohort());
    const path = folder.write('kept.json', 'mine');
    await assert.rejects(saveModel(model, path), { code: 'file-exists' });
    assert.equal(readFileSync(path, 'utf8'), 'mine');
    await saveModel(model, path, { overwrite: true });
    assert.equal((await loadModel(path)).kind, 'combat');
  });

  it('say what is wrong with a damaged, foreign or newer file', async () => {
    const good = combatModelToJson(await fitCombat(smallCohort(), { preserve: ['age', 'sex'] }));
    const bad: [string, string, string][] = [
      ['truncated', JSON.stringify(good).slice(0, 400), 'JSON'],
      ['list', '[1]', 'JSON object'],
      ['foreign', '{"kind":"cvae"}', '"cvae"'],
      ['newer', JSON.stringify({ ...good, schema: 4 }), 'update concord-mri'],
      ['short', JSON.stringify({ ...good, grandMean: [1, 2] }), 'grandMean'],
      ['text', JSON.stringify({ ...good, pooledSd: Array.from({ length: 8 }, () => '1') }), 'pooledSd'],
      ['site', JSON.stringify({ ...good, sites: [{ name: 'A' }] }), 'adjusts'],
      ['settings', JSON.stringify({ ...good, settings: {} }), 'preserve'],
      ['columns', JSON.stringify({ ...good, covariates: [], terms: [] }), 'columns are age'],
      ['terms', JSON.stringify({ ...good, covariates: [] }), 'terms have "age", which is no covariate'],
      ['covariate', JSON.stringify({ ...good, covariates: [{}] }), 'covariate'],
      ['status', JSON.stringify({ ...good, status: Array.from({ length: 8 }, () => 'fine') }), '"fine"'],
      [
        'twice',
        JSON.stringify({ ...good, features: Array.from({ length: 8 }, () => 'f0') }),
        'features holds a name twice',
      ],
      ['spread', JSON.stringify({ ...good, pooledSd: [null, 1, 1, 1, 1, 1, 1, 1] }), 'pooledSd of f0'],
      [
        'scale',
        JSON.stringify({ ...good, deltaStar: Array.from({ length: 3 }, () => [0, 1, 1, 1, 1, 1, 1, 1]) }),
        'f0 at site "A"',
      ],
    ];
    for (const [name, contents, part] of bad) {
      const path = folder.write(`${name}.json`, contents);
      await assert.rejects(loadModel(path), (error: unknown) => {
        assert.ok(error instanceof ConcordError);
        assert.equal(error.code, 'malformed-model');
        assert.ok(error.message.includes(part), error.message);
        assert.ok(error.message.includes(path), error.message);
        return true;
      });
    }
    await assert.rejects(loadModel(folder.path('nowhere.json')), { code: 'unreadable-file' });
  });

  it('keep arrays by site, to be read by eye', async () => {
    const json: JsonObject = combatModelToJson(await fitCombat(smallCohort()));
    assert.ok(Array.isArray(json['gammaStar']) && json['gammaStar'].length === 3);
    assert.deepEqual(combatModelFromJson(JSON.parse(JSON.stringify(json)) as JsonObject).kind, 'combat');
  });

  it('give back networks, each a folder that others can open', async () => {
    await useBackend('cpu');
    const { cohort } = await simulateSlices({ subjects: 7, slices: 1, size: 16, seed: 1 });
    const model = await fitAutoencoder(cohort, {
      steps: 1,
      width: 4,
      levels: 1,
      codeChannels: 2,
      batchSize: 2,
    });
    const path = folder.path('autoencoder');
    await saveModel(model, path);
    assert.deepEqual(readdirSync(path).sort(), ['model.json', 'weights.safetensors']);
    const loaded = await loadModel(path, 'autoencoder');
    assert.deepEqual(loaded, model);
    const one = await reconstructImages(model, cohort);
    const two = await reconstructImages(loaded, cohort);
    assert.deepEqual(one.images.data, two.images.data);
    const found = await loadModel(path);
    assert.ok(found.kind === 'autoencoder' && found.architecture.width === 4);
    assert.deepEqual(found, model);
    await assert.rejects(saveModel(model, path), { code: 'file-exists' });
    await saveModel(model, path, { overwrite: true });
    await assert.rejects(loadModel(path, 'combat'), /holds "autoencoder", not "combat".*kind: "autoencoder"/);
    await assert.rejects(
      loadModel(join(path, 'model.json'), 'combat'),
      /one file of a network \(load its folder/,
    );
    await assert.rejects(loadModel(folder.path('model0.json'), 'autoencoder'), { code: 'malformed-model' });
    await assert.rejects(loadModel(folder.path('nowhere'), 'autoencoder'), { code: 'unreadable-file' });
    const wider = { ...model, architecture: { ...model.architecture, width: 8 } };
    await assert.rejects(saveModel(wider, folder.path('wider')), /invalid model: architecture: width is 8/);
    await writeNetworkFolder(folder.path('wider'), toStored(wider));
    await assert.rejects(
      loadModel(folder.path('wider'), 'autoencoder'),
      /malformed model: architecture: width is 8, its arrays have 4/,
    );
    const damages: readonly [Partial<AutoencoderModel>, RegExp][] = [
      [
        { architecture: { ...model.architecture, imageShape: [16, 1e9, 1] } },
        /malformed model: architecture/,
      ],
      [{ architecture: { ...model.architecture, levels: 26 } }, /levels is 26, its arrays have 1/],
      [{ architecture: { ...model.architecture, imageShape: [15, 16, 1] } }, /cannot be halved/],
      [{ intensity: { center: 0, spread: 0 } }, /malformed model: intensity/],
      [{ training: {} as AutoencoderModel['training'] }, /malformed model: training/],
      [{ heldOut: [1, {}] as unknown as string[] }, /malformed model: heldOut/],
      [{ weights: withNaN(model.weights) }, /malformed model: the array encoder\.first\.kernel/],
    ];
    for (const [i, [change, message]] of damages.entries()) {
      await writeNetworkFolder(folder.path(`damaged${i}`), toStored({ ...model, ...change }));
      await assert.rejects(loadModel(folder.path(`damaged${i}`), 'autoencoder'), message);
    }
  });
});
