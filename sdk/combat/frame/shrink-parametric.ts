import { mean } from '../../math/statistics/moments';
import { kernelsStarted, roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatPrior } from '../combat-model';
import { biweightMidvariance } from '../scales/location-scale';
import type { Shrunken, SiteStatistics } from './empirical-bayes';

/** When the iteration ends. */
interface Stopping {
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** So many features are worth starting WebAssembly; where it runs already, as for large tables, any number is. */
const worthKernels = 4096;

/** Whether the effects of so many features are to be shrunk in WebAssembly. */
export function worthShrinkingByKernel(features: number): boolean {
  return kernelsStarted() || features >= worthKernels;
}

/** How many rounds a kernel is told to do: one that runs this long in one call has no end in practice, and counts in 32 bits. */
export function shrinkingRounds(maxIterations: number): number {
  return Math.min(maxIterations, 2 ** 31 - 1);
}

/**
 * The parametric posterior means, found by alternating between location and scale (Johnson et al. 2007, eq. 3.1).
 * All features iterate together until the largest relative change is at most `tolerance`; like the published codes
 * this divides by the signed old value, so that a negative location never holds the loop. In WebAssembly where that is worth
 * it, with the same bits.
 */
export function shrinkParametric(
  statistics: SiteStatistics,
  prior: CombatPrior,
  stopping: Stopping,
): Shrunken {
  const plain = statistics.values !== undefined || !Number.isFinite(prior.scaleShape);
  const worth = worthShrinkingByKernel(statistics.location.length);
  const byKernel = plain || !worth ? undefined : shrinkByKernel(statistics, prior, stopping);
  return byKernel ?? shrinkPlainly(statistics, prior, stopping);
}

/** In plain JavaScript: few features, values instead of sums, or no prior of scales. */
export function shrinkPlainly(
  statistics: SiteStatistics,
  prior: CombatPrior,
  { tolerance, maxIterations }: Stopping,
): Shrunken {
  const { location: gammaHat, squares, counts, values } = statistics;
  const location = gammaHat.slice();
  const scale = statistics.scale.slice();
  const { locationMean, locationVariance, scaleShape, scaleScale } = prior;
  // With equal scales everywhere the inverse gamma narrows to a point: its limit is their common value.
  const point = Number.isFinite(scaleShape) ? undefined : mean(statistics.scale);
  let iterations = 0;
  let moving = true;
  while (moving && iterations < maxIterations) {
    moving = false;
    let sum = 0;
    for (let i = 0; i < location.length; i++) {
      const weight = locationVariance * counts[i];
      const gamma = (weight * gammaHat[i] + scale[i] * locationMean) / (weight + scale[i]);
      const off = gammaHat[i] - gamma;
      const distance =
        values === undefined
          ? squares[i] + counts[i] * (off * off)
          : (counts[i] - 1) * biweightMidvariance(values[i], gamma);
      const delta = point ?? (0.5 * distance + scaleScale) / (counts[i] / 2 + scaleShape - 1);
      // One feature that moves is enough to go on: divisions cost more than the rest.
      moving ||=
        relativeChange(gamma, location[i]) > tolerance || relativeChange(delta, scale[i]) > tolerance;
      sum += gamma + delta;
      location[i] = gamma;
      scale[i] = delta;
    }
    iterations++;
    if (Number.isNaN(sum)) return { location, scale, iterations, converged: false };
  }
  return { location, scale, iterations, converged: !moving };
}

function relativeChange(now: number, before: number): number {
  return now === before ? 0 : Math.abs(now - before) / before;
}

function shrinkByKernel(
  { location, scale, squares, counts }: SiteStatistics,
  { locationMean, locationVariance, scaleShape, scaleScale }: CombatPrior,
  { tolerance, maxIterations }: Stopping,
): Shrunken | undefined {
  const features = location.length;
  const padded = roundUp(features, 2);
  const most = shrinkingRounds(maxIterations);
  const need = { bytes: 8 * (5 * padded + 2) + 64 * 4, scratchBytes: 0, work: 0 };
  return withFloat64Kernels(need, (room) => {
    const statistics = room.take(8 * 5 * padded);
    const row = (k: number): Float64Array => room.doubles(statistics + 8 * k * padded, padded);
    [location, squares, counts, location, scale].forEach((own, k) => {
      row(k).set(own);
      // Of an odd number of features the last is beside itself.
      if (padded > features) row(k)[features] = own[features - 1];
    });
    const outcome = room.take(16);
    const prior = [locationMean, locationVariance, scaleShape, scaleScale];
    const places = [statistics, statistics + 8 * 3 * padded];
    room.run('shrinkSite', [...places, padded, ...prior, tolerance, most, outcome], { units: 1 });
    const [iterations, moving] = room.doubles(outcome, 2);
    return {
      location: row(3).slice(0, features),
      scale: row(4).slice(0, features),
      iterations,
      converged: moving === 0,
    };
  });
}
