import { withNumbers } from '../../math/wasm/put-numbers';
import type { BlockEstimates, MeanDesign } from '../means/mean-model';

/** What the sites have together of each feature of a block. */
export interface PooledBlock {
  /** How many values, and the squares of their residuals; those of the reference site alone, where there is one. */
  readonly present: Float64Array;
  readonly squares: Float64Array;
  /** How many values there are in all, and the squares of all residuals. */
  readonly values: Float64Array;
  readonly everywhere: Float64Array;
  /** Intercepts, weighted by all subjects of a site, and the sum of the weights. */
  readonly weighted: Float64Array;
  readonly weight: Float64Array;
  /** The largest intercept. */
  readonly size: Float64Array;
}

/** What of a design the sites are pooled by. */
type PooledSites = Pick<MeanDesign, 'siteCount' | 'siteSizes'>;

/**
 * Adds up what the sites have, in WebAssembly where that runs, with the same bits.
 *
 * @param width - how many features the block has
 * @param about.reference - the index of the reference site, or −1
 */
export function poolSites(
  estimates: BlockEstimates,
  width: number,
  about: { readonly design: PooledSites; readonly reference: number },
): PooledBlock {
  return poolByKernel(estimates, width, about) ?? poolPlainly(estimates, width, about);
}

function poolByKernel(
  { counts, intercepts, squares }: BlockEstimates,
  width: number,
  {
    design: { siteCount, siteSizes },
    reference,
  }: { readonly design: PooledSites; readonly reference: number },
): PooledBlock | undefined {
  return withNumbers([counts, intercepts, squares, siteSizes], 7 * width, (room) => {
    const pooled = room.take(8 * 7 * width);
    room.run('poolSites', [...room.places, reference, pooled, width, siteCount], { units: 1 });
    const rows = room.doubles(pooled, 7 * width).slice();
    const row = (k: number): Float64Array => rows.subarray(k * width, (k + 1) * width);
    return {
      present: row(0),
      squares: row(1),
      values: row(2),
      everywhere: row(3),
      weighted: row(4),
      weight: row(5),
      size: row(6),
    };
  });
}

/** In plain JavaScript, for small tables. */
export function poolPlainly(
  estimates: BlockEstimates,
  width: number,
  {
    design: { siteCount, siteSizes },
    reference,
  }: { readonly design: PooledSites; readonly reference: number },
): PooledBlock {
  const zeros = (): Float64Array => new Float64Array(width);
  const pooled: PooledBlock = {
    present: zeros(),
    squares: zeros(),
    values: zeros(),
    everywhere: zeros(),
    weighted: zeros(),
    weight: zeros(),
    size: zeros(),
  };
  for (let site = 0; site < siteCount; site++) {
    addSite(pooled, estimates, { first: site * width, size: siteSizes[site] });
    if (reference === -1 || reference === site) addPresent(pooled, estimates, site * width);
  }
  return pooled;
}

/** Adds a site to what all sites have. */
function addSite(
  { weighted, weight, size: largest, values, everywhere }: PooledBlock,
  { counts, intercepts, squares }: BlockEstimates,
  { first, size }: { readonly first: number; readonly size: number },
): void {
  for (let w = 0, at = first; w < weight.length; w++, at++) {
    if (counts[at] === 0) continue;
    const intercept = intercepts[at];
    weighted[w] += size * intercept;
    weight[w] += size;
    // What is not a number stays one.
    if (!(Math.abs(intercept) <= largest[w])) largest[w] = Math.abs(intercept);
    values[w] += counts[at];
    everywhere[w] += squares[at];
  }
}

function addPresent(
  { present, squares: sums }: PooledBlock,
  { counts, squares }: BlockEstimates,
  first: number,
): void {
  for (let w = 0, at = first; w < present.length; w++, at++) {
    if (counts[at] === 0) continue;
    present[w] += counts[at];
    sums[w] += squares[at];
  }
}
