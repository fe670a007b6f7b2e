// What sites have together, and each of them in units of σ: sums over sites of numbers that a regression left of each. Arrays are
// sites × width, row-major; all adds up as plain JavaScript does it, from the first site to the last.
import { doubles } from './float64';

@inline
function add(address: usize, term: f64): void {
  store<f64>(address, load<f64>(address) + term);
}

/**
 * Turns sums of values at sites into intercepts, in place: sum / size − means × coefficients.
 *
 * @param sizes - how many rows each site has
 * @param means - sites × columns
 * @param coefficients - columns × width
 */
export function siteIntercepts(
  sums: usize,
  sizes: usize,
  means: usize,
  coefficients: usize,
  columns: i32,
  width: i32,
  sites: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let site: i32 = 0; site < sites; site++) {
    const row = sums + doubles(site * width);
    const size = load<f64>(sizes + doubles(site));
    for (let at: usize = 0; at < doubles(width); at += 8) {
      let left = load<f64>(row + at) / size;
      for (let k: i32 = 0; k < columns; k++) {
        left -= load<f64>(means + doubles(site * columns + k)) * load<f64>(coefficients + doubles(k * width) + at);
      }
      store<f64>(row + at, left);
    }
  }
}

/**
 * Adds up what sites have of each feature; sites without a value of it have nothing.
 *
 * @param sizes - how many rows each site has
 * @param reference - the site whose values and squares alone count as those that σ is measured by, or −1 for all
 * @param pooled - 7 rows: values and squares that σ is measured by, values and squares of all sites, the sum of intercepts weighted by
 * sizes, that of the weights, and the largest intercept
 */
export function poolSites(
  counts: usize,
  intercepts: usize,
  squares: usize,
  sizes: usize,
  reference: i32,
  pooled: usize,
  width: i32,
  sites: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  memory.fill(pooled, 0, 7 * row);
  for (let site: i32 = 0; site < sites; site++) {
    const size = load<f64>(sizes + doubles(site));
    const measured = reference == -1 || reference == site;
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      const count = load<f64>(counts + cell);
      if (count == 0.0) continue;
      const intercept = load<f64>(intercepts + cell);
      const own = load<f64>(squares + cell);
      const to = pooled + at;
      if (measured) {
        add(to, count);
        add(to + row, own);
      }
      add(to + 2 * row, count);
      add(to + 3 * row, own);
      add(to + 4 * row, size * intercept);
      add(to + 5 * row, size);
      // What is not a number stays one.
      if (!(abs(intercept) <= load<f64>(to + 6 * row))) store<f64>(to + 6 * row, abs(intercept));
    }
  }
}

/**
 * Measures sites in units of σ: (intercept − center) / sd and squares / sd², in place; NaN where a site has no value.
 *
 * @param units - 2 rows: center and sd
 */
export function measureSites(
  counts: usize,
  intercepts: usize,
  squares: usize,
  units: usize,
  width: i32,
  sites: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  for (let site: i32 = 0; site < sites; site++) {
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      const unit = load<f64>(counts + cell) == 0.0 ? NaN : load<f64>(units + row + at);
      store<f64>(intercepts + cell, (load<f64>(intercepts + cell) - load<f64>(units + at)) / unit);
      store<f64>(squares + cell, load<f64>(squares + cell) / (unit * unit));
    }
  }
}

/**
 * The least and the greatest number of each feature, over the sites that have one.
 *
 * @param values - sites × width
 * @param range - 2 rows: the least, and the greatest
 */
export function rangeOverSites(
  values: usize,
  range: usize,
  width: i32,
  sites: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  for (let at: usize = 0; at < row; at += 8) {
    let least = Infinity;
    let most = -Infinity;
    for (let cell = values + at; cell < values + <usize>sites * row; cell += row) {
      const value = load<f64>(cell);
      if (value < least) least = value;
      if (value > most) most = value;
    }
    store<f64>(range + at, least);
    store<f64>(range + row + at, most);
  }
}

/**
 * What sites are corrected by, in place: sd × γ*, and 1 / √δ*².
 *
 * @param sd - one per feature
 * @param locations - sites × width
 * @param scales - the same
 */
export function siteCorrections(
  sd: usize,
  locations: usize,
  scales: usize,
  width: i32,
  sites: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const row = doubles(width);
  for (let site: i32 = 0; site < sites; site++) {
    for (let at: usize = 0; at < row; at += 8) {
      const cell = <usize>site * row + at;
      store<f64>(locations + cell, load<f64>(sd + at) * load<f64>(locations + cell));
      store<f64>(scales + cell, 1.0 / sqrt(load<f64>(scales + cell)));
    }
  }
}
