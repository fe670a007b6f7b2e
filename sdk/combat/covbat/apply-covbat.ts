import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { withFeatures } from '../../data/cohort';
import { modelDigest } from '../../data/digest';
import { provenanceStep } from '../../data/provenance';
import { weightRows } from '../../math/linear/banded-products';
import type { ApplyIntoOptions } from '../apply-combat';
import { applyCombat } from '../apply-combat';
import type { CovbatModel } from './covbat-model';
import { scoresAlong } from './leftovers';

/**
 * Harmonizes a cohort by a fitted CovBat model, the one that it was fitted on or other subjects: ComBat of the features, then
 * the stored centers, scales and axes, ComBat of the scores, and back. What other subjects have beside the axes stays as it
 * is. Missing cells stay missing, and a subject of the reference site comes back bit for bit.
 *
 * @throws ConcordError what {@link applyCombat} throws.
 */
export async function applyCovbat(
  model: CovbatModel,
  cohort: FeatureCohort,
  options: ApplyIntoOptions = {},
): Promise<FeatureCohort> {
  requireCall('combat.applyCovbat', { model, cohort, options });
  const { unseen = 'error', missingCovariates = 'error', signal } = options;
  const after = await applyCombat(model.combat, cohort, options);
  const { scores: before, missing } = scoresAlong(model, after);
  const harmonized = await applyCombat(model.scores, before, { unseen, signal });
  shift(model, after.features.values, {
    before: before.features.values,
    after: harmonized.features.values,
  });
  const step = provenanceStep('applyCovbat', {
    unseen,
    missingCovariates,
    model: model.provenance,
    digest: modelDigest(model, whatDecides),
  });
  // One step, not two.
  const provenance = after.provenance.slice(0, -1);
  return withFeatures({ ...after, provenance }, after.features, step, missing);
}

/** All of a model but how it came about and what was noticed. */
function whatDecides({ combat, scores, ...rest }: CovbatModel): unknown {
  const bare = { version: '', reading: undefined, issues: [], provenance: [] };
  return { ...rest, ...bare, combat: { ...combat, ...bare }, scores: { ...scores, ...bare } };
}

/** Moves values, which are our own, by what ComBat did to the scores; a value that does not move keeps its bits. */
function shift(
  { rotation, scales, combat }: CovbatModel,
  values: Float64Array,
  scores: { readonly before: Float64Array; readonly after: Float64Array },
): void {
  const width = scales.length;
  const by = scores.after.map((value, at) => value - scores.before[at]);
  const moveRow = combat.settings.transform === 'log' ? multiplyRow : addToRow;
  weightRows(by, rotation, {
    rows: rotation.length / width,
    use: ({ first, size, values: moved }) => {
      const units = scales.subarray(first, first + size);
      for (let from = 0, row = first; from < moved.length; from += size, row += width) {
        moveRow(values, row, { moved, from, units });
      }
    },
  });
}

/** How far one scan moves, in units of each feature. */
interface Move {
  readonly moved: Float64Array;
  /** The place of its first feature. */
  readonly from: number;
  readonly units: Float64Array;
}

// A call for each scan, since V8 makes a function fast between its calls.

function addToRow(values: Float64Array, row: number, { moved, from, units }: Move): void {
  for (let k = 0; k < units.length; k++) {
    const by = moved[from + k];
    if (by !== 0) values[row + k] += by * units[k];
  }
}

function multiplyRow(values: Float64Array, row: number, { moved, from, units }: Move): void {
  for (let k = 0; k < units.length; k++) {
    const by = moved[from + k];
    if (by !== 0) values[row + k] *= Math.exp(by * units[k]);
  }
}
