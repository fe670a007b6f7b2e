// The effects of a site from its sums, and the priors they are shrunk by: empirical Bayes of ComBat for sites where nothing is
// missing. All adds up as plain JavaScript does it, from the first feature to the last.
import { doubles } from './float64';
import { shrinkSite } from './shrink-sites';

/** A sum of squares this small, in pooled variances, is rounding: the feature has no spread at the site. */
const NO_SQUARES: f64 = 1e-20;

function mean(values: usize, count: i32): f64 {
  let sum: f64 = 0.0;
  for (let at: usize = 0; at < doubles(count); at += 8) sum += load<f64>(values + at);
  return sum / <f64>count;
}

function sampleVariance(values: usize, count: i32, center: f64): f64 {
  let sum: f64 = 0.0;
  for (let at: usize = 0; at < doubles(count); at += 8) {
    const off = load<f64>(values + at) - center;
    sum += off * off;
  }
  return sum / <f64>(count - 1);
}

/**
 * Fits the priors of locations and scales by the method of moments.
 *
 * @param count - of each of them, two or more
 * @param prior - four f64: mean and variance of the location, shape and scale of the inverse gamma, NaN where all scales are equal
 */
export function fitPrior(
  location: usize,
  scale: usize,
  count: i32,
  prior: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const center = mean(location, count);
  const m = mean(scale, count);
  const s2 = sampleVariance(scale, count, m);
  store<f64>(prior, center);
  store<f64>(prior, sampleVariance(location, count, center), 8);
  store<f64>(prior, s2 > 0.0 ? (2.0 * s2 + m * m) / s2 : NaN, 16);
  store<f64>(prior, s2 > 0.0 ? (m * s2 + m * m * m) / s2 : NaN, 24);
}

/**
 * Finds the scales of a site, fits the priors, and shrinks: all that is done of a site where every feature has a location and a
 * scale. Where one has not, or all scales are equal, nothing is done.
 *
 * @param statistics - 6 rows of `count` values, made even: the means γ̂, the sums of squares about them and the numbers of values;
 * the scales δ̂², γ* and δ*² are filled in
 * @param outcome - seven f64: 1 where it was done, else 0; how many rounds there were, whether features still moved in the last, and
 * the priors
 */
export function siteEffects(
  statistics: usize,
  count: i32,
  tolerance: f64,
  mostRounds: i32,
  outcome: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (count + 1) & ~1;
  const row = doubles(stride);
  const scales = statistics + 3 * row;
  store<f64>(outcome, 0.0);
  for (let own = statistics; own < statistics + doubles(count); own += 8) {
    const location = load<f64>(own);
    const squares = load<f64>(own + row);
    const values = load<f64>(own + 2 * row);
    if (!(location == location && values > 1.0 && squares > NO_SQUARES)) return;
    store<f64>(own + 3 * row, squares / (values - 1.0));
  }
  const prior = outcome + 24;
  fitPrior(statistics, scales, count, prior, from, to, scratch);
  const shape = load<f64>(prior, 16);
  if (!isFinite(shape)) return;
  // Of an odd number of features the last is beside itself.
  if (stride > count)
    for (let k: usize = 0; k < 4; k++) {
      const last = statistics + k * row + doubles(count);
      store<f64>(last, load<f64>(last - 8));
    }
  memory.copy(statistics + 4 * row, statistics, row);
  memory.copy(statistics + 5 * row, scales, row);
  shrinkSite(
    statistics,
    statistics + 4 * row,
    stride,
    load<f64>(prior),
    load<f64>(prior, 8),
    shape,
    load<f64>(prior, 24),
    tolerance,
    mostRounds,
    outcome + 8,
    from,
    to,
    scratch,
  );
  store<f64>(outcome, 1.0);
}
