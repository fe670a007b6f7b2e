import { EigenvalueDecomposition, Matrix, inverse } from 'ml-matrix';
import { fUpperTail } from '../statistics/f-distribution';
import type { MixedDesign } from './mixed-design';
import type { MixedFit } from './fit-mixed';

/** An F test whose denominator has degrees of freedom estimated from the data. */
export interface ApproximateF {
  readonly statistic: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly p: number;
}

/**
 * Tests that the last columns of a design have no effect, in a mixed model of persons with a level of their own, by the method
 * of Kenward & Roger (1997, Biometrics 53:983): the covariance of the fixed effects is adjusted for the uncertainty of the
 * variances, and the F statistic scaled so that its first two moments are right. As pbkrtest has it (Halekoh & Højsgaard
 * 2014, Journal of Statistical Software 59(9)).
 *
 * @param tested - how many of the last columns are tested, given all before them
 */
export function kenwardRoger(design: MixedDesign, fit: MixedFit, tested: number): ApproximateF {
  const { moments, adjusted, plain } = adjustedCovariance(design, fit);
  const width = design.basis.length;
  const first = width - tested;
  const part = (matrix: Matrix): Matrix => matrix.subMatrix(first, width - 1, first, width - 1);
  const effects = Matrix.columnVector(Array.from(fit.fitted.subarray(first)));
  const sigma2 = fit.residualVariance;
  const wald =
    effects
      .transpose()
      .mmul(inverse(part(adjusted)))
      .mmul(effects)
      .get(0, 0) / sigma2;
  const theta = Matrix.zeros(width, width);
  theta.setSubMatrix(inverse(part(plain)), first, first);
  const turned = moments.slopes.map((slope) => theta.mmul(plain).mmul(slope).mmul(plain));
  let [a1, a2] = [0, 0];
  turned.forEach((one, i) => {
    turned.forEach((other, j) => {
      const weight = moments.weights.get(i, j);
      a1 += weight * one.trace() * other.trace();
      a2 += weight * one.mmul(other).trace();
    });
  });
  return scaled(wald / tested, tested, { a1, a2 });
}

/** The scale and the degrees of freedom that match the moments of an F statistic (Kenward & Roger 1997, section 3). */
function scaled(
  unscaled: number,
  q: number,
  { a1, a2 }: { readonly a1: number; readonly a2: number },
): ApproximateF {
  const b = (a1 + 6 * a2) / (2 * q);
  const g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2);
  const divisor = 3 * q + 2 * (1 - g);
  const [c1, c2, c3] = [g / divisor, (q - g) / divisor, (q + 2 - g) / divisor];
  const above = Math.abs(1 + c1 * b) < 1e-10 ? 0 : 1 + c1 * b;
  const [below, last] = [1 - c2 * b, 1 - c3 * b];
  const mean = 1 - a2 / q;
  const ratio = Math.abs(mean) < 1e-14 && Math.abs(below) < 1e-14 ? 1 : mean / below;
  const rho = (ratio ** 2 * above) / last / q;
  const denominator = 4 + (q + 2) / (q * rho - 1);
  const scaling = Math.abs(denominator - 2) < 0.01 ? 1 : (denominator * mean) / (denominator - 2);
  const statistic = scaling * unscaled;
  return { statistic, numerator: q, denominator, p: fUpperTail(statistic, q, denominator) };
}

/** How the two variances, of persons and residual, bear on the fixed effects; in units of the residual variance. */
interface Moments {
  /** P of each: minus the derivative of XᵀV⁻¹X. */
  readonly slopes: readonly Matrix[];
  /** W: the covariance of the variances. */
  readonly weights: Matrix;
}

function adjustedCovariance(
  design: MixedDesign,
  { state, covariance }: MixedFit,
): { readonly moments: Moments; readonly adjusted: Matrix; readonly plain: Matrix } {
  const width = design.basis.length;
  const plain = new Matrix(rowsOf(state.inverse, width));
  const ratio = covariance[0];
  // Σ persons of weight × XᵀZZᵀX, where a person of m scans has (1 + λm).
  const sum = (weight: (m: number, a: number) => number): Matrix => {
    const total = new Float64Array(width * width);
    for (const { squares, grams } of design.groups) {
      const by = weight(squares[0], 1 + ratio * squares[0]);
      for (let at = 0; at < total.length; at++) total[at] += by * grams[at];
    }
    return new Matrix(rowsOf(total, width));
  };
  const power = (k: number): Matrix => Matrix.eye(width, width).add(sum((m, a) => (a ** -k - 1) / m));
  const slopes = [sum((_, a) => -(a ** -2)), power(2).mul(-1)];
  const persons = sum((m, a) => m * a ** -3);
  const mixed = sum((_, a) => a ** -3);
  const seconds = [
    [persons, mixed],
    [mixed, power(3)],
  ];
  const traces = tracesOf(design, ratio);
  const information = new Matrix(2, 2);
  const curved = seconds.map((row, i) =>
    row.map((second, j) => {
      const bent = Matrix.sub(second, slopes[i].mmul(plain).mmul(slopes[j]));
      const trace = plain.mmul(Matrix.add(second, bent)).trace();
      information.set(i, j, traces[i][j] - trace);
      return bent;
    }),
  );
  const weights = inverseOf(information).mul(2);
  const total = Matrix.zeros(width, width);
  curved.forEach((row, i) => {
    row.forEach((bent, j) => total.add(Matrix.mul(bent, weights.get(i, j))));
  });
  const adjusted = Matrix.add(plain, plain.mmul(total).mmul(plain).mul(2));
  return { moments: { slopes, weights }, adjusted, plain };
}

/** tr(V⁻¹G V⁻¹H) of the derivatives of V by the two variances. */
function tracesOf({ groups, rows, personCount }: MixedDesign, ratio: number): readonly (readonly number[])[] {
  let [persons, mixed, residual] = [0, 0, rows - personCount];
  for (const { squares, persons: count } of groups) {
    const [m] = squares;
    const share = count / (1 + ratio * m) ** 2;
    persons += m * m * share;
    mixed += m * share;
    residual += share;
  }
  return [
    [persons, mixed],
    [mixed, residual],
  ];
}

/** The inverse of a 2 × 2 matrix; where it is singular, that on the space that it covers. */
function inverseOf(information: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(information);
  const largest = Math.max(...realEigenvalues.map(Math.abs));
  const kept = realEigenvalues.map((value) => (Math.abs(value) > 1e-10 * largest ? 1 / value : 0));
  return eigenvectorMatrix.mmul(Matrix.diag(kept)).mmul(eigenvectorMatrix.transpose());
}

function rowsOf(values: Float64Array, width: number): number[][] {
  return Array.from({ length: width }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
}
