import assert from 'node:assert/strict';
import { extendBasis } from '../../../sdk/math/linear/orthonormal-basis';
import { makeRandom } from '../../../sdk/math/random';

describe('extendBasis', () => {
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  it('is orthonormal to rounding even for nearly dependent columns', () => {
    const random = makeRandom(1);
    const first = Float64Array.from({ length: 50 }, () => random.normal());
    const close = first.map((value) => value + 1e-7 * random.normal());
    const basis = extendBasis([], [first, close]);
    assert.equal(basis.length, 2);
    assert.ok(Math.abs(dot(basis[0].direction, basis[1].direction)) < 1e-14);
    assert.ok(Math.abs(dot(basis[1].direction, basis[1].direction) - 1) < 1e-14);
  });
  it('adds nothing for columns in the span of those before', () => {
    const ones = new Float64Array(6).fill(1);
    const half = Float64Array.of(1, 1, 1, 0, 0, 0);
    const rest = Float64Array.of(0, 0, 0, 1, 1, 1);
    const before = extendBasis([], [ones]);
    assert.equal(extendBasis(before, [half, rest]).length, 1);
    assert.equal(extendBasis(before, [new Float64Array(6)]).length, 0);
  });
  it('tells how much of a column was left: the coefficient of y on x beside the intercept', () => {
    // y = 3 + 2 x exactly.
    const x = Float64Array.of(1, 2, 4, 7);
    const y = x.map((value) => 3 + 2 * value);
    const [vector] = extendBasis(extendBasis([], [new Float64Array(4).fill(1)]), [x]);
    assert.ok(Math.abs(dot(vector.direction, y) / vector.length - 2) < 1e-14);
  });
});
