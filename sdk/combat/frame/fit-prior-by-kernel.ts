import { withNumbers } from '../../math/wasm/put-numbers';
import type { CombatPrior } from '../combat-model';

/**
 * `fitPrior` in WebAssembly, with the same bits, for as many locations as scales.
 *
 * @returns `undefined` where that is not worth it, or there is no memory for it
 */
export function fitPriorByKernel(location: Float64Array, scale: Float64Array): CombatPrior | undefined {
  const count = location.length;
  if (scale.length !== count || count < 2) return undefined;
  return withNumbers([location, scale], 4, (room) => {
    const prior = room.take(8 * 4);
    room.run('fitPrior', [...room.places, count, prior], { units: 1 });
    const [locationMean, locationVariance, scaleShape, scaleScale] = room.doubles(prior, 4);
    return { locationMean, locationVariance, scaleShape, scaleScale };
  });
}
