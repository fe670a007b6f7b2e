import type { CombatSettings } from '../combat-model';
import type { BlockEstimates } from '../means/mean-model';
import type { BlockUnits, MeasuredSites, ScaleModel } from './scale-model';

/**
 * σ̂ is the root of the mean squared residual: the scale model of ComBat. Residuals of least squares sum to zero within a site, so
 * that its intercept and their squares are all that is needed.
 */
export function pooledScale({ varianceDivisor }: Pick<CombatSettings, 'varianceDivisor'>): ScaleModel {
  return {
    columns: 0,
    keepsValues: false,
    fit: (block, estimates) => ({
      estimates,
      slopes: new Float64Array(0),
      endless: new Uint8Array(block.width),
      spread: (_, { squares, present }) => ({
        sd: Math.sqrt(squares / (varianceDivisor === 'n' ? present : present - 1)),
      }),
      sites: (units) => measureBySums(estimates, units),
    }),
  };
}

function measureBySums({ intercepts, squares, counts }: BlockEstimates, units: BlockUnits): MeasuredSites {
  const measured = { location: new Float64Array(counts.length), squares: new Float64Array(counts.length) };
  for (let first = 0; first < counts.length; first += units.sd.length)
    measureSite(measured, { intercepts, squares, counts }, { ...units, first });
  return measured;
}

/** One site: a call for each, since V8 makes a function fast between its calls. */
function measureSite(
  measured: MeasuredSites,
  { intercepts, squares, counts }: Pick<BlockEstimates, 'intercepts' | 'squares' | 'counts'>,
  { center, sd, first }: BlockUnits & { readonly first: number },
): void {
  for (let w = 0, at = first; w < sd.length; w++, at++) {
    // A site without a value has none of these either.
    const unit = counts[at] === 0 ? NaN : sd[w];
    measured.location[at] = (intercepts[at] - center[w]) / unit;
    measured.squares[at] = squares[at] / (unit * unit);
  }
}
