import type { CombatModel, FeatureStatus } from '../combat-model';
import { expectRow } from '../frame/expected-values';
import type { CovbatSettings, LeftoverUnits } from './covbat-model';
import type { Expected } from './leftovers-by-kernels';

/** In plain JavaScript, as for small tables; in place. */
export function standardizePlainly(
  { model, design }: Expected,
  rest: Float64Array,
  settings: Pick<CovbatSettings, 'standardize'>,
): { readonly units: LeftoverUnits; readonly cells: number } {
  takeExpected(model, { design, first: 0 }, rest);
  const cells = missingCells(rest, model.status);
  const units = unitsOf(rest, model.features.length, settings);
  standardizeLeftovers(rest, units);
  return { units, cells };
}

/** The mean and standard deviation (n − 1) of each feature's leftovers, on the cells that it has: in two passes. */
function unitsOf(
  rest: Float64Array,
  width: number,
  { standardize }: Pick<CovbatSettings, 'standardize'>,
): LeftoverUnits {
  const centers = new Float64Array(width);
  const counts = new Float64Array(width);
  for (let from = 0; from < rest.length; from += width) {
    for (let w = 0; w < width; w++) {
      const value = rest[from + w];
      if (value !== value) continue;
      centers[w] += value;
      counts[w]++;
    }
  }
  for (let w = 0; w < width; w++) centers[w] /= counts[w];
  const scales = new Float64Array(width);
  for (let from = 0; from < rest.length; from += width) {
    for (let w = 0; w < width; w++) {
      const off = rest[from + w] - centers[w];
      if (off === off) scales[w] += off * off;
    }
  }
  for (let w = 0; w < width; w++) {
    // Nothing is left of a feature that was passed through, or has one value: it takes no part.
    const spread = Math.sqrt(scales[w] / (counts[w] - 1));
    scales[w] = spread > 0 ? (standardize ? spread : 1) : NaN;
  }
  return { centers, scales };
}

/** Takes away what is expected of scans, the first of which is row `first` of a design. */
export function takeExpected(
  model: CombatModel,
  { design, first }: { readonly design: Float64Array; readonly first: number },
  rest: Float64Array,
): void {
  const width = model.features.length;
  const fit = new Float64Array(width);
  const log = model.settings.transform === 'log';
  for (let from = 0; from < rest.length; from += width) {
    expectRow(model, { design, row: first + from / width }, fit);
    if (log) for (let w = 0; w < width; w++) rest[from + w] = Math.log(rest[from + w]);
    for (let w = 0; w < width; w++) rest[from + w] -= fit[w];
  }
}

/** Centers and scales leftovers in place; what is missing is taken to be as expected: 0. */
export function standardizeLeftovers(rest: Float64Array, { centers, scales }: LeftoverUnits): void {
  const width = centers.length;
  for (let from = 0; from < rest.length; from += width) {
    for (let w = 0; w < width; w++) {
      const z = (rest[from + w] - centers[w]) / scales[w];
      rest[from + w] = z === z ? z : 0;
    }
  }
}

/** How many cells of harmonized features are missing. */
export function missingCells(rest: Float64Array, status: readonly FeatureStatus[]): number {
  const width = status.length;
  const counts = Uint8Array.from(status, (own) => Number(own === 'harmonized'));
  let cells = 0;
  for (let from = 0; from < rest.length; from += width) {
    for (let w = 0; w < width; w++) if (rest[from + w] !== rest[from + w]) cells += counts[w];
  }
  return cells;
}
