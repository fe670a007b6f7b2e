import type { CombatModel } from '../combat-model';

/** What a model expects of features at the average (or reference) site. */
export type Expectation = Pick<CombatModel, 'grandMean' | 'coefficients' | 'columns'>;

/** One scan of a design: subjects × columns, row-major. */
interface DesignRow {
  readonly design: Float64Array;
  readonly row: number;
}

/**
 * Writes what is expected of one scan into `fit`, on the scale that the model works on: μ, the grand mean and the effects of
 * covariates.
 *
 * @param scan - coded as the model was fitted
 */
export function expectRow(
  { grandMean, coefficients, columns }: Expectation,
  { design, row }: DesignRow,
  fit: Float64Array,
): void {
  const width = fit.length;
  fit.set(grandMean);
  for (let k = 0; k < columns.length; k++) {
    const x = design[row * columns.length + k];
    // A scan that a smooth does not concern, and a level that it does not have.
    if (x === 0) continue;
    const slope = k * width;
    for (let w = 0; w < width; w++) fit[w] += x * coefficients[slope + w];
  }
}

/**
 * How many times the σ̂ of a model one feature of a scan varies: exp(column · ω̂), which is 1 where σ depends on no covariate.
 *
 * @param exponents - ω̂: scale columns × width
 * @param scan - its scale columns
 */
export function spreadAt(
  exponents: Float64Array,
  { design, row }: DesignRow,
  { w, width }: { readonly w: number; readonly width: number },
): number {
  const columns = exponents.length / width;
  if (columns === 0) return 1;
  let exponent = 0;
  for (let k = 0; k < columns; k++) exponent += design[row * columns + k] * exponents[k * width + w];
  return Math.exp(exponent);
}

/** Writes {@link spreadAt} of every feature of a scan into `spread`. */
export function spreadRow(exponents: Float64Array, scan: DesignRow, spread: Float64Array): void {
  const width = spread.length;
  for (let w = 0; w < width; w++) spread[w] = spreadAt(exponents, scan, { w, width });
}
