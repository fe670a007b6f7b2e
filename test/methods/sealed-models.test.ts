import assert from 'node:assert/strict';
import { readFileSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { intensityHarmonizer } from '../../sdk/baselines/intensity-harmonizer';
import { siteScaling } from '../../sdk/baselines/site-scaling';
import { combatModelToJson } from '../../sdk/combat/combat-model-json';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { ConcordError } from '../../sdk/errors';
import { intensityModelToJson } from '../../sdk/intensity/intensity-model-json';
import type { HistogramMatchingModel } from '../../sdk/intensity/histogram-matching-model';
import type { NyulModel } from '../../sdk/intensity/nyul-model';
import { loadTable } from '../../sdk/io/tables/load-table';
import { makeRandom } from '../../sdk/math/random';
import type { Model } from '../../sdk/methods/save-model';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import { gainedScans } from '../support/gained-scans';
import { concord } from '../support/run-command';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';

const region = { region: 'mask', outside: 'auto' } as const;
const nyul: NyulModel = {
  kind: 'nyul',
  percentiles: [1, 50, 99],
  standard: [0, 100 / 3, 100],
  scans: 4,
  region,
  issues: [],
};
const matching: HistogramMatchingModel = {
  kind: 'histogram-matching',
  quantiles: [0, 1 / 7, 2.5, 9],
  scans: 2,
  region,
  issues: [],
};

/** A model whose numbers are too many for text: that of a few features, their columns repeated. */
function widened(model: CombatModel, times: number): CombatModel {
  const width = model.features.length;
  const repeat = (values: Float64Array): Float64Array => {
    const wide = new Float64Array(values.length * times);
    for (let row = 0; row < values.length / width; row++) {
      for (let copy = 0; copy < times; copy++) {
        wide.set(values.subarray(row * width, (row + 1) * width), (row * times + copy) * width);
      }
    }
    return wide;
  };
  const copies = Array.from({ length: times }, (_, copy) => copy);
  return {
    ...model,
    features: copies.flatMap((copy) => model.features.map((name) => `${name}.${copy}`)),
    status: copies.flatMap(() => model.status),
    grandMean: repeat(model.grandMean),
    pooledSd: repeat(model.pooledSd),
    coefficients: repeat(model.coefficients),
    gammaHat: repeat(model.gammaHat),
    deltaHat: repeat(model.deltaHat),
    gammaStar: repeat(model.gammaStar),
    deltaStar: repeat(model.deltaStar),
  };
}

describe('sealed models', () => {
  const folder = temporaryFolder();

  it('are refused after any change of one digit, or hold the same values', async () => {
    const models: Model[] = [
      await fitCombat(smallCohort(), { preserve: ['age', 'sex'] }),
      nyul,
      matching,
      await siteScaling().fit(smallCohort()),
      await intensityHarmonizer('percentile', { kind: 'volumes' }).fit(gainedScans()),
    ];
    const random = makeRandom(14);
    for (const model of models) {
      const path = folder.path(`${model.kind}.json`);
      await saveModel(model, path);
      const whole = readFileSync(path, 'utf8');
      const right: unknown = await loadModel(path, model.kind);
      assert.deepEqual(right, model);
      const digits = [...whole.matchAll(/\d/g)].map(({ index }) => index);
      for (let change = 0; change < 150; change++) {
        const at = digits[random.integer(digits.length)];
        const digit = String((Number(whole[at]) + 1 + random.integer(9)) % 10);
        writeFileSync(path, `${whole.slice(0, at)}${digit}${whole.slice(at + 1)}`);
        const found: unknown = await loadModel(path, model.kind).catch((error: unknown) => {
          assert.ok(error instanceof ConcordError && error.code === 'malformed-model', String(error));
          return right;
        });
        // The last digits of a number may be more than a double keeps.
        assert.deepEqual(found, right, `byte ${at} of ${model.kind}`);
      }
    }
  });

  it('are refused after a change of their names or their seal', async () => {
    const path = folder.path('named.json');
    await saveModel(nyul, path);
    const whole = readFileSync(path, 'utf8');
    for (const [from, to] of [
      ['"format"', '"format2"'],
      ['concord-model', 'concord-modal'],
      ['"sha256"', '"sha255"'],
      ['"standard"', '"Standard"'],
      ['"issues": []', '"issues": [{}]'],
    ]) {
      assert.ok(whole.includes(from), from);
      writeFileSync(path, whole.replace(from, to));
      await assert.rejects(loadModel(path, 'nyul'), { code: 'malformed-model' }, from);
    }
    writeFileSync(path, whole.replace('"formatVersion": 1', '"formatVersion": 2'));
    await assert.rejects(loadModel(path, 'nyul'), /made by a newer concord.*update concord-mri/);
  });

  it('of earlier versions, which had no seal, load with a warning', async () => {
    const model = await fitCombat(smallCohort(), { preserve: ['age'] });
    const files: [Model, string][] = [
      [model, JSON.stringify(combatModelToJson(model))],
      [nyul, JSON.stringify(intensityModelToJson(nyul))],
      [matching, JSON.stringify(intensityModelToJson(matching))],
    ];
    for (const [expected, text] of files) {
      const loaded = await loadModel(folder.write('old.json', text), expected.kind);
      const [warning, ...others] = loaded.issues;
      assert.deepEqual(
        [warning.code, warning.severity, warning.where.file],
        ['unsealed-model', 'warning', 'old.json'],
      );
      assert.deepEqual({ ...loaded, issues: others }, expected);
    }
  });

  it('of earlier versions serve on the command line, which says so', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => {
      const values = [0, 1, 2].map((k) => 2 + k + Math.sin(5 * row + k) / 4);
      return [`s${row}`, 'AB'[row % 2], ...values].join(',');
    });
    const table = folder.write('table.csv', ['id,site,f0,f1,f2', ...rows].join('\n'));
    const model = combatModelToJson(await fitCombat(await loadTable(table)));
    const old = folder.write('old.json', JSON.stringify(model));
    const run = await concord('apply', old, table, '--out', folder.path('applied'));
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /warning: old\.json has no seal/);
    const digit = JSON.stringify({ ...model, sha256: '0'.repeat(64) });
    const broken = folder.write('broken.json', digit);
    const refused = await concord('apply', broken, table, '--out', folder.path('refused'));
    assert.deepEqual([refused.status, refused.out], [1, '']);
    assert.match(refused.err, /^concord: malformed model: .*broken\.json/);
  });

  it('of many numbers have these in a file beside them, which belongs to them', async () => {
    const model = widened(await fitCombat(smallCohort(), { preserve: ['age', 'sex'] }), 2500);
    const path = folder.path('wide.json');
    const files = (): string[] => readdirSync(folder.path('.')).filter((name) => name.includes('wide'));
    await saveModel(model, path);
    const [arrays] = files().filter((name) => /^wide\.[0-9a-f]{16}\.safetensors$/.test(name));
    assert.deepEqual(files(), [arrays, 'wide.json'].sort());
    assert.deepEqual(await loadModel(path), model);
    await assert.rejects(saveModel(model, path), { code: 'file-exists' });
    assert.equal(files().length, 2);

    const bytes = readFileSync(folder.path(arrays));
    const changed = Uint8Array.from(bytes);
    changed[bytes.length - 100] ^= 1;
    writeFileSync(folder.path(arrays), changed);
    await assert.rejects(loadModel(path), /its SHA-256 differs/);
    unlinkSync(folder.path(arrays));
    await assert.rejects(loadModel(path), /it is missing \(copy both: wide\.json and wide\./);
    writeFileSync(folder.path(arrays), bytes.subarray(0, 1000));
    await assert.rejects(loadModel(path), /it has 1000 bytes/);

    // What replaces it leaves nothing of it.
    await saveModel({ ...model, grandMean: model.grandMean.map((value) => value + 1) }, path, {
      overwrite: true,
    });
    assert.equal(files().length, 2);
    assert.ok(!files().includes(arrays));
    await saveModel(nyul, path, { overwrite: true });
    assert.deepEqual(files(), ['wide.json']);
  });

  it('are only written when they can be read', async () => {
    const model = await fitCombat(smallCohort());
    const strange: [unknown, RegExp][] = [
      [
        { kind: 'stargan' },
        /its kind is "stargan" \(models of these kinds can be saved: combat, .*nyul, histogram-matching, /,
      ],
      [undefined, /invalid first argument: undefined/],
      [{}, /it has no kind/],
      [{ kind: 'murd' }, /invalid model for saveModel: /],
      [{ ...model, status: [] }, /status has 0 entries/],
      [{ ...model, gammaStar: undefined }, /invalid model: /],
      [{ ...model, pooledSd: model.pooledSd.map(() => NaN) }, /pooledSd of f0/],
      [{ ...nyul, standard: [3, 2, 1] }, /standard/],
      [{ ...nyul, issues: [{ code: 'gone' }] }, /issues/],
    ];
    for (const [value, says] of strange) {
      const path = folder.path('strange.json');
      await assert.rejects(saveModel(value as Model, path), (error: unknown) => {
        assert.ok(error instanceof ConcordError && error.code === 'invalid-option', String(error));
        assert.match(error.message, says);
        return true;
      });
      assert.ok(!readdirSync(folder.path('.')).includes('strange.json'));
    }
  });

  it('hold issues and steps of the kinds there are, and nothing else', async () => {
    const good = combatModelToJson(await fitCombat(smallCohort()));
    const issue = { code: 'small-site', severity: 'info', message: 'm', where: {}, suggestion: 's' };
    const bad: unknown[] = [
      { issues: [{ ...issue, severity: '<img src=x onerror=alert(1)>' }] },
      { issues: [{ ...issue, code: 'no-such-code' }] },
      { issues: [{ ...issue, message: 3 }] },
      { issues: [{ ...issue, where: { file: {} } }] },
      { issues: [{ ...issue, where: { '<b>': 'x' } }] },
      { provenance: [{ step: 'a', options: [], version: '1' }] },
      { provenance: [{ step: {}, options: {}, version: '1' }] },
    ];
    for (const change of bad) {
      const path = folder.write('bad.json', JSON.stringify({ ...good, ...(change as object) }));
      await assert.rejects(loadModel(path), { code: 'malformed-model' }, JSON.stringify(change));
    }
    const path = folder.write('fine.json', JSON.stringify({ ...good, issues: [issue] }));
    assert.equal((await loadModel(path)).issues.length, 2);
  });
});
