import type { FeatureCohort } from '../../data/cohort';
import { makeFeatureCohort } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { innerProducts } from '../../math/linear/inner-products';
import type { CombatModel, FeatureStatus } from '../combat-model';
import { applyDesign } from '../design/covariate-design';
import { expectRow } from '../frame/expected-values';
import type { CovbatModel, CovbatSettings } from './covbat-model';
import type { Expected } from './leftovers-by-kernels';
import { scoresByKernels, standardizeByKernels } from './leftovers-by-kernels';

/** What leftovers are measured from, and in which unit. */
export type LeftoverUnits = Pick<CovbatModel, 'centers' | 'scales'>;

/**
 * What is left of features after ComBat once what is expected is taken away, on the scale that the model works on:
 * subjects × features, `NaN` for missing cells and for features that the model passes through.
 *
 * @param rest - the values to take it from, in place: a copy, or those of a cohort that is not used again
 */
export function leftovers(
  model: CombatModel,
  after: FeatureCohort,
  rest: Float64Array = after.features.values.slice(),
): Float64Array {
  takeExpected(model, { design: applyDesign(after.participants, model).values, first: 0 }, rest);
  return rest;
}

/** Leftovers in the units that components are taken of. */
export interface StandardizedLeftovers {
  /** Subjects × features; 0 for what is missing and for features that take no part. */
  readonly rest: Float64Array;
  readonly units: LeftoverUnits;
  /** How many cells of harmonized features are missing. */
  readonly cells: number;
}

/**
 * What is left of features after ComBat, centered and scaled.
 *
 * @param after - what ComBat made of a cohort, which is not used again: leftovers take the place of its values
 */
export function standardizedLeftovers(
  model: CombatModel,
  after: FeatureCohort,
  settings: Pick<CovbatSettings, 'standardize'>,
): StandardizedLeftovers {
  const rest = after.features.values;
  const design = applyDesign(after.participants, model).values;
  const expected = { model, design };
  const made = standardizeByKernels(expected, rest, settings) ?? standardizePlainly(expected, rest, settings);
  return { rest, ...made };
}

/** In plain JavaScript, as for small tables; in place. */
export function standardizePlainly(
  { model, design }: Expected,
  rest: Float64Array,
  settings: Pick<CovbatSettings, 'standardize'>,
): Omit<StandardizedLeftovers, 'rest'> {
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
function takeExpected(
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

/** Leftovers of so many cells at a time are small beside a table that would not fit twice. */
const together = 2e6;

/**
 * The scores of a cohort along the axes of a model, some scans at a time.
 *
 * @param after - the cohort after the model's ComBat
 */
export function scoresAlong(
  model: Pick<CovbatModel, 'combat' | 'centers' | 'scales' | 'rotation'>,
  after: FeatureCohort,
): { readonly scores: FeatureCohort; readonly missing: readonly Issue[] } {
  const { combat, rotation } = model;
  const { values } = after.features;
  const width = combat.features.length;
  const count = rotation.length / width;
  const rows = after.participants.ids.length;
  const design = applyDesign(after.participants, combat).values;
  const made = scoresByKernels({ model: combat, design }, values, { units: model, rotation });
  if (made !== undefined)
    return { scores: cohortOfScores(after, made.scores, count), missing: missingIssues(made.cells) };
  const scores = new Float64Array(rows * count);
  const block = Math.max(64, Math.floor(together / width));
  const room = new Float64Array(Math.min(rows, block) * width);
  let cells = 0;
  for (let first = 0; first < rows; first += block) {
    const own = values.subarray(first * width, Math.min(rows, first + block) * width);
    const rest = room.subarray(0, own.length);
    rest.set(own);
    takeExpected(combat, { design, first }, rest);
    cells += missingCells(rest, combat.status);
    standardizeLeftovers(rest, model);
    scores.set(innerProducts(rest, rotation, width), first * count);
  }
  return { scores: cohortOfScores(after, scores, count), missing: missingIssues(cells) };
}

/** The scores of standardized leftovers as a cohort of their own: subjects × components. */
export function scoreCohort(
  after: Pick<FeatureCohort, 'participants' | 'features'>,
  standardized: Float64Array,
  rotation: Float64Array,
): FeatureCohort {
  const width = after.features.features.length;
  const values = innerProducts(standardized, rotation, width);
  return cohortOfScores(after, values, rotation.length / width);
}

/** Scores (subjects × components) as a cohort. */
export function cohortOfScores(
  { participants }: Pick<FeatureCohort, 'participants'>,
  values: Float64Array,
  count: number,
): FeatureCohort {
  const names = Array.from({ length: count }, (_, k) => `component ${k + 1}`);
  return makeFeatureCohort(participants, makeFeatureMatrix(values, participants.ids, names));
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

/** Says how many cells count as expected, because they are missing. */
export function missingIssues(cells: number): readonly Issue[] {
  if (cells === 0) return [];
  const message = `${counted(cells, 'missing cell')} ${cells === 1 ? 'counts' : 'count'} as the value expected in components`;
  return [makeIssue('missing-in-components', message)];
}
