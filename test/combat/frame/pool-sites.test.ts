import assert from 'node:assert/strict';
import { poolPlainly, poolSites } from '../../../sdk/combat/frame/pool-sites';
import type { BlockEstimates } from '../../../sdk/combat/means/mean-model';
import { measureBySums, measurePlainly } from '../../../sdk/combat/scales/pooled-scale';
import { kernelsStarted, withFloat64Kernels } from '../../../sdk/math/wasm/float64-kernels';
import { makeRandom } from '../../../sdk/math/random';

const width = 33;
const siteCount = 5;

/** What a regression left of a block: a site without a value here and there, and a feature that could not be fitted. */
function someEstimates(): BlockEstimates {
  const random = makeRandom(4);
  const cells = (value: () => number): Float64Array =>
    Float64Array.from({ length: siteCount * width }, value);
  const counts = cells(() => 4 + Math.floor(9 * random.uniform()));
  const intercepts = cells(() => 3 * random.normal());
  const squares = cells(() => 10 * random.uniform());
  counts[width + 3] = 0;
  intercepts[width + 3] = NaN;
  for (let site = 0; site < siteCount; site++) intercepts[site * width + 20] = NaN;
  const none = new Float64Array(0);
  return {
    ...{ intercepts, squares, counts, coefficients: none, penalties: none, freedom: none },
    failed: new Uint8Array(width),
  };
}

describe('what sites have together', () => {
  const estimates = someEstimates();
  before(() => {
    withFloat64Kernels({ bytes: 64, scratchBytes: 0, work: 0 }, () => ({}));
    assert.ok(kernelsStarted());
  });

  it('is added up to the same bits in WebAssembly as in plain JavaScript, with a reference site or without', () => {
    const design = { siteCount, siteSizes: Float64Array.of(14, 13, 15, 12, 14) };
    for (const reference of [-1, 2]) {
      const plain = poolPlainly(estimates, width, { design, reference });
      assert.deepEqual(poolSites(estimates, width, { design, reference }), plain);
      assert.ok(Number.isNaN(plain.size[20]) && plain.values[3] < plain.values.length * 14);
    }
  });

  it('and each of them in units of σ, the same', () => {
    const random = makeRandom(5);
    const units = {
      center: Float64Array.from({ length: width }, () => random.normal()),
      sd: Float64Array.from({ length: width }, (_, w) => (w === 8 ? NaN : 0.5 + random.uniform())),
    };
    const plain = measurePlainly(estimates, units);
    assert.deepEqual(measureBySums(estimates, units), plain);
    assert.ok(Number.isNaN(plain.location[width + 3]) && Number.isNaN(plain.squares[8]));
  });
});
