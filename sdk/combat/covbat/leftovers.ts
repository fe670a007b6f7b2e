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
import type { CovbatModel } from './covbat-model';

/** What leftovers are measured from, and in which unit. */
export type LeftoverUnits = Pick<CovbatModel, 'centers' | 'scales'>;

/**
 * What is left of features after ComBat once what is expected is taken away, on the scale that the model works on:
 * subjects × features, `NaN` for missing cells and for features that the model passes through.
 */
export function leftovers(model: CombatModel, after: FeatureCohort): Float64Array {
  const design = applyDesign(after.participants, model).values;
  const width = model.features.length;
  const rest = after.features.values.slice();
  const fit = new Float64Array(width);
  const log = model.settings.transform === 'log';
  for (let row = 0; row < after.participants.ids.length; row++) {
    expectRow(model, { design, row }, fit);
    for (let w = 0; w < width; w++) {
      const at = row * width + w;
      rest[at] = (log ? Math.log(rest[at]) : rest[at]) - fit[w];
    }
  }
  return rest;
}

/** Centers and scales leftovers in place; what is missing is taken to be as expected: 0. */
export function standardizeLeftovers(rest: Float64Array, { centers, scales }: LeftoverUnits): void {
  const width = centers.length;
  for (let at = 0; at < rest.length; at++) {
    const z = (rest[at] - centers[at % width]) / scales[at % width];
    rest[at] = z === z ? z : 0;
  }
}

/** The scores of standardized leftovers as a cohort of their own: subjects × components. */
export function scoreCohort(
  { participants, features }: FeatureCohort,
  standardized: Float64Array,
  rotation: Float64Array,
): FeatureCohort {
  const width = features.features.length;
  const count = rotation.length / width;
  const values = innerProducts(standardized, rotation, width);
  const names = Array.from({ length: count }, (_, k) => `component ${k + 1}`);
  return makeFeatureCohort(participants, makeFeatureMatrix(values, participants.ids, names));
}

/** Says how many cells of harmonized features count as expected, because they are missing. */
export function missingIssues(rest: Float64Array, status: readonly FeatureStatus[]): readonly Issue[] {
  const width = status.length;
  let cells = 0;
  for (let at = 0; at < rest.length; at++) {
    if (Number.isNaN(rest[at]) && status[at % width] === 'harmonized') cells++;
  }
  if (cells === 0) return [];
  const message = `${counted(cells, 'missing cell')} ${cells === 1 ? 'counts' : 'count'} as the value expected in components`;
  return [makeIssue('missing-in-components', message)];
}
