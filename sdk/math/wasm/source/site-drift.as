// How far sites are from where a model expects them, site by site and from the first feature to the last, as plain JavaScript adds up.
import { doubles } from './float64';

/**
 * Adds up, for each site, the squares of how far features are from where they are expected: over their variance, and beyond it.
 *
 * @param sums - sites × width: sums of residuals
 * @param counts - sites × width
 * @param locations - γ̂: sites × width
 * @param scales - δ̂²: sites × width
 * @param sites - four per site: persons per scan, 0 for a site that is not looked at; how many scans were fitted on; degrees of
 * freedom; and the variance that covariates add
 * @param features - 2 rows of width: 1 for features that are looked at, else 0; the standard deviation
 * @param drifts - three per site: the sums of both, and over how many features they are
 * @param fewest - cells of fewer persons are not looked at
 */
export function siteDrifts(
  sums: usize,
  counts: usize,
  locations: usize,
  scales: usize,
  sites: usize,
  features: usize,
  drifts: usize,
  width: i32,
  siteCount: i32,
  fewest: f64,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  for (let site: i32 = 0; site < siteCount; site++) {
    const about = sites + doubles(4 * site);
    const share = load<f64>(about);
    const fitted = load<f64>(about, 8);
    const freedom = load<f64>(about, 16);
    const byCovariates = load<f64>(about, 24);
    let squares: f64 = 0.0;
    let beyond: f64 = 0.0;
    let used: f64 = 0.0;
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      const cells = load<f64>(counts + cell);
      const persons = cells * share;
      const scale = load<f64>(scales + cell);
      if (load<f64>(features + at) == 0.0 || persons < fewest || !(scale > 0.0)) continue;
      const mean = load<f64>(sums + cell) / cells / load<f64>(features + row + at);
      const apart = mean - load<f64>(locations + cell);
      const spread = (scale * (fitted - 1.0)) / freedom;
      const variance = spread * (1.0 / persons + 1.0 / fitted + byCovariates);
      squares += (apart * apart) / variance;
      beyond += apart * apart - variance;
      used += 1.0;
    }
    const place = drifts + doubles(3 * site);
    store<f64>(place, squares);
    store<f64>(place, beyond, 8);
    store<f64>(place, used, 16);
  }
}
