// The regression of features on sites and covariates: what ComBat does to every cell of a table when it is fitted. The corrections
// that follow are in put-back.as.
//
// Features are side by side. `data` has `width` values a row; arrays with numbers of each feature have rows of `stride`
// values, `width` made even, so that the last of an odd number of features is computed beside one that is not there. A unit
// of work is a strip of 32 features, over all rows from the first to the last: so each sum has its terms in the same order as
// in plain JavaScript.
import { doubles } from './float64';

export const STRIP: i32 = 32;

/** 1 where a mask is set, 0 elsewhere. */
@inline
export function ones(mask: v128): v128 {
  return v128.and(mask, f64x2.splat(1.0));
}

@inline
export function addTo(address: usize, term: v128): void {
  v128.store(address, f64x2.add(v128.load(address), term));
}

/**
 * Sums each feature at each site, sums it weighted by each of some columns, and counts its missing cells, which are NaN and
 * count as 0 in all sums. The sums are added to what is there.
 *
 * @param codes - the site of each row, as i32
 * @param weights - columns × rows
 * @param sums - sites × stride
 * @param products - columns × stride
 * @param gaps - one per feature
 */
export function siteSums(
  data: usize,
  rows: i32,
  width: i32,
  codes: usize,
  weights: usize,
  columns: i32,
  sums: usize,
  products: usize,
  gaps: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (width + 1) & ~1;
  for (let unit = from; unit < to; unit++) {
    const first = unit * STRIP;
    const last = min(first + STRIP, width);
    for (let row: i32 = 0; row < rows; row++) {
      const values = data + ((<usize>row * <usize>width) << 3);
      const site = sums + doubles(load<i32>(codes + (<usize>row << 2)) * stride);
      for (let w = first; w < last; w += 2) {
        const value = v128.load(values + doubles(w));
        const present = f64x2.eq(value, value);
        addTo(site + doubles(w), v128.and(value, present));
        if (v128.bitmask<i64>(present) != 3) addTo(gaps + doubles(w), ones(v128.not(present)));
      }
      // Two columns at a time: values are read once for both.
      let k: i32 = 0;
      for (; k + 1 < columns; k += 2) {
        const weight = v128.load64_splat(weights + doubles(k * rows + row));
        const nextWeight = v128.load64_splat(weights + doubles((k + 1) * rows + row));
        const target = products + doubles(k * stride);
        const nextTarget = target + doubles(stride);
        for (let w = first; w < last; w += 2) {
          const value = v128.load(values + doubles(w));
          const there = v128.and(value, f64x2.eq(value, value));
          addTo(target + doubles(w), f64x2.mul(weight, there));
          addTo(nextTarget + doubles(w), f64x2.mul(nextWeight, there));
        }
      }
      if (k < columns) {
        const weight = v128.load64_splat(weights + doubles(k * rows + row));
        const target = products + doubles(k * stride);
        for (let w = first; w < last; w += 2) {
          const value = v128.load(values + doubles(w));
          addTo(target + doubles(w), f64x2.mul(weight, v128.and(value, f64x2.eq(value, value))));
        }
      }
    }
  }
}

/**
 * Sums the squares of what is left of each feature at each site, value − intercept − design × coefficients, over the cells
 * that are there. The sums are added to what is there.
 *
 * @param design - rows × columns
 * @param intercepts - sites × stride
 * @param coefficients - columns × stride
 * @param squares - sites × stride
 */
export function siteSquares(
  data: usize,
  rows: i32,
  width: i32,
  codes: usize,
  design: usize,
  columns: i32,
  intercepts: usize,
  coefficients: usize,
  squares: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (width + 1) & ~1;
  for (let unit = from; unit < to; unit++) {
    const first = unit * STRIP;
    const last = min(first + STRIP, width);
    for (let row: i32 = 0; row < rows; row++) {
      const values = data + ((<usize>row * <usize>width) << 3);
      const site = doubles(load<i32>(codes + (<usize>row << 2)) * stride);
      const own = design + doubles(row * columns);
      for (let w = first; w < last; w += 2) {
        const value = v128.load(values + doubles(w));
        let rest = f64x2.sub(value, v128.load(intercepts + site + doubles(w)));
        let slope = coefficients + doubles(w);
        for (let k: i32 = 0; k < columns; k++) {
          rest = f64x2.sub(rest, f64x2.mul(v128.load64_splat(own + doubles(k)), v128.load(slope)));
          slope += doubles(stride);
        }
        addTo(squares + site + doubles(w), v128.and(f64x2.mul(rest, rest), f64x2.eq(value, value)));
      }
    }
  }
}
