import type { Tensor } from '@tensorflow/tfjs-core';
import { add, mul, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Random } from '../math/random';
import { throwIfAborted, breathe } from '../data/run-options';
import { ConcordError } from '../errors';
import type { Denoiser } from './denoising-loss';
import type { NoiseSchedule } from './noise-schedule';
import { requireTime } from './noise-schedule';
import type { Prediction } from './noise-schedule';
import { addNoise, readPrediction } from './prediction';

/** Options that the ways from noise to image and back share. */
export interface DdimOptions {
  readonly schedule: NoiseSchedule;
  /** @defaultValue `'epsilon'` */
  readonly prediction?: Prediction;
  /**
   * How many times the network is evaluated on the whole way from 0 to T; shorter ways take their share, at least one.
   */
  readonly steps: number;
  /** The noisy end of the way, t*. @defaultValue T */
  readonly until?: number;
  /**
   * 1: DDIM as published. 2: what the network said a step before is used too, which is nearer to the curve for the same
   * work. With randomness always 1.
   *
   * @defaultValue 2
   */
  readonly order?: 1 | 2;
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: () => void;
}

/** Options of {@link sampleDdim}. */
export interface SampleDdimOptions extends DdimOptions {
  /** How random the way is: 0 not at all, 1 as in DDPM. @defaultValue 0 */
  readonly eta?: number;
  /** Where the noise comes from when `eta` is above 0. */
  readonly random?: Random;
}

/**
 * The times at which the network is evaluated on the way between 0 and `until`, both included, evenly spaced.
 *
 * @throws ConcordError `invalid-option` when the steps are no whole number from 1 to T, or `until` is no time.
 */
export function stepTimes(
  schedule: NoiseSchedule,
  steps: number,
  until: number = schedule.steps,
): Int32Array {
  requireTime(schedule.steps, until);
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= schedule.steps)) {
    throw new ConcordError(
      'invalid-option',
      `invalid steps: ${steps} (a whole number from 1 to ${schedule.steps})`,
    );
  }
  if (until === 0) return Int32Array.of(0);
  const count = Math.min(until, Math.max(1, Math.round((steps * until) / schedule.steps)));
  return Int32Array.from({ length: count + 1 }, (_, i) => Math.round((until * i) / count));
}

/**
 * Goes from noise to images by DDIM (Song et al. 2021, arXiv:2010.02502, equation 12): at each time the network says what
 * image and what noise it sees, and both are mixed anew for the time before. Without randomness it is the same way as
 * {@link invertDdim}, back.
 *
 * @param start - x at the time `until`, `[N, …]`; it stays as it is
 * @returns x₀, to be disposed by the caller
 * @throws ConcordError `invalid-option`; `aborted`.
 */
export async function sampleDdim<X extends Tensor>(
  denoiser: Denoiser<X>,
  start: X,
  options: SampleDdimOptions,
): Promise<X> {
  const { eta = 0, random } = options;
  if (!(eta >= 0 && eta <= 1) || (eta > 0 && random === undefined)) {
    throw new ConcordError(
      'invalid-option',
      `invalid eta: ${eta} (0 to 1, above 0 with a source of randomness)`,
    );
  }
  const times = stepTimes(options.schedule, options.steps, options.until).reverse();
  return followTimes(denoiser, start, { times, options, eta, random });
}

/**
 * Goes from images to the noise they come from: the same equation run towards larger times, which follows the same curve
 * the other way (Song et al. 2021, section 4.3; Dhariwal & Nichol 2021, arXiv:2105.05233, appendix F). Exact in the limit
 * of many steps.
 *
 * @param images - x₀, `[N, …]`; it stays as it is
 * @returns x at the time `until`, to be disposed by the caller
 * @throws ConcordError `invalid-option`; `aborted`.
 */
export async function invertDdim<X extends Tensor>(
  denoiser: Denoiser<X>,
  images: X,
  options: DdimOptions,
): Promise<X> {
  const times = stepTimes(options.schedule, options.steps, options.until);
  return followTimes(denoiser, images, { times, options, eta: 0 });
}

/** What the network saw at a time on the way. */
interface Seen<X extends Tensor> {
  readonly time: number;
  readonly clean: X;
  readonly epsilon: X;
}

