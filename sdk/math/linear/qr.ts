import { basisByKernel, operatorByKernel, reflectByKernel } from './column-kernels';
import type { ReflectedColumns } from './column-kernels';
import type { DenseMatrix, PivotedQr } from './pivoted-qr';
import { transpose } from './transpose';

/**
 * Factors A P = Q R by Householder reflections with column pivoting (Golub & Van Loan, Matrix Computations,
 * 4th ed., algorithm 5.4.1). Column norms are computed afresh at each step: exact, and cheap for the few columns
 * of a design. Cost O(rows × columns²).
 *
 * @param matrix - A, at least as many rows as independent columns
 * @param threshold - a column counts as dependent once what is left of it is no longer than this
 */
export function pivotedQr(matrix: DenseMatrix, threshold: number): PivotedQr {
  const { rows, columns } = matrix;
  const { work, rank, order, reflectors } =
    reflectByKernel(matrix, threshold) ?? reflectPlainly(matrix, threshold);
  const upper = new Float64Array(columns * columns);
  for (let row = 0; row < Math.min(rank, columns); row++) {
    for (let column = row; column < columns; column++)
      upper[row * columns + column] = work[column * rows + row];
  }
  return { rank, order, reflectors, upper, rows, columns };
}

/** In plain JavaScript, as for few rows. */
export function reflectPlainly({ values, rows, columns }: DenseMatrix, threshold: number): ReflectedColumns {
  const work = transpose(values, columns);
  const order = Int32Array.from({ length: columns }, (_, column) => column);
  const reflectors = new Float64Array(columns * rows);
  let rank = 0;
  for (let step = 0; step < Math.min(rows, columns); step++) {
    const pivot = longestColumn(work, step, rows, columns);
    if (pivot.norm <= threshold) break;
    swapColumns(work, order, { from: step, to: pivot.column, rows });
    const reflector = reflectors.subarray(step * rows, (step + 1) * rows);
    makeReflector(work.subarray(step * rows, (step + 1) * rows), step, reflector);
    for (let column = step; column < columns; column++) {
      reflect(reflector, work.subarray(column * rows, (column + 1) * rows), step);
    }
    rank++;
  }
  return { work, rank, order, reflectors };
}

/**
 * The operator L (columns × rows, row-major) for which L y is the least-squares solution of A x = y, from a
 * factorization of full rank: L = P R⁻¹ Qᵀ.
 *
 * @param spreads - what each column of A was divided by before it was factored
 * @param thin - the first columns of Q, where they are there already
 */
export function leastSquaresOperator(
  qr: PivotedQr,
  spreads?: Float64Array,
  thin: Float64Array = orthonormalRows(qr),
): Float64Array {
  const given = spreads ?? new Float64Array(qr.columns).fill(1);
  return operatorByKernel(qr, given, thin) ?? operatorPlainly(qr, given, thin);
}

/** In plain JavaScript, as for few rows. */
export function operatorPlainly(
  { rows, columns, rank, upper, order }: PivotedQr,
  spreads: Float64Array,
  thin: Float64Array,
): Float64Array {
  const operator = new Float64Array(columns * rows);
  // Column by column of Q's first `rank` columns, so that R⁻¹ acts on whole rows of Qᵀ.
  for (let k = rank - 1; k >= 0; k--) {
    const target = operator.subarray(order[k] * rows, (order[k] + 1) * rows);
    target.set(thin.subarray(k * rows, (k + 1) * rows));
    for (let j = k + 1; j < rank; j++) {
      const factor = upper[k * columns + j];
      const solved = operator.subarray(order[j] * rows, (order[j] + 1) * rows);
      for (let row = 0; row < rows; row++) target[row] -= factor * solved[row];
    }
    for (let row = 0; row < rows; row++) target[row] /= upper[k * columns + k];
  }
  spreads.forEach((spread, k) => {
    for (let row = 0; row < rows; row++) operator[k * rows + row] /= spread;
  });
  return operator;
}

/** The first `rank` columns of Q, one a row: rank × rows, row-major. */
export function orthonormalRows(qr: PivotedQr): Float64Array {
  return basisByKernel(qr) ?? basisPlainly(qr);
}

/** In plain JavaScript, as for few rows. */
export function basisPlainly({ rows, rank, reflectors }: PivotedQr): Float64Array {
  const thin = new Float64Array(rank * rows);
  for (let k = 0; k < rank; k++) {
    const unit = thin.subarray(k * rows, (k + 1) * rows);
    unit[k] = 1;
    for (let step = rank - 1; step >= 0; step--) {
      reflect(reflectors.subarray(step * rows, (step + 1) * rows), unit, step);
    }
  }
  return thin;
}

/**
 * How dependent column number `position` of the pivoted order is made of the independent ones: one weight per
 * original column, so that the sum of weight × column equals that column.
 */
export function dependence(qr: PivotedQr, position: number): Float64Array {
  const { rank, columns, upper, order } = qr;
  const weights = new Float64Array(columns);
  const solution = new Float64Array(rank);
  for (let k = rank - 1; k >= 0; k--) {
    let value = upper[k * columns + position];
    for (let j = k + 1; j < rank; j++) value -= upper[k * columns + j] * solution[j];
    solution[k] = value / upper[k * columns + k];
    weights[order[k]] = solution[k];
  }
  return weights;
}

function longestColumn(
  work: Float64Array,
  step: number,
  rows: number,
  columns: number,
): { column: number; norm: number } {
  let best = { column: step, norm: -1 };
  for (let column = step; column < columns; column++) {
    let sum = 0;
    for (let at = column * rows + step; at < (column + 1) * rows; at++) sum += work[at] * work[at];
    if (Math.sqrt(sum) > best.norm) best = { column, norm: Math.sqrt(sum) };
  }
  return best;
}

function swapColumns(
  work: Float64Array,
  order: Int32Array,
  { from, to, rows }: { from: number; to: number; rows: number },
): void {
  if (from === to) return;
  const kept = work.slice(from * rows, (from + 1) * rows);
  work.copyWithin(from * rows, to * rows, (to + 1) * rows);
  work.set(kept, to * rows);
  [order[from], order[to]] = [order[to], order[from]];
}

/** The unit vector v for which I − 2 v vᵀ maps the column, from row `start` on, to a multiple of the first axis. */
function makeReflector(column: Float64Array, start: number, reflector: Float64Array): void {
  let norm = 0;
  for (let row = start; row < column.length; row++) {
    const value = column[row];
    reflector[row] = value;
    norm += value * value;
  }
  reflector[start] += Math.sign(column[start] || 1) * Math.sqrt(norm);
  let length = 0;
  for (let row = start; row < column.length; row++) length += reflector[row] * reflector[row];
  length = Math.sqrt(length);
  for (let row = start; row < column.length; row++) reflector[row] /= length;
}

function reflect(reflector: Float64Array, column: Float64Array, start: number): void {
  let dot = 0;
  for (let row = start; row < column.length; row++) dot += reflector[row] * column[row];
  for (let row = start; row < column.length; row++) column[row] -= 2 * dot * reflector[row];
}
