import type { FeatureCohort } from '../../data/cohort';
import { makeFeatureCohort } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { innerProducts } from '../../math/linear/inner-products';
import type { CombatModel } from '../combat-model';
import { applyDesign } from '../design/covariate-design';
import type { CovbatModel, CovbatSettings, KnownScores, LeftoverUnits } from './covbat-model';
import { scoresByKernels, standardizeByKernels } from './leftovers-by-kernels';
import { missingCells, standardizeLeftovers, standardizePlainly, takeExpected } from './leftovers-plainly';

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

/** Leftovers of so many cells at a time are small beside a table that would not fit twice. */
const together = 2e6;

/**
 * The scores of a cohort along the axes of a model, some scans at a time: scans × components, and how many cells are missing.
 *
 * @param after - the cohort after the model's ComBat
 */
export function scoresAlong(
  model: Pick<CovbatModel, 'combat' | 'centers' | 'scales' | 'rotation'>,
  after: FeatureCohort,
): KnownScores {
  const { combat, rotation } = model;
  const { values } = after.features;
  const width = combat.features.length;
  const count = rotation.length / width;
  const rows = after.participants.ids.length;
  const design = applyDesign(after.participants, combat).values;
  const made = scoresByKernels({ model: combat, design }, values, { units: model, rotation });
  if (made !== undefined) return made;
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
  return { scores, cells };
}

/** Makes loadings of features that take no part 0, which are rounding where eigenvectors are taken over features. */
export function clearLoadings(rotation: Float64Array, { scales }: Pick<LeftoverUnits, 'scales'>): void {
  scales.forEach((scale, w) => {
    if (!Number.isNaN(scale)) return;
    for (let at = w; at < rotation.length; at += scales.length) {
      if (rotation[at] !== 0) rotation[at] = 0;
    }
  });
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

/** Says how many cells count as expected, because they are missing. */
export function missingIssues(cells: number): readonly Issue[] {
  if (cells === 0) return [];
  const message = `${counted(cells, 'missing cell')} ${cells === 1 ? 'counts' : 'count'} as the value expected in components`;
  return [makeIssue('missing-in-components', message)];
}
