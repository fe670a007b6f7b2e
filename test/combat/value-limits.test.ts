import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { beyondLimits, valueLimits } from '../../sdk/combat/value-limits';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

const matrix = (
  columns: Readonly<Record<string, readonly number[]>>,
): ReturnType<typeof makeFeatureMatrix> => {
  const names = Object.keys(columns);
  const rows = columns[names[0]].map((_, row) => `s${row}`);
  return makeFeatureMatrix(
    Float64Array.from(rows.flatMap((_, row) => names.map((name) => columns[name][row]))),
    rows,
    names,
  );
};

/** Correlations of two sites, the second with higher and more scattered ones. */
function connectivity(names: readonly string[], center = 0.9): ReturnType<typeof makeFeatureCohort> {
  const random = makeRandom(3);
  const ids = Array.from({ length: 60 }, (_, i) => `s${i}`);
  const sites = ids.map((_, i) => (i % 2 === 0 ? 'A' : 'B'));
  const values = ids.flatMap((_, row) =>
    names.map((_name, at) => {
      const z = (at === 0 ? -0.1 : Math.atanh(center)) + (row % 2 === 0 ? 0.2 : 0.4) * random.normal();
      return Math.tanh(row % 2 === 0 ? z : z - 1);
    }),
  );
  return makeFeatureCohort(
    makeParticipants(ids, sites, []),
    makeFeatureMatrix(Float64Array.from(values), ids, names),
  );
}

describe('limits of values', () => {
  it('are those of percentages and fractions by their names, where values before keep them', () => {
    const { columns, limits } = valueLimits(
      matrix({
        FA_ACR: [0.4, 0.5],
        'GM %': [40, 50],
        volume: [0.4, 0.5],
        // Not what its name says.
        'lh.fa': [400, 500],
        original_shape_Sphericity: [0.5, 0.6],
        MD_ACR: [0.9, 0.8],
      }),
    );
    assert.deepEqual(
      [columns, limits],
      [
        [0, 1, 4],
        [1, 100, 1],
      ],
    );
  });

  it('are those of correlations of all features where no value is beyond, on both sides of 0', () => {
    assert.deepEqual(
      valueLimits(matrix({ a: [-0.2, 0.3], b: [0.9, NaN], c: [0.1, 0.2] })).columns,
      [0, 1, 2],
    );
    assert.deepEqual(valueLimits(matrix({ a: [-0.2, 0.3], b: [1.1, 0.2], c: [0.1, 0.2] })).columns, []);
    // Diffusivities in μm²/ms, or small volumes.
    assert.deepEqual(valueLimits(matrix({ a: [0.2, 0.3], b: [0.9, 0.2], c: [0.1, 0.2] })).columns, []);
  });

  it('count what is beyond them, by limit', () => {
    const limits = valueLimits(matrix({ FA_a: [0.4, 0.5], FA_b: [0.4, 0.5], 'GM %': [40, 50] }));
    const after = Float64Array.from([1.1, 1, 101, 0.5, 1.2, 99]);
    assert.deepEqual(
      beyondLimits(limits, after, ['FA_a', 'FA_b', 'GM %']).map(({ code, message }) => [code, message]),
      [
        [
          'beyond-limit',
          '2 values of 2 features ("FA_a", "FA_b") are further from 0 than 1 after harmonizing, where none was before: correlations and fractions cannot be',
        ],
        [
          'beyond-limit',
          '1 value of 1 feature ("GM %") is further from 0 than 100 after harmonizing, where none was before: percentages cannot be',
        ],
      ],
    );
  });

  it('are said by ComBat of correlations, and not of their Fisher z', async () => {
    const cohort = connectivity(['V1-V2', 'V1-V3', 'V1-V4', 'V2-V3']);
    const after = await applyCombat(await fitCombat(cohort), cohort);
    const beyond = after.features.values.filter((value) => Math.abs(value) > 1).length;
    assert.ok(beyond > 0);
    const [issue] = after.issues.filter(({ code }) => code === 'beyond-limit');
    assert.ok(issue.message.startsWith(`${beyond} value`), issue.message);
    const z = { ...cohort, features: { ...cohort.features, values: cohort.features.values.map(Math.atanh) } };
    const transformed = await applyCombat(await fitCombat(z), z);
    assert.ok(!transformed.issues.some(({ code }) => code === 'beyond-limit'));
  });
});
