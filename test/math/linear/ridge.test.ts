import assert from 'node:assert/strict';
import { ridgeSolver } from '../../../sdk/math/linear/ridge';
import { makeRandom } from '../../../sdk/math/random';

/** A table and an outcome that Python makes from whole numbers just the same. */
function example(rows: number, columns: number): { x: Float64Array; outcome: Float64Array } {
  const x = new Float64Array(rows * columns);
  const means = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      x[i * columns + k] = ((i * 7919 + k * 104729 + i * k * 31 + i * i * 17) % 1000) / 100;
      means[k] += x[i * columns + k] / rows;
    }
  }
  const centered = x.map((value, at) => value - means[at % columns]);
  const outcome = Float64Array.from(
    { length: rows },
    (_, i) => 2 * centered[i * columns] - centered[i * columns + 1] + ((i * 611) % 97) / 20,
  );
  return { x: centered, outcome };
}

// From the definition, by mpmath 1.4.1 to 40 digits: the hat matrix of every penalty of the grid, (XXᵀ + λI)⁻¹ outright.
const EXPECTED = [
  {
    rows: 30,
    columns: 4,
    penalty: 1.9132763641321258,
    weights: [2.0243789835587016, -0.8734474921247392, 0.11882465152974041, 0.03216418615497674],
    intercept: 2.4333333333333333,
  },
  {
    rows: 8,
    columns: 20,
    penalty: 0.0002983866048310478,
    weights: [1.0239608307818236, -0.0852189422265432, -0.04396734409393715, -0.08431914810679455],
    intercept: 2.04375,
  },
] as const;

describe('ridgeSolver', () => {
  for (const { rows, columns, penalty, weights, intercept } of EXPECTED) {
    it(`finds penalty and weights of the definition for ${rows} items and ${columns} predictors`, () => {
      const { x, outcome } = example(rows, columns);
      const ridge = ridgeSolver(x, columns).fit(outcome);
      assert.ok(Math.abs(ridge.penalty / penalty - 1) < 1e-9, `penalty ${ridge.penalty}`);
      assert.ok(Math.abs(ridge.intercept - intercept) < 1e-12);
      weights.forEach((weight, k) => assert.ok(Math.abs(ridge.weights[k] - weight) < 1e-9, `weight ${k}`));
    });
  }
  it('shrinks hard when there is nothing to learn', () => {
    const random = makeRandom(8);
    const noise = Float64Array.from({ length: 100 * 10 }, () => random.normal());
    const means = Float64Array.from({ length: 10 }, (_, k) =>
      noise.reduce((sum, value, at) => sum + (at % 10 === k ? value / 100 : 0), 0),
    );
    const x = noise.map((value, at) => value - means[at % 10]);
    const outcome = Float64Array.from({ length: 100 }, () => random.normal());
    const ridge = ridgeSolver(x, 10).fit(outcome);
    assert.ok(ridge.weights.every((weight) => Math.abs(weight) < 0.15));
  });
});
