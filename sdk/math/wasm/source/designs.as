// What is done to the columns of a design, of as many rows as there are scans. All sums go from the first row on, one row at a
// time, so that plain JavaScript gives the same bits. Nothing of it is divided: a call has one unit.
import { doubles } from './float64';

@inline
function at(address: usize, index: i32): f64 {
  return load<f64>(address + doubles(index));
}

@inline
function put(address: usize, index: i32, value: f64): void {
  store<f64>(address + doubles(index), value);
}

/**
 * Takes the mean of each column away, in place.
 *
 * @param values - rows × columns
 * @param means - one per column
 * @param known - whether they are given
 */
export function centerColumns(
  values: usize,
  rows: i32,
  columns: i32,
  means: usize,
  known: bool,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let k: i32 = 0; k < columns; k++) {
    let mean: f64 = 0.0;
    if (known) mean = at(means, k);
    else for (let row: i32 = 0; row < rows; row++) mean += at(values, row * columns + k) / <f64>rows;
    put(means, k, mean);
    for (let row: i32 = 0; row < rows; row++) {
      const place = row * columns + k;
      put(values, place, at(values, place) - mean);
    }
  }
}

/**
 * The rows of a table as columns.
 *
 * @param values - rows × columns
 * @param turned - columns × rows
 */
export function turnTable(
  values: usize,
  rows: i32,
  columns: i32,
  turned: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    for (let k: i32 = 0; k < columns; k++) put(turned, k * rows + row, at(values, row * columns + k));
  }
}

/**
 * Takes the mean in each group of rows away.
 *
 * @param values - rows × columns
 * @param codes - the group of each row, as i32
 * @param means - groups × columns, zeros before
 * @param counts - one per group, zeros before
 * @param centered - rows × columns; it may be where the values are
 */
export function centerByGroups(
  values: usize,
  rows: i32,
  columns: i32,
  codes: usize,
  groups: i32,
  means: usize,
  counts: usize,
  centered: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    const group = load<i32>(codes + (<usize>row << 2));
    put(counts, group, at(counts, group) + 1.0);
    for (let k: i32 = 0; k < columns; k++) {
      const mean = group * columns + k;
      put(means, mean, at(means, mean) + at(values, row * columns + k));
    }
  }
  for (let group: i32 = 0; group < groups; group++) {
    for (let k: i32 = 0; k < columns; k++) {
      const mean = group * columns + k;
      put(means, mean, at(means, mean) / at(counts, group));
    }
  }
  for (let row: i32 = 0; row < rows; row++) {
    const group = load<i32>(codes + (<usize>row << 2)) * columns;
    for (let k: i32 = 0; k < columns; k++) {
      const place = row * columns + k;
      put(centered, place, at(values, place) - at(means, group + k));
    }
  }
}

/**
 * The mean of each column in each group of rows, value by value divided by the size of its group.
 *
 * @param values - rows × columns
 * @param codes - the group of each row, as i32
 * @param sizes - how many rows each group has
 * @param means - groups × columns, zeros before
 */
export function groupMeans(
  values: usize,
  rows: i32,
  columns: i32,
  codes: usize,
  sizes: usize,
  means: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    const group = load<i32>(codes + (<usize>row << 2));
    const size = at(sizes, group);
    for (let k: i32 = 0; k < columns; k++) {
      const mean = group * columns + k;
      put(means, mean, at(means, mean) + at(values, row * columns + k) / size);
    }
  }
}

/**
 * Divides each column by a number, in place.
 *
 * @param values - rows × columns
 * @param divisors - one per column
 */
export function divideColumns(
  values: usize,
  rows: i32,
  columns: i32,
  divisors: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    for (let k: i32 = 0; k < columns; k++) {
      const place = row * columns + k;
      put(values, place, at(values, place) / at(divisors, k));
    }
  }
}

/**
 * The length of each column.
 *
 * @param values - rows × columns
 * @param norms - one per column
 */
export function columnNorms(
  values: usize,
  rows: i32,
  columns: i32,
  norms: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let k: i32 = 0; k < columns; k++) {
    let squares: f64 = 0.0;
    for (let row: i32 = 0; row < rows; row++) {
      const value = at(values, row * columns + k);
      squares += value * value;
    }
    put(norms, k, Math.sqrt(squares));
  }
}

/**
 * Factors a matrix by Householder reflections with column pivoting, as pivotedQr in qr.ts.
 *
 * @param values - rows × columns
 * @param work - columns × rows: what is left of each column
 * @param order - one i32 per column: 0, 1 … before, the order chosen after
 * @param reflectors - columns × rows, zeros before
 * @param outcome - one f64: the rank
 */
