import type { CombatOptions } from '../combat/combat-options';
import { keptCovariates } from '../combat/combat-options';
import type { PreparedCombat } from '../combat/fit-combat';
import { fitDesign, mainEffects } from '../combat/design/covariate-design';
import { separateFromSites } from '../combat/design/confounding';
import { leastSquares } from '../combat/means/least-squares';
import type { BlockEstimates, FeatureBlock, MeanModel } from '../combat/means/mean-model';
import { countSites } from '../combat/means/site-residuals';

/**
 * Makes the function that gives F of site of every feature of a block: the analysis of variance of sites beside the linear effects
 * of the covariates that are kept, as the audit has it, each on the values that it has. `NaN` where it cannot be computed.
 */
export function siteF(
  prepared: PreparedCombat,
  options: CombatOptions,
): (block: FeatureBlock) => Float64Array {
  const { participants } = prepared.used;
  const kept = keptCovariates({
    preserve:
      mainEffects(prepared.design).length === 0 ? [] : prepared.settings.preserve.map((name) => ({ name })),
  });
  const design = fitDesign(participants, kept, options.basis ?? 'p-spline');
  const columns = design.columns.length;
  const modelOf = (codes: Int32Array, names: readonly string[]): MeanModel => {
    const siteSizes = countSites(codes, names.length);
    const whole = { codes, siteCount: names.length, siteSizes, values: design.values, columns };
    return leastSquares(whole, separateFromSites(design, { names, codes }));
  };
  const full = modelOf(prepared.sites.codes, prepared.sites.names);
  const without = modelOf(new Int32Array(participants.ids.length), ['all']);
  return (block) => {
    const one = sums(full.fit(block), block.width);
    const other = sums(without.fit(block), block.width);
    return Float64Array.from(one.squares, (residual, w) => {
      const among = one.sites[w] - 1;
      const left = one.values[w] - one.sites[w] - columns;
      if (among < 1 || left < 1 || !(residual > 0)) return NaN;
      return Math.max(0, (other.squares[w] - residual) / among / (residual / left));
    });
  };
}

/** Of each feature of a block: squared residuals, values, and sites that have some. */
function sums(
  { squares, counts, failed }: BlockEstimates,
  width: number,
): Readonly<Record<'squares' | 'values' | 'sites', Float64Array>> {
  const all = {
    squares: new Float64Array(width),
    values: new Float64Array(width),
    sites: new Float64Array(width),
  };
  for (let at = 0; at < counts.length; at++) {
    const w = at % width;
    if (failed[w] === 1) all.squares[w] = NaN;
    if (counts[at] === 0) continue;
    all.squares[w] += squares[at];
    all.values[w] += counts[at];
    all.sites[w]++;
  }
  return all;
}
