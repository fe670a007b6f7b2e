import { joinDoubles } from '../../math/join-arrays';
import { withNumbers } from '../../math/wasm/put-numbers';
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

/** Measures all sites, in WebAssembly where that runs, with the same bits. */
export function measureBySums(estimates: BlockEstimates, units: BlockUnits): MeasuredSites {
  return measureByKernel(estimates, units) ?? measurePlainly(estimates, units);
}

function measureByKernel(
  { counts, intercepts, squares }: BlockEstimates,
  { center, sd }: BlockUnits,
): MeasuredSites | undefined {
  const width = sd.length;
  return withNumbers([counts, intercepts, squares, joinDoubles([center, sd])], 0, (room) => {
    room.run('measureSites', [...room.places, width, counts.length / width], { units: 1 });
    const [, location, left] = room.places;
    return {
      location: room.doubles(location, counts.length).slice(),
      squares: room.doubles(left, counts.length).slice(),
    };
  });
}

/** In plain JavaScript, for small tables. */
export function measurePlainly(
  { intercepts, squares, counts }: BlockEstimates,
  { center, sd }: BlockUnits,
): MeasuredSites {
  const measured = { location: new Float64Array(counts.length), squares: new Float64Array(counts.length) };
  for (let at = 0; at < counts.length; at++) {
    const w = at % sd.length;
    // A site without a value has none of these either.
    const unit = counts[at] === 0 ? NaN : sd[w];
    measured.location[at] = (intercepts[at] - center[w]) / unit;
    measured.squares[at] = squares[at] / (unit * unit);
  }
  return measured;
}
