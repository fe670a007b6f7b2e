import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyNestedCombat } from '../../sdk/combat/batches/apply-nested-combat';
import { fitNestedCombat } from '../../sdk/combat/batches/fit-nested-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { loadTable } from '../../sdk/io/tables/load-table';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

// OPNested ComBat (hannah-horng/opnested-combat c7313c7 with neuroCombat 0.2.12, scipy < 1.15) on a simulated table: see the README
// of family-oracles/nested in the shared data. neuroCombat works in single precision. Differences are in standard deviations.

describe('nested ComBat against OPNested ComBat', () => {
  const folder = sharedData('family-oracles') ?? '';
  let cohort: FeatureCohort;
  before(async function () {
    if (folder === '') skipWithout(this, 'real data');
    cohort = await loadTable(join(folder, 'inputs/nested160x20.csv'), {
      id: 'id',
      site: 'vendor',
      covariates: [
        { name: 'kernel', kind: 'categorical' },
        { name: 'field', kind: 'categorical' },
        { name: 'age', kind: 'continuous' },
        { name: 'male', kind: 'continuous' },
      ],
    });
  });

  const lines = (file: string): string[][] =>
    readFileSync(join(folder, 'nested', file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));

  it('finds its order, with its count of differing pairs for every order, and its values', async () => {
    const model = await fitNestedCombat(cohort, {
      batches: ['vendor', 'kernel', 'field'],
      preserve: ['age', 'male'],
    });
    const [, ...counts] = lines('nested160x20_order_counts.csv');
    assert.deepEqual(
      model.tried,
      counts.map(([order, after]) => ({ order: order.split('>'), differing: Number(after) })),
    );
    const raw = model.differing.reduce((sum, { before: own }) => sum + own, 0);
    assert.equal(raw, Number(counts[0][2]));
    const { features } = await applyNestedCombat(model, cohort);
    const [header, ...rows] = lines('nested160x20_OPNested_harmonized.csv');
    assert.deepEqual(header.slice(1), features.features);
    const width = features.features.length;
    let most = 0;
    for (let w = 0; w < width; w++) {
      const own = rows.map((_, row) => cohort.features.values[row * width + w]);
      const middle = own.reduce((sum, value) => sum + value, 0) / own.length;
      const sd = Math.sqrt(own.reduce((sum, value) => sum + (value - middle) ** 2, 0) / own.length);
      rows.forEach((row, at) => {
        most = Math.max(most, Math.abs(features.values[at * width + w] - Number(row[w + 1])) / sd);
      });
    }
    assert.ok(most <= 3e-6, `${most}`);
  });
});
