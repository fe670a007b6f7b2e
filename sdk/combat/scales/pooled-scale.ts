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
        squares,
      }),
      sites: (units) => measureBySums(estimates, units),
    }),
  };
}

function measureBySums(
  { intercepts, squares, counts }: BlockEstimates,
  { center, sd }: BlockUnits,
): MeasuredSites {
  const width = sd.length;
  const measured = { location: new Float64Array(counts.length), squares: new Float64Array(counts.length) };
  for (let first = 0; first < counts.length; first += width) {
    for (let w = 0; w < width; w++) {
      const at = first + w;
      // A site without a value has none of these either.
      const unit = counts[at] === 0 ? NaN : sd[w];
      measured.location[at] = (intercepts[at] - center[w]) / unit;
      measured.squares[at] = squares[at] / (unit * unit);
    }
  }
  return measured;
}