async function followTimes<X extends Tensor>(
  denoiser: Denoiser<X>,
  start: X,
  way: {
    readonly times: Int32Array;
    readonly options: DdimOptions;
    readonly eta: number;
    readonly random?: Random;
  },
): Promise<X> {
  const { times, options, eta, random } = way;
  const { order = 2 } = options;
  let x = start.clone();
  let before: Seen<X> | undefined;
  const forget = (): void => {
    before?.clean.dispose();
    before?.epsilon.dispose();
  };
  try {
    for (let i = 0; i + 1 < times.length; i++) {
      const seen = look(denoiser, x, { time: times[i], ...options });
      const known = order === 2 && eta === 0 ? before : undefined;
      const next = takeStep(x, { seen, before: known, to: times[i + 1] }, { ...options, eta, random });
      x.dispose();
      forget();
      [x, before] = [next, seen];
      options.onStep?.();
      // The last step is followed by the caller's own work, which looks at the signal itself.
      if (i + 2 < times.length) await breathe(options.signal);
    }
    throwIfAborted(options.signal);
    return x;
  } catch (error) {
    x.dispose();
    throw error;
  } finally {
    forget();
  }
}

/** Evaluates the network at the time of x; at 0, where it was never trained, at 1. */
function look<X extends Tensor>(
  denoiser: Denoiser<X>,
  x: X,
  {
    time,
    schedule,
    prediction = 'epsilon',
  }: Pick<DdimOptions, 'schedule' | 'prediction'> & { readonly time: number },
): Seen<X> {
  const asked = Math.max(1, time);
  const at = { signal: schedule.signal[asked], noise: schedule.noise[asked] };
  const [clean, epsilon] = tidy(() => {
    const predicted = denoiser(x, new Int32Array(x.shape[0]).fill(asked));
    const read = readPrediction(prediction, { noisy: x, predicted }, at);
    return [read.clean, read.epsilon];
  });
  return { time, clean, epsilon };
}

/**
 * One step, in either direction. Along the curve dx = x₀·dα + ε·dσ, with what the network says of x₀ and ε; DDIM takes
 * both as constant over a step. With what it said a step before, both are carried on in a line to the middle of the
 * step (Adams & Bashforth's method of second order).
 */
function takeStep<X extends Tensor>(
  x: X,
  { seen, before, to }: { readonly seen: Seen<X>; readonly before: Seen<X> | undefined; readonly to: number },
  { schedule, eta = 0, random }: Pick<SampleDdimOptions, 'schedule' | 'eta' | 'random'>,
): X {
  const { time, clean, epsilon } = seen;
  const at = { signal: schedule.signal[time], noise: schedule.noise[time] };
  const there = { signal: schedule.signal[to], noise: schedule.noise[to] };
  return tidy(() => {
    if (before !== undefined) {
      const onward = 0.5 * ((to - time) / (time - before.time));
      const middle = (now: X, then: X): X => add<X>(mul(now, 1 + onward), mul(then, -onward));
      const change = {
        signal: there.signal - at.signal,
        noise: there.noise - at.noise,
      };
      return add<X>(x, addNoise(middle(clean, before.clean), middle(epsilon, before.epsilon), change));
    }
    const spread = to < time ? eta * posteriorSpread(at, there) : 0;
    if (spread === 0 || random === undefined) return addNoise(clean, epsilon, there);
    const fresh = tensor(
      Float32Array.from({ length: x.size }, () => random.normal()),
      x.shape,
    ) as X;
    const left = Math.sqrt(Math.max(0, there.noise ** 2 - spread ** 2));
    const mean = addNoise(clean, epsilon, { signal: there.signal, noise: left });
    return addNoise(mean, fresh, { signal: 1, noise: spread });
  });
}

/** σ of equation 16 of the DDIM paper for η = 1: the spread of DDPM's posterior. */
function posteriorSpread(
  at: { readonly signal: number; readonly noise: number },
  to: { readonly signal: number; readonly noise: number },
): number {
  if (to.noise === 0) return 0;
  return (to.noise / at.noise) * Math.sqrt(Math.max(0, 1 - (at.signal / to.signal) ** 2));
}
