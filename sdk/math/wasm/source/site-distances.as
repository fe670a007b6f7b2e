// How far the mean residuals of sites are from 0 and from the effects that a model knows of them; all adds up as plain JavaScript does
// it, from the first site to the last and the first feature to the last.
import { doubles } from './float64';

/** Whether a cell has values, and an effect that is a number. */
@inline
function isKnown(n: f64, effect: f64): bool {
  return n > 0.0 && effect - effect == 0.0;
}

@inline
function add(address: usize, term: f64): void {
  store<f64>(address, load<f64>(address) + term);
}

/**
 * Adds up Σ n z̄², Σ n (z̄ − γ*)² and Σ n γ*² about the means of each feature over sites.
 *
 * @param residuals - sites × width: sums of residuals
 * @param counts - sites × width
 * @param effects - γ*: sites × width
 * @param sites - 1 for sites that are looked at, else 0
 * @param features - 2 rows of width: 1 for features that are looked at, else 0; the standard deviation
 * @param means - 4 rows of width, of zeros: what is known of each feature over sites
 * @param distances - four f64: the sums, and over how many features they are
 */
export function siteDistances(
  residuals: usize,
  counts: usize,
  effects: usize,
  sites: usize,
  features: usize,
  means: usize,
  distances: usize,
  width: i32,
  siteCount: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  for (let site: i32 = 0; site < siteCount; site++) {
    if (load<f64>(sites + doubles(site)) == 0.0) continue;
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      const n = load<f64>(counts + cell);
      const effect = load<f64>(effects + cell);
      if (!isKnown(n, effect)) continue;
      const place = means + at;
      add(place, n);
      add(place + row, load<f64>(residuals + cell) / load<f64>(features + row + at));
      add(place + 2 * row, n * effect);
      add(place + 3 * row, 1.0);
    }
  }
  let used: f64 = 0.0;
  for (let at: usize = 0; at < row; at += 8) {
    const place = means + at;
    if (load<f64>(features + at) == 0.0 || load<f64>(place + 3 * row) < 2.0) store<f64>(place + 3 * row, 0.0);
    else used += 1.0;
    const weight = load<f64>(place);
    store<f64>(place + row, load<f64>(place + row) / weight);
    store<f64>(place + 2 * row, load<f64>(place + 2 * row) / weight);
  }
  let toZero: f64 = 0.0;
  let toModel: f64 = 0.0;
  let size: f64 = 0.0;
  for (let site: i32 = 0; site < siteCount; site++) {
    if (load<f64>(sites + doubles(site)) == 0.0) continue;
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      const n = load<f64>(counts + cell);
      const own = load<f64>(effects + cell);
      const place = means + at;
      if (load<f64>(place + 3 * row) == 0.0 || !isKnown(n, own)) continue;
      const here = load<f64>(residuals + cell) / n / load<f64>(features + row + at) - load<f64>(place + row);
      const effect = own - load<f64>(place + 2 * row);
      toZero += n * (here * here);
      toModel += n * ((here - effect) * (here - effect));
      size += n * (effect * effect);
    }
  }
  store<f64>(distances, toZero);
  store<f64>(distances, toModel, 8);
  store<f64>(distances, size, 16);
  store<f64>(distances, used, 24);
}
