import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Participants } from '../../data/people/participants';
import type { CovariateDesign } from '../design/covariate-design';
import { columnsOfSmooths } from '../design/smooth-basis';
import { smoothPenalties, straightLines } from '../means/fit-mean-model';

/** The columns of a design by what a mixed model takes them for: as long as there are scans. */
export interface CurveColumns {
  /** Linear effects, and the straight line of each smooth. */
  readonly fixed: readonly Float64Array[];
  /** For each smooth, the columns that it bends by. */
  readonly bending: readonly (readonly Float64Array[])[];
}

/**
 * A smooth as a straight line, which its penalty S does not see, and random effects: along the other eigenvectors of S, each
 * divided by the root of its eigenvalue, λ βᵀSβ is λ‖b‖², which is what draws b of one variance, that of residuals over λ, add to
 * −2 log of a likelihood (Wood 2017, "Generalized Additive Models", § 5.8).
 */
export function curveColumns(design: CovariateDesign, participants: Participants): CurveColumns {
  const { values, columns, smooths } = design;
  const width = columns.length;
  const rows = participants.ids.length;
  const linear = width - columnsOfSmooths(smooths);
  const lines = straightLines(design, participants);
  const fixed = lines.columns.map((_, k) =>
    Float64Array.from({ length: rows }, (__, row) => lines.values[row * lines.columns.length + k]),
  );
  const along = (weights: readonly number[], from: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) =>
      weights.reduce((sum, weight, k) => sum + weight * values[row * width + from + k], 0),
    );
  const bending = smoothPenalties(smooths).map(({ first, size, free, penalty }) => {
    // Eigenvalues ascend: the first are those of straight lines, 0 but for rounding.
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
      Matrix.from1DArray(size, size, penalty),
      { assumeSymmetric: true },
    );
    return realEigenvalues.slice(free).map((value, k) => {
      const weights = eigenvectorMatrix.getColumn(free + k).map((weight) => weight / Math.sqrt(value));
      return along(weights, linear + first);
    });
  });
  return { fixed, bending };
}