export function factorColumns(
  values: usize,
  rows: i32,
  columns: i32,
  threshold: f64,
  work: usize,
  order: usize,
  reflectors: usize,
  outcome: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  turnTable(values, rows, columns, work, from, to, scratch);
  const steps = min(rows, columns);
  let rank: i32 = 0;
  for (let step: i32 = 0; step < steps; step++) {
    let pivot = step;
    let longest: f64 = -1.0;
    for (let column = step; column < columns; column++) {
      let sum: f64 = 0.0;
      for (let row = step; row < rows; row++) {
        const value = at(work, column * rows + row);
        sum += value * value;
      }
      const length = Math.sqrt(sum);
      if (length > longest) {
        longest = length;
        pivot = column;
      }
    }
    if (longest <= threshold) break;
    if (pivot != step) exchange(work, order, rows, step, pivot);
    const reflector = reflectors + doubles(step * rows);
    makeReflector(work + doubles(step * rows), step, rows, reflector);
    for (let column = step; column < columns; column++) {
      reflect(reflector, work + doubles(column * rows), step, rows);
    }
    rank++;
  }
  put(outcome, 0, <f64>rank);
}

function exchange(work: usize, order: usize, rows: i32, one: i32, other: i32): void {
  for (let row: i32 = 0; row < rows; row++) {
    const kept = at(work, one * rows + row);
    put(work, one * rows + row, at(work, other * rows + row));
    put(work, other * rows + row, kept);
  }
  const kept = load<i32>(order + (<usize>one << 2));
  store<i32>(order + (<usize>one << 2), load<i32>(order + (<usize>other << 2)));
  store<i32>(order + (<usize>other << 2), kept);
}

function makeReflector(column: usize, start: i32, rows: i32, reflector: usize): void {
  let norm: f64 = 0.0;
  for (let row = start; row < rows; row++) {
    const value = at(column, row);
    put(reflector, row, value);
    norm += value * value;
  }
  const first = at(column, start);
  // Of zeros the sign is that of 1.
  const sign: f64 = first < 0.0 ? -1.0 : 1.0;
  put(reflector, start, at(reflector, start) + sign * Math.sqrt(norm));
  let length: f64 = 0.0;
  for (let row = start; row < rows; row++) length += at(reflector, row) * at(reflector, row);
  length = Math.sqrt(length);
  for (let row = start; row < rows; row++) put(reflector, row, at(reflector, row) / length);
}

function reflect(reflector: usize, column: usize, start: i32, rows: i32): void {
  let dot: f64 = 0.0;
  for (let row = start; row < rows; row++) dot += at(reflector, row) * at(column, row);
  for (let row = start; row < rows; row++) put(column, row, at(column, row) - 2.0 * dot * at(reflector, row));
}

/**
 * The first columns of Q, one a row, as orthonormalRows in qr.ts.
 *
 * @param reflectors - rank × rows
 * @param thin - rank × rows, zeros before
 */
export function thinBasis(
  reflectors: usize,
  rows: i32,
  rank: i32,
  thin: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let k: i32 = 0; k < rank; k++) {
    const unit = thin + doubles(k * rows);
    put(unit, k, 1.0);
    for (let step = rank - 1; step >= 0; step--) reflect(reflectors + doubles(step * rows), unit, step, rows);
  }
}

/**
 * The operator of least squares, as leastSquaresOperator in qr.ts.
 *
 * @param thin - rank × rows
 * @param upper - columns × columns
 * @param order - one i32 per column
 * @param spreads - what each column was divided by
 * @param operator - columns × rows, zeros before
 */
export function leastSquares(
  thin: usize,
  rows: i32,
  columns: i32,
  rank: i32,
  upper: usize,
  order: usize,
  spreads: usize,
  operator: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let k = rank - 1; k >= 0; k--) {
    const target = operator + doubles(load<i32>(order + (<usize>k << 2)) * rows);
    memory.copy(target, thin + doubles(k * rows), doubles(rows));
    for (let j = k + 1; j < rank; j++) {
      const factor = at(upper, k * columns + j);
      const solved = operator + doubles(load<i32>(order + (<usize>j << 2)) * rows);
      for (let row: i32 = 0; row < rows; row++) put(target, row, at(target, row) - factor * at(solved, row));
    }
    const pivot = at(upper, k * columns + k);
    for (let row: i32 = 0; row < rows; row++) put(target, row, at(target, row) / pivot);
  }
  for (let k: i32 = 0; k < columns; k++) {
    const spread = at(spreads, k);
    const own = operator + doubles(k * rows);
    for (let row: i32 = 0; row < rows; row++) put(own, row, at(own, row) / spread);
  }
}
