import { inverseIteration } from './inverse-iteration';
import type { LeadingEigenvectors } from './leading-eigenvectors';
import { eigenvaluesAlong, tridiagonalize } from './tridiagonal';

/**
 * Finds the largest eigenvalues of a symmetric matrix, and unit eigenvectors at right angles, to rounding: Householder's
 * reduction to a tridiagonal matrix, all eigenvalues of that, and only the eigenvectors that are asked for by inverse iteration
 * (Golub & Van Loan 2013, "Matrix Computations", §8.2.2; Wilkinson 1965). `ml-matrix` computes all eigenvectors.
 *
 * @param symmetric - row-major, left as it is
 * @param countOf - how many eigenvectors are wanted, knowing all eigenvalues, largest first
 */
export function symmetricEigenvectors(
  symmetric: Float64Array,
  size: number,
  countOf: (values: readonly number[]) => number,
): LeadingEigenvectors {
  const reduced = tridiagonalize(symmetric, size);
  const found = eigenvaluesAlong(reduced, []).values;
  const all = Array.from(found).sort((a, b) => b - a);
  const values = all.slice(0, Math.min(countOf(all), size));
  const rows = inverseIteration(reduced, values);
  reduced.rotateBackRows(rows);
  const vectors = values.map((_, k) => rows.subarray(k * size, (k + 1) * size));
  return { values, vectors };
}
