import { kernelsStarted, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatPrior } from '../combat-model';

/** So many effects are soon added up by V8, which has made that fast by then; they would take memory of WebAssembly for nothing. */
const mostEffects = 2 ** 16;

/**
 * `fitPrior` in WebAssembly, with the same bits, for as many locations as scales; V8 begins slowly.
 *
 * @returns `undefined` where that is not worth it, or there is no memory for it
 */
export function fitPriorByKernel(location: Float64Array, scale: Float64Array): CombatPrior | undefined {
  const count = location.length;
  if (scale.length !== count || count < 2 || count > mostEffects || !kernelsStarted()) return undefined;
  const need = { bytes: 8 * (2 * count + 4) + 64 * 3, scratchBytes: 0, work: 0 };
  return withFloat64Kernels(need, (room) => {
    const places = [location, scale].map((values) => {
      const address = room.take(8 * count);
      room.doubles(address, count).set(values);
      return address;
    });
    const prior = room.take(8 * 4);
    room.run('fitPrior', [...places, count, prior], { units: 1 });
    const [locationMean, locationVariance, scaleShape, scaleScale] = room.doubles(prior, 4);
    return { locationMean, locationVariance, scaleShape, scaleScale };
  });
}
