import assert from 'node:assert/strict';
import { bSplineAxis } from '../../../sdk/math/images/b-spline-axis';

describe('bSplineAxis', () => {
  it('evaluates a spline as scipy does', () => {
    // scipy 1.17.1: BSpline(arange(-3, 7), sin(1.3 * arange(6)), 3)(linspace(0, 3, 8))
    const expected = [
      ...[0.7282890189150393, 0.7177272044170365, 0.49955947349184027, 0.1297569521753723],
      ...[-0.2857122224489995, -0.6093410296387517, -0.746119996411307, -0.6677441323294617],
    ];
    const { first, weights } = bSplineAxis(8, 3);
    expected.forEach((value, point) => {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += weights[4 * point + k] * Math.sin(1.3 * (first[point] + k));
      assert.ok(Math.abs(sum - value) < 1e-14, `at ${point}: ${sum}`);
    });
  });

  it('has weights that add up to one, at every point of any axis', () => {
    for (const [count, mesh] of [
      [1, 1],
      [2, 4],
      [17, 5],
      [64, 8],
    ]) {
      const { first, weights } = bSplineAxis(count, mesh);
      for (let point = 0; point < count; point++) {
        const sum = weights.subarray(4 * point, 4 * point + 4).reduce((total, weight) => total + weight);
        assert.ok(Math.abs(sum - 1) < 1e-15);
        assert.ok(first[point] >= 0 && first[point] + 3 < mesh + 3);
      }
    }
  });
});
