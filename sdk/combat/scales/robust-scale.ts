import type { CombatSettings } from '../combat-model';
import type { MeanDesign } from '../means/mean-model';
import { residualsOf } from '../means/site-residuals';
import { medianAndMidvariance } from './location-scale';
import type { ScaleModel } from './scale-model';
import { measureByFeature } from './scale-model';

/**
 * σ̂ is the root of the biweight midvariance of the residuals, with divisor n as in ComBatFamily, and sites are measured by
 * medians and midvariances too. These need the values themselves.
 *
 * @param reference - the index of the site whose residuals alone count, or −1
 */
export function robustScale(
  design: MeanDesign,
  reference: number,
  { varianceDivisor }: Pick<CombatSettings, 'varianceDivisor'>,
): ScaleModel {
  const { codes } = design;
  return {
    columns: 0,
    keepsValues: true,
    fit: (block, estimates) => {
      // One feature is measured and then left, so that memory does not grow with the block.
      let held: { readonly w: number; readonly residuals: Float64Array } | undefined;
      const residuals = (w: number): Float64Array => {
        if (held?.w !== w) held = { w, residuals: residualsOf(block, w, { design, fit: estimates }) };
        return held.residuals;
      };
      return {
        estimates,
        slopes: new Float64Array(0),
        endless: new Uint8Array(block.width),
        spread: (w) => {
          const own = residuals(w).filter(
            (value, row) => value === value && (reference === -1 || codes[row] === reference),
          );
          const { squares } = medianAndMidvariance(own);
          const sd = Math.sqrt(squares / (varianceDivisor === 'n' ? own.length : own.length - 1));
          // Where more than half of the values are alike it is 0, whatever the others are.
          return { sd };
        },
        sites: (units) =>
          measureByFeature(estimates.counts, units, (w, site, { center, sd }) => {
            const base = estimates.intercepts[site * block.width + w] - center;
            const rests = residuals(w).filter((value, row) => value === value && codes[row] === site);
            const values = rests.map((rest) => (base + rest) / sd);
            return { ...medianAndMidvariance(values), values };
          }),
      };
    },
  };
}
