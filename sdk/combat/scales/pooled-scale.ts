import type { CombatSettings } from '../combat-model';
import type { ScaleModel } from './scale-model';

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
      site: (w, site, { center, sd }) => {
        const at = site * block.width + w;
        return {
          location: (estimates.intercepts[at] - center) / sd,
          squares: estimates.squares[at] / (sd * sd),
        };
      },
    }),
  };
}
