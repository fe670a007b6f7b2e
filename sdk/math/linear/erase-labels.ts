import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';

/** An affine map of points: x ↦ mean + matrix · (x − mean). */
export interface AffineErasure {
  readonly mean: Float64Array;
  /** Size × size, row-major. */
  readonly matrix: Float64Array;
  /** How many directions are taken out. */
  readonly rank: number;
}

/** Points, and the labels that they must no longer reveal. */
export interface LabelledPoints {
  /** Points × size, row-major. */
  readonly values: ArrayLike<number>;
  readonly size: number;
  /** The label of each point, from 0. */
  readonly labels: ArrayLike<number>;
  /** A part of the points that each belongs to, from 0: within each, labels are made indistinguishable. */
  readonly strata: ArrayLike<number>;
}

/** Directions whose variance is less than this share of the largest are left out: it is rounding. */
const negligible = 1e-10;

/**
 * Finds the smallest change of points after which no linear map recovers their labels within a stratum: least-squares
 * concept erasure (Belrose et al. 2023, "LEACE: perfect linear concept erasure in closed form", arXiv:2306.03819, theorem
 * 4.3), the concept being the indicators of the labels in each stratum, less their means there.
 */
export function eraseLabels({ values, size, labels, strata }: LabelledPoints): AffineErasure {
  const count = values.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < values.length; i++) mean[i % size] += values[i] / count;
  const covariance = new Matrix(size, size);
  const row = new Float64Array(size);
  const groups = groupMeans({ values, size, labels, strata });
  for (let point = 0; point < count; point++) {
    for (let j = 0; j < size; j++) row[j] = values[point * size + j] - mean[j];
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) covariance.set(a, b, covariance.get(a, b) + (row[a] * row[b]) / count);
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) covariance.set(b, a, covariance.get(a, b));
  const { realEigenvalues: spread, eigenvectorMatrix: axes } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const floor = negligible * Math.max(...spread);
  const power = (change: (variance: number) => number): Matrix => {
    const scaled = Matrix.diag(spread.map((variance) => (variance > floor ? change(variance) : 0)));
    return axes.mmul(scaled).mmul(axes.transpose());
  };
  const whiten = power((variance) => 1 / Math.sqrt(variance));
  const unwhiten = power(Math.sqrt);
  const identity = Matrix.eye(size);
  if (groups.length === 0) return { mean, matrix: Float64Array.from(identity.to1DArray()), rank: 0 };
  // What a linear map sees of labels within strata: the means of the groups, less those of their strata.
  const seen = whiten.mmul(new Matrix(groups.map((group) => Array.from(group))).transpose());
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(seen, { autoTranspose: true });
  const rank = diagonal.filter((value) => value > 1e-6).length;
  const directions = Matrix.zeros(size, size);
  for (let k = 0; k < rank; k++) {
    const direction = leftSingularVectors.subMatrix(0, size - 1, k, k);
    directions.add(direction.mmul(direction.transpose()));
  }
  const matrix = identity.sub(unwhiten.mmul(directions).mmul(whiten));
  return { mean, matrix: Float64Array.from(matrix.to1DArray()), rank };
}

/** For each label within each stratum its mean less that of the stratum, weighted by the root of its share. */
function groupMeans({ values, size, labels, strata }: LabelledPoints): readonly Float64Array[] {
  const sums = new Map<string, { stratum: number; count: number; sum: Float64Array }>();
  const wholes = new Map<number, { count: number; sum: Float64Array }>();
  const count = values.length / size;
  for (let point = 0; point < count; point++) {
    const stratum = strata[point];
    const key = `${stratum} ${labels[point]}`;
    const group = sums.get(key) ?? { stratum, count: 0, sum: new Float64Array(size) };
    const whole = wholes.get(stratum) ?? { count: 0, sum: new Float64Array(size) };
    for (let j = 0; j < size; j++) {
      group.sum[j] += values[point * size + j];
      whole.sum[j] += values[point * size + j];
    }
    sums.set(key, { ...group, count: group.count + 1 });
    wholes.set(stratum, { ...whole, count: whole.count + 1 });
  }
  return [...sums.values()].flatMap(({ stratum, count: own, sum }) => {
    const whole = wholes.get(stratum);
    if (whole === undefined || whole.count === own) return [];
    const weight = Math.sqrt(own / count);
    return [sum.map((value, j) => weight * (value / own - whole.sum[j] / whole.count))];
  });
}
