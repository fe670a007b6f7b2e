import assert from 'node:assert/strict';
import { fuzzyCMeans } from '../../../sdk/math/images/fuzzy-c-means';
import { alike, tissueValues } from '../../support/tissue-values';

describe('fuzzyCMeans', () => {
  const values = tissueValues(4000);
  it('finds the classes of scikit-fuzzy 0.5.0 (skfuzzy.cluster.cmeans, error 1e-10)', () => {
    const found = fuzzyCMeans(values);
    assert.ok(alike(found.centers, [24.46325445813584, 70.28933770021173, 110.72974598096863], 1e-3));
    const memberships = [
      ...[0.8465862289692108, 0.10897100358291241, 0.044442767447877035],
      ...[3.216451628064622e-5, 0.00014826235184738133, 0.999819573131872],
      ...[0.0001114173965692186, 0.9997388448655911, 0.00014973773783980216],
    ];
    assert.ok(alike(found.memberships.subarray(0, 9), memberships, 5e-6));
    assert.ok(found.converged);
  });
  it('does so for another fuzziness', () => {
    const { centers } = fuzzyCMeans(values, { fuzziness: 1.7 });
    assert.ok(alike(centers, [24.485847275633116, 70.29377636113767, 110.72379492417981], 1e-3));
  });
  it('gives every value memberships that sum to 1, and a value at a center its class alone', () => {
    const { memberships, centers } = fuzzyCMeans([0, 0, 0, 5, 5, 5, 9, 9, 9]);
    assert.ok(alike(centers, [0, 5, 9], 1e-9));
    assert.deepEqual([...memberships.subarray(9, 12)], [0, 1, 0]);
    const sums = fuzzyCMeans(values).memberships;
    for (let i = 0; i < sums.length; i += 3)
      assert.ok(Math.abs(sums[i] + sums[i + 1] + sums[i + 2] - 1) < 1e-6);
  });
  it('is repeatable and follows the scale of the values', () => {
    const again = fuzzyCMeans(values.map((value) => 2.7 * value + 3)).centers;
    assert.ok(
      alike(
        again,
        fuzzyCMeans(values).centers.map((center) => 2.7 * center + 3),
        1e-3,
      ),
    );
    assert.deepEqual(fuzzyCMeans(values), fuzzyCMeans(values));
  });
  it('says when it has not converged, and refuses what it cannot do', () => {
    assert.equal(fuzzyCMeans(values, { maxIterations: 2 }).converged, false);
    assert.throws(() => fuzzyCMeans([1, 1, 2, 2]), { code: 'too-little-data' });
    assert.throws(() => fuzzyCMeans([1, 2, Infinity]), { code: 'invalid-number' });
    assert.throws(() => fuzzyCMeans(values, { classes: 1 }), { code: 'invalid-option' });
    assert.throws(() => fuzzyCMeans(values, { fuzziness: 1 }), { code: 'invalid-option' });
    assert.throws(() => fuzzyCMeans(values, { maxIterations: 0 }), { code: 'invalid-option' });
  });
});
