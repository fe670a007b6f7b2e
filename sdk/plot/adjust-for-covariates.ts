import { Matrix, solve } from 'ml-matrix';
import type { Participants } from '../data/people/participants';
import { covariateNamed, siteCodes, siteNames } from '../data/people/participants';
import { columnsOf } from '../math/linear/covariate-columns';

/**
 * Takes the effects of covariates out of one feature for display: the slopes are estimated by least squares within
 * sites (Frisch & Waugh 1933, so that site differences do not leak into them) and the values moved to the mean of
 * each covariate. Where columns depend on each other, the smallest solution is used.
 *
 * @param values - one per subject; `NaN` where missing
 * @returns the adjusted values; `NaN` where the value or a covariate is missing
 * @throws ConcordError `unknown-column` when a covariate is not there.
 */
export function adjustForCovariates(
  values: Float64Array,
  participants: Participants,
  names: readonly string[],
): Float64Array {
  const columns = names.flatMap((name) =>
    columnsOf(covariateNamed(participants, name)).map((column) => column.values),
  );
  const complete = Array.from(values.keys()).filter(
    (row) => !Number.isNaN(values[row]) && columns.every((column) => !Number.isNaN(column[row])),
  );
  const adjusted = new Float64Array(values.length).fill(NaN);
  if (complete.length === 0) return adjusted;
  const sites = siteCodes(participants, siteNames(participants));
  const y = withinSites(values, complete, sites);
  const x = columns.map((column) => withinSites(column, complete, sites));
  const slopes = leastSquares(x, y);
  const means = columns.map(
    (column) => complete.reduce((sum, row) => sum + column[row], 0) / complete.length,
  );
  for (const row of complete) {
    adjusted[row] = columns.reduce(
      (rest, column, k) => rest - slopes[k] * (column[row] - means[k]),
      values[row],
    );
  }
  return adjusted;
}

/** The values at `rows` minus the mean of their site. */
function withinSites(values: Float64Array, rows: readonly number[], sites: Int32Array): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const row of rows) {
    const entry = sums.get(sites[row]) ?? { sum: 0, count: 0 };
    sums.set(sites[row], { sum: entry.sum + values[row], count: entry.count + 1 });
  }
  return Float64Array.from(rows, (row) => {
    const entry = sums.get(sites[row]);
    return entry === undefined ? NaN : values[row] - entry.sum / entry.count;
  });
}

/** Slopes of `y` on the columns `x`, all centered; by singular values, so that dependent columns do no harm. */
function leastSquares(x: readonly Float64Array[], y: Float64Array): number[] {
  if (x.length === 0) return [];
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const norms = x.map((column) => Math.sqrt(dot(column, column)) || 1);
  const gram = new Matrix(x.map((a, i) => x.map((b, j) => dot(a, b) / (norms[i] * norms[j]))));
  const right = Matrix.columnVector(x.map((column, i) => dot(column, y) / norms[i]));
  return solve(gram, right, true)
    .to1DArray()
    .map((slope, i) => slope / norms[i]);
}
