/** A symmetric matrix as L Lᵀ. */
export interface Cholesky {
  readonly size: number;
  /** L, row-major; zero above the diagonal. */
  readonly lower: Float64Array;
}

/**
 * Factors a symmetric positive definite matrix as L Lᵀ (Golub & Van Loan 2013, "Matrix Computations", §4.2.5), row by row
 * as they are in memory; `ml-matrix` goes through a function for every cell.
 *
 * @param matrix - size × size, row-major; only its lower triangle is read
 * @param least - the smallest share of a diagonal entry that may be left once the rows before it are taken out
 * @returns `undefined` where less is left: the matrix is singular, or close to it
 */
export function cholesky(matrix: Float64Array, size: number, least = 1e-12): Cholesky | undefined {
  const lower = new Float64Array(size * size);
  return factorLower(matrix, lower, { size, least }) ? { size, lower } : undefined;
}

/** As {@link cholesky}, into memory that is there: above the diagonal nothing is written. Returns whether it could be factored. */
export function factorLower(
  matrix: Float64Array,
  lower: Float64Array,
  { size, least }: { readonly size: number; readonly least: number },
): boolean {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j];
      else if (sum > least * matrix[i * size + i]) lower[i * size + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves L y = b; the squared length of y is bᵀ A⁻¹ b. */
export function solveLower({ size, lower }: Cholesky, right: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * solution[k];
    solution[i] = sum / lower[i * size + i];
  }
  return solution;
}

/** Solves Lᵀ x = b: after {@link solveLower}, the solution of A x = b. */
export function solveLowerTransposed({ size, lower }: Cholesky, right: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i];
    for (let k = i + 1; k < size; k++) sum -= lower[k * size + i] * solution[k];
    solution[i] = sum / lower[i * size + i];
  }
  return solution;
}
