import assert from 'node:assert/strict';
import { findByKernel, findPlainly, searchOf } from '../../../sdk/math/linear/inverse-iteration';
import { makeRandom } from '../../../sdk/math/random';

describe('inverse iteration', () => {
  it('gives the same bits in WebAssembly as in plain JavaScript, of neighbors too, which are found together', () => {
    // Pairs of rows that are coupled weakly: the eigenvalues of each are neighbors, and those of others are not.
    const size = 110;
    const diagonal = Float64Array.from({ length: size }, (_, i) => Math.floor(i / 2) + 1);
    const off = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1e-5 : 0));
    const values = Array.from(diagonal, (value, i) => value + (i % 2 === 0 ? -1e-5 : 1e-5)).reverse();
    const search = searchOf({ diagonal, off }, values);
    assert.deepEqual(
      Array.from(search.firsts),
      values.map((_, k) => k - (k % 2)),
    );
    const random = makeRandom(7);
    const starts = Float64Array.from({ length: size * size }, () => random.normal());
    const [plain, byKernel] = [starts.slice(), starts.slice()];
    findPlainly(search, plain);
    assert.ok(findByKernel(search, byKernel) !== undefined);
    assert.deepEqual(byKernel, plain);
    assert.ok(plain.every((value, at) => Math.abs(value) <= 1 && value !== starts[at]));
  });
});
