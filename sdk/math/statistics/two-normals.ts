import { mean } from './moments';

/** One of two normal distributions that a sample is made of. */
export interface NormalPart {
  /** The share of the sample. */
  readonly weight: number;
  readonly mean: number;
  readonly sd: number;
}

/** A mixture of two normal distributions, the one with the lower mean first. */
export interface TwoNormals {
  readonly parts: readonly [NormalPart, NormalPart];
  /** The log-likelihood of the sample. */
  readonly logLikelihood: number;
}

/** EM stops when a round gains less than this per value: from each start, and from the best of them. */
const gains = { start: 1e-5, screening: 1e-8, final: 1e-12 };
const mostRounds = 5000;
/** No part is narrower than this share of the spread of all: a single value would have no bound to its likelihood. */
const narrowest = 1e-3;

/**
 * Fits a mixture of two normal distributions by expectation–maximization (Dempster, Laird & Rubin 1977, JRSS B 39:1), from the
 * split at each of several quantiles, and keeps the best: on one variable that needs no random start, so results repeat. Own
 * code: packages of npm start at random and stop early.
 *
 * @param values - none missing
 * @param precision - `screening`: the likelihood is known to 8 digits, which is enough to compare, and takes a fraction of the time
 * @returns `undefined` where all values are equal, or there are fewer than four
 */
export function twoNormals(
  values: Float64Array,
  precision: 'screening' | 'final' = 'final',
): TwoNormals | undefined {
  const sorted = values.slice().sort();
  const spread = deviation(sorted, mean(sorted));
  if (sorted.length < 4 || !(spread > 0)) return undefined;
  const least = (narrowest * spread) ** 2;
  const starts = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => Math.floor((tenth * sorted.length) / 10));
  const fits = starts
    .filter((at) => at >= 2 && at <= sorted.length - 2)
    .map((at) => iterate(sorted, splitAt(sorted, at, least), { least, gain: gains.start }));
  if (fits.length === 0) return undefined;
  const best = fits.reduce((so, fit) => (fit.logLikelihood > so.logLikelihood ? fit : so));
  return iterate(sorted, best.parts, { least, gain: gains[precision] });
}

/** Which part a value is more likely from: 0 or 1; `NaN` for a missing value. */
export function likelierPart({ parts }: Pick<TwoNormals, 'parts'>, value: number): number {
  if (value !== value) return NaN;
  return logDensity(parts[1], value) > logDensity(parts[0], value) ? 1 : 0;
}

/** The log-likelihood of a sample under the one normal distribution that fits it best. */
export function oneNormalLogLikelihood(values: Float64Array): number {
  const sd = deviation(values, mean(values));
  return -values.length * (Math.log(sd) + 0.5 * Math.log(2 * Math.PI) + 0.5);
}

function deviation(values: Float64Array, center: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
}

function splitAt(sorted: Float64Array, at: number, least: number): [NormalPart, NormalPart] {
  const part = (own: Float64Array): NormalPart => {
    const center = mean(own);
    const sd = Math.sqrt(Math.max(least, deviation(own, center) ** 2));
    return { weight: own.length / sorted.length, mean: center, sd };
  };
  return [part(sorted.subarray(0, at)), part(sorted.subarray(at))];
}

function logDensity({ weight, mean: center, sd }: NormalPart, value: number): number {
  return Math.log(weight / sd) - 0.5 * Math.log(2 * Math.PI) - 0.5 * ((value - center) / sd) ** 2;
}

/** Alternates between how likely each value is of the first part, and the moments that follow. */
function iterate(
  values: Float64Array,
  start: readonly [NormalPart, NormalPart],
  { least, gain }: { readonly least: number; readonly gain: number },
): TwoNormals {
  let parts = start;
  let logLikelihood = -Infinity;
  const share = new Float64Array(values.length);
  for (let round = 0; round < mostRounds; round++) {
    let now = 0;
    for (let i = 0; i < values.length; i++) {
      const [a, b] = [logDensity(parts[0], values[i]), logDensity(parts[1], values[i])];
      const most = Math.max(a, b);
      const log = most + Math.log(Math.exp(a - most) + Math.exp(b - most));
      share[i] = Math.exp(a - log);
      now += log;
    }
    const done = now - logLikelihood <= gain * values.length;
    logLikelihood = now;
    if (done) break;
    parts = [weighted(values, (i) => share[i], least), weighted(values, (i) => 1 - share[i], least)];
  }
  return { parts: parts[0].mean <= parts[1].mean ? parts : [parts[1], parts[0]], logLikelihood };
}

function weighted(values: Float64Array, share: (i: number) => number, least: number): NormalPart {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    total += share(i);
    sum += share(i) * values[i];
  }
  const center = sum / total;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += share(i) * (values[i] - center) ** 2;
  return { weight: total / values.length, mean: center, sd: Math.sqrt(Math.max(least, squares / total)) };
}
