import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import { fixtureCohort } from '../support/combat-fixture';
import { temporaryFolder } from '../support/temporary-folder';

// fixtures/combat/model-of-schema-1.json was saved by commit 698f9ba, before there were smooths and medians.

/** Asserts that all numbers of two values are within 1e-13 of each other, and all else is the same. */
function assertNear(actual: unknown, expected: unknown): void {
  if (typeof expected === 'number' && typeof actual === 'number' && Number.isFinite(expected)) {
    assert.ok(
      Math.abs(actual - expected) <= 1e-13 * Math.max(1, Math.abs(expected)),
      `${actual}, ${expected}`,
    );
  } else if (typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(actual as object).sort(), Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) {
      assertNear((actual as Readonly<Record<string, unknown>>)[key], value);
    }
  } else assert.deepEqual(actual, expected);
}

function isComplete({ features: { values, features } }: FeatureCohort, w: number): boolean {
  return values.every((value, at) => at % features.length !== w || !Number.isNaN(value));
}

describe('a ComBat model stored in layout 1', () => {
  const path = resolve(__dirname, '../../fixtures/combat/model-of-schema-1.json');
  const folder = temporaryFolder();

  it('loads sealed, has no smooths, and harmonizes as the same fit today: features with all cells to the same bits', async () => {
    const cohort = fixtureCohort({ missingCells: true });
    const old = await loadModel(path, 'combat');
    const today = await fitCombat(cohort, { preserve: ['age', { name: 'sex', reference: 'F' }] });
    assert.equal(
      old.issues.some(({ code }) => code === 'unsealed-model'),
      false,
    );
    assert.deepEqual([old.schema, old.smooths, old.settings.robust], [3, [], false]);
    // Features with missing cells are fitted in another way today, which rounds differently.
    assertNear({ ...old, provenance: [] }, { ...today, provenance: [] });
    const complete = today.features.flatMap((_, w) => (isComplete(cohort, w) ? [w] : []));
    assert.ok(complete.length > 0 && complete.length < today.features.length);
    for (const name of ['grandMean', 'pooledSd', 'coefficients', 'gammaHat', 'deltaHat'] as const) {
      const width = today.features.length;
      const same = (model: CombatModel): Float64Array =>
        model[name].filter((_, at) => complete.includes(at % width));
      assert.deepEqual(same(old), same(today));
    }
    const harmonized = async (model: CombatModel): Promise<Float64Array> =>
      (await applyCombat(model, cohort)).features.values;
    assertNear(await harmonized(old), await harmonized(today));
  });

  it('is saved in the layout of today', async () => {
    const old = await loadModel(path, 'combat');
    await saveModel(old, folder.path('again.json'));
    assert.deepEqual(await loadModel(folder.path('again.json'), 'combat'), old);
  });
});

// fixtures/combat/model-of-schema-2.json was saved by commit 948c4b4, before there were interactions and covariates of scale.

describe('a ComBat model stored in layout 2', () => {
  it('loads sealed, has main effects, and harmonizes to the same bits as the same fit today', async () => {
    const cohort = fixtureCohort({ missingCells: true });
    const old = await loadModel(resolve(__dirname, '../../fixtures/combat/model-of-schema-2.json'), 'combat');
    const { provenance, ...today } = await fitCombat(cohort, {
      preserve: [{ name: 'sex', reference: 'F' }],
      smooth: ['age'],
      smoothing: 'gcv',
    });
    assert.deepEqual([old.schema, old.terms, old.scaleTerms], [3, [['sex']], []]);
    assert.deepEqual({ ...old, provenance }, { ...today, provenance });
    assert.deepEqual(
      (await applyCombat(old, cohort)).features.values,
      (await applyCombat({ ...today, provenance }, cohort)).features.values,
    );
  });
});
