import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { loadModel, saveModel } from '../../sdk/methods/save-model';
import { fixtureCohort } from '../support/combat-fixture';
import { temporaryFolder } from '../support/temporary-folder';

// fixtures/combat/model-of-schema-1.json was saved by commit 698f9ba, before there were smooths and medians.

describe('a ComBat model stored in layout 1', () => {
  const path = resolve(__dirname, '../../fixtures/combat/model-of-schema-1.json');
  const folder = temporaryFolder();

  it('loads sealed, has no smooths, and harmonizes to the same bits as the same fit today', async () => {
    const cohort = fixtureCohort({ missingCells: true });
    const old = await loadModel(path, 'combat');
    const today = await fitCombat(cohort, { preserve: ['age', { name: 'sex', reference: 'F' }] });
    assert.equal(
      old.issues.some(({ code }) => code === 'unsealed-model'),
      false,
    );
    assert.deepEqual([old.schema, old.smooths, old.settings.robust], [3, [], false]);
    const { provenance, ...rest } = today;
    assert.deepEqual({ ...old, provenance }, { ...rest, provenance });
    assert.deepEqual(
      (await applyCombat(old, cohort)).features.values,
      (await applyCombat(today, cohort)).features.values,
    );
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
