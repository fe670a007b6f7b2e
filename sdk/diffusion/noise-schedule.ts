import { ConcordError } from '../errors';
import { oneOf } from '../data/one-of';
import { requireCall } from '../data/calls/require-call';

/** How quickly images turn into noise. */
export type NoiseScheduleKind = 'linear' | 'cosine';

/**
 * What a network says of a noisy image: the noise in it (`epsilon`, Ho et al. 2020, arXiv:2006.11239), or `v` =
 * signal·ε − noise·x₀ (Salimans & Ho 2022, arXiv:2202.00512, section 4), which stays well posed where all is noise.
 */
export type Prediction = 'epsilon' | 'v';

/** Options of {@link makeNoiseSchedule}. */
export interface NoiseScheduleOptions {
  /** @defaultValue `'linear'` */
  readonly kind?: NoiseScheduleKind;
  /** How many steps are between an image and pure noise. @defaultValue 1000 */
  readonly steps?: number;
}

/**
 * How much of an image and how much noise there is at each time t = 0 … T: x_t = signal(t)·x₀ + noise(t)·ε, with
 * signal² + noise² = 1. At time 0 it is the image; at time T hardly anything of it is left.
 */
export interface NoiseSchedule {
  readonly kind: NoiseScheduleKind;
  /** T. */
  readonly steps: number;
  /** √ᾱ_t for t = 0 … T. */
  readonly signal: Float64Array;
  /** √(1 − ᾱ_t) for t = 0 … T. */
  readonly noise: Float64Array;
}

/**
 * Makes a noise schedule.
 *
 * - `linear`: β_t rises evenly from 1e-4 to 0.02 at T = 1000, for other T in proportion so that the last image is as
 *   noisy (Ho et al. 2020, arXiv:2006.11239, section 4).
 * - `cosine`: ᾱ_t = f(t)/f(0), f(t) = cos²((t/T + 0.008)/1.008 · π/2), β_t at most 0.999 (Nichol & Dhariwal 2021,
 *   arXiv:2102.09672, equation 17): more steps at little noise, where detail is decided.
 *
 * @throws ConcordError `invalid-option` for an unknown kind or steps that are no whole number from 10.
 */
export function makeNoiseSchedule(options: NoiseScheduleOptions = {}): NoiseSchedule {
  requireCall('ddae.makeNoiseSchedule', { options });
  const { kind = 'linear', steps = 1000 } = options;
  oneOf('schedule', kind, ['linear', 'cosine']);
  if (!(Number.isInteger(steps) && steps >= 10 && steps <= 1_000_000)) {
    throw new ConcordError('invalid-option', `invalid schedule steps: ${steps} (a whole number from 10)`);
  }
  const beta = kind === 'linear' ? linearBeta(steps) : cosineBeta(steps);
  const signal = new Float64Array(steps + 1).fill(1);
  const noise = new Float64Array(steps + 1);
  let kept = 1;
  for (let time = 1; time <= steps; time++) {
    kept *= 1 - beta(time);
    signal[time] = Math.sqrt(kept);
    noise[time] = Math.sqrt(1 - kept);
  }
  return { kind, steps, signal, noise };
}

function linearBeta(steps: number): (time: number) => number {
  const first = 0.1 / steps;
  const last = 20 / steps;
  return (time) => Math.min(0.999, first + ((last - first) * (time - 1)) / (steps - 1));
}

function cosineBeta(steps: number): (time: number) => number {
  const level = (time: number): number => Math.cos(((time / steps + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  return (time) => Math.min(0.999, 1 - level(time) / level(time - 1));
}

/**
 * Checks a time.
 *
 * @param last - T
 * @throws ConcordError `invalid-option` unless it is a whole number from `first` to `last`.
 */
export function requireTime(last: number, time: number, first = 0): void {
  if (Number.isInteger(time) && time >= first && time <= last) return;
  throw new ConcordError('invalid-option', `invalid time: ${time} (a whole number from ${first} to ${last})`);
}
