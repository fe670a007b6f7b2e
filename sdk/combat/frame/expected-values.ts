import type { CombatModel } from '../combat-model';

/** What a model expects of features at the average (or reference) site. */
export type Expectation = Pick<CombatModel, 'grandMean' | 'coefficients' | 'columns'>;

/**
 * Writes what is expected of one scan into `fit`, on the scale that the model works on: μ, the grand mean and the effects of
 * covariates.
 *
 * @param design - subjects × columns, row-major, as the model was fitted on
 */
export function expectRow(
  { grandMean, coefficients, columns }: Expectation,
  { design, row }: { readonly design: Float64Array; readonly row: number },
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
