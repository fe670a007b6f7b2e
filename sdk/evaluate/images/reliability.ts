import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/**
 * The intraclass correlation ICC(2,1): two-way random effects, absolute agreement, single measurement (Shrout & Fleiss
 * 1979, Psychological Bulletin 86:420). 1 when every site measures every subject alike. It can be negative.
 *
 * @param values - subjects × sites, row-major, without missing values
 * @param sites - measurements per subject, at least 2
 * @throws ConcordError `too-little-data` with fewer than two subjects or sites; `invalid-number` for a value that is
 * not finite.
 */
export function intraclassCorrelation(values: ArrayLike<number>, sites: number): number {
  requireCall('metrics.intraclassCorrelation', { values, sites });
  const n = requireTable(values, sites);
  const k = sites;
  const { rowMeans, columnMeans, grand } = meansOf(values, n, k);
  let rows = 0;
  let columns = 0;
  let residual = 0;
  for (const mean of rowMeans) rows += k * (mean - grand) ** 2;
  for (const mean of columnMeans) columns += n * (mean - grand) ** 2;
  for (let i = 0; i < values.length; i++) {
    residual += (values[i] - rowMeans[Math.floor(i / k)] - columnMeans[i % k] + grand) ** 2;
  }
  const betweenSubjects = rows / (n - 1);
  const betweenSites = columns / (k - 1);
  const error = residual / ((n - 1) * (k - 1));
  return (betweenSubjects - error) / (betweenSubjects + (k - 1) * error + (k * (betweenSites - error)) / n);
}

/**
 * The within-subject coefficient of variation across sites: per subject the standard deviation (divisor sites − 1)
 * over the mean, averaged over subjects. It makes sense for quantities with a true zero.
 *
 * @param values - subjects × sites, row-major, without missing values
 * @throws ConcordError as {@link intraclassCorrelation}, except that one subject is enough.
 */
export function coefficientOfVariation(values: ArrayLike<number>, sites: number): number {
  requireCall('metrics.coefficientOfVariation', { values, sites });
  const n = requireTable(values, sites, 1);
  const { rowMeans } = meansOf(values, n, sites);
  let sum = 0;
  rowMeans.forEach((mean, row) => {
    let squares = 0;
    for (let site = 0; site < sites; site++) squares += (values[row * sites + site] - mean) ** 2;
    sum += Math.sqrt(squares / (sites - 1)) / Math.abs(mean);
  });
  return sum / n;
}

function meansOf(
  values: ArrayLike<number>,
  n: number,
  k: number,
): { rowMeans: Float64Array; columnMeans: Float64Array; grand: number } {
  const rowMeans = new Float64Array(n);
  const columnMeans = new Float64Array(k);
  let grand = 0;
  for (let i = 0; i < values.length; i++) {
    rowMeans[Math.floor(i / k)] += values[i] / k;
    columnMeans[i % k] += values[i] / n;
    grand += values[i] / (n * k);
  }
  return { rowMeans, columnMeans, grand };
}

/** The number of subjects of a table that is fit for the work. */
function requireTable(values: ArrayLike<number>, sites: number, fewest = 2): number {
  const n = values.length / sites;
  if (!(Number.isInteger(n) && n >= fewest && Number.isInteger(sites) && sites >= 2)) {
    throw new ConcordError(
      'too-little-data',
      `invalid table: ${values.length} values at ${sites} sites (at least ${fewest} complete subjects at 2 sites are required)`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new ConcordError(
      'invalid-number',
      `invalid value of subject ${Math.floor(i / sites)} at site ${i % sites}: ${values[i]} (leave incomplete subjects out)`,
    );
  }
  return n;
}
