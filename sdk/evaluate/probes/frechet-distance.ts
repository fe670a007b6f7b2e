import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/** Points in a space of features: rows × columns, row-major. */
export interface FeaturePoints {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The Fréchet distance of two sets of points, taken as normal: ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Dowson & Landau
 * 1982, J. Multivar. Anal. 12:450). Of a network's features it is the FID (Heusel et al. 2017, arXiv:1706.08500). Its
 * expectation falls with the number of points: compare only sets of the same sizes.
 *
 * @throws ConcordError `too-little-data` with fewer than two points in a set; `invalid-option` when their features
 * differ; `invalid-number` when one is not finite.
 */
export function frechetDistance(one: FeaturePoints, other: FeaturePoints): number {
  requireCall('metrics.frechetDistance', { one, other });
  requirePoints(one, other);
  const a = moments(one);
  const b = moments(other);
  const between = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2, 0);
  // tr (Σ₁Σ₂)^½ is the sum of the roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is symmetric.
  const root = squareRoot(a.covariance);
  const product = root.mmul(b.covariance).mmul(root);
  const roots = eigen(product).realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, between + a.covariance.trace() + b.covariance.trace() - 2 * roots);
}

/** Checks two sets of points. */
export function requirePoints(one: FeaturePoints, other: FeaturePoints): void {
  if (one.columns !== other.columns) {
    throw new ConcordError(
      'invalid-option',
      `invalid features: ${one.columns} of one set, ${other.columns} of the other (the same network is required)`,
    );
  }
  for (const { rows, values } of [one, other]) {
    if (rows < 2)
      throw new ConcordError('too-little-data', `${rows} points are too few to compare (at least two)`);
    if (values.every((value) => Number.isFinite(value))) continue;
    throw new ConcordError('invalid-number', 'invalid features: some are not finite numbers');
  }
}

function moments({ values, rows, columns }: FeaturePoints): {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
} {
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns] += values[i] / rows;
  const centered = Matrix.zeros(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      centered.set(row, column, values[row * columns + column] - mean[column]);
    }
  }
  return {
    mean,
    covariance: centered
      .transpose()
      .mmul(centered)
      .div(rows - 1),
  };
}

function eigen(symmetric: Matrix): EigenvalueDecomposition {
  // Rounding leaves a little asymmetry, which the decomposition must not see.
  const even = Matrix.add(symmetric, symmetric.transpose()).mul(0.5);
  return new EigenvalueDecomposition(even, { assumeSymmetric: true });
}

function squareRoot(symmetric: Matrix): Matrix {
  const { eigenvectorMatrix, realEigenvalues } = eigen(symmetric);
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}
