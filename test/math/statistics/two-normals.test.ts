import assert from 'node:assert/strict';
import { likelierPart, oneNormalLogLikelihood, twoNormals } from '../../../sdk/math/statistics/two-normals';

// The best of ten fits of sklearn.mixture.GaussianMixture(2, tol=1e-14, reg_covar=0): scikit-learn 1.9.1, NumPy 2.4.6. The values
// were drawn once from two normal distributions, 60 about 0 and 40 about 4.

const values = Float64Array.from([
  -0.227, -0.221, 0.11, -1.593, -0.235, -0.854, 0.885, -0.771, 0.577, 1.524, -0.314, -0.602, 0.191, -0.002,
  -0.994, 0.461, 2.016, -0.258, -0.203, -1.045, 0.319, -1.247, -1.107, 1.28, -0.905, 1.081, 1.524, 0.259,
  0.553, 1.952, -0.197, -0.593, -1.353, 0.042, 1.479, 0.96, -0.942, -0.855, -0.504, 0.292, -0.205, 0.214,
  0.297, -0.299, -0.04, 0.207, -0.084, 0.504, 1.871, 0.592, 0.056, -1.686, 0.388, -1.947, -1.409, 0.855,
  0.706, -0.15, -1.71, -0.371, 3.525, 4.446, 5.58, 4.152, 3.454, 3.181, 3.961, 3.876, 3.194, 4.081, 3.194,
  4.778, 4.744, 4.759, 3.668, 4.36, 3.908, 3.728, 3.763, 3.09, 2.989, 4.556, 3.866, 4.151, 4.701, 2.787,
  3.451, 4.123, 4.274, 3.736, 4.72, 4.147, 3.151, 3.348, 4.564, 4.325, 2.671, 4.943, 4.419, 4.94,
]);
const known = {
  weights: [0.5987912877256115, 0.4012087122743884],
  means: [-0.02967361933352843, 3.9718187965030562],
  sds: [0.9375024893514163, 0.6857928709966702],
  logLikelihood: -188.2844532006996,
};

describe('twoNormals', () => {
  it('finds the mixture that scikit-learn finds', () => {
    const found = twoNormals(values);
    assert.ok(found !== undefined);
    assert.ok(Math.abs(found.logLikelihood - known.logLikelihood) <= 1e-10);
    found.parts.forEach(({ weight, mean, sd }, i) => {
      assert.ok(Math.abs(weight - known.weights[i]) <= 1e-6);
      assert.ok(Math.abs(mean - known.means[i]) <= 1e-6);
      assert.ok(Math.abs(sd - known.sds[i]) <= 1e-6);
    });
  });

  it('assigns each value to the likelier part, and none to a missing one', () => {
    const found = twoNormals(values);
    assert.ok(found !== undefined);
    assert.deepEqual(
      [-1, 5, NaN].map((value) => likelierPart(found, value)),
      [0, 1, NaN],
    );
  });

  it('is the same in another unit, and for values in another order', () => {
    const found = twoNormals(values);
    const scaled = twoNormals(values.map((value) => 1000 * value).reverse());
    assert.ok(found !== undefined && scaled !== undefined);
    found.parts.forEach(({ mean, sd }, i) => {
      assert.ok(Math.abs(scaled.parts[i].mean - 1000 * mean) <= 1e-3);
      assert.ok(Math.abs(scaled.parts[i].sd - 1000 * sd) <= 1e-3);
    });
    const gain = (log: number, own: Float64Array): number => log - oneNormalLogLikelihood(own);
    const here = gain(found.logLikelihood, values);
    const there = gain(
      scaled.logLikelihood,
      values.map((value) => 1000 * value),
    );
    assert.ok(Math.abs(here - there) <= 1e-8 && here > 10);
  });

  it('has nothing to say of values that are all equal, or of three', () => {
    assert.equal(twoNormals(new Float64Array(9).fill(3)), undefined);
    assert.equal(twoNormals(Float64Array.from([1, 2, 3])), undefined);
  });
});
