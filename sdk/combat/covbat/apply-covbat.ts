import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { withFeatures } from '../../data/cohort';
import { modelDigest } from '../../data/digest';
import { provenanceStep } from '../../data/provenance';
import { weightRows } from '../../math/linear/banded-products';
import type { ApplyIntoOptions } from '../apply-combat';
import { applicableScans, applyingIssues } from '../apply-combat';
import type { ScansToCorrect } from '../corrected-scans';
import { putBack } from '../frame/put-back';
import type { CovbatModel, KnownScores } from './covbat-model';
import { missingIssues, scoresAlong } from './leftovers';
import type { MovedValues, MoveOptions } from './move-by-kernels';
import { moveByKernels } from './move-by-kernels';
import { scoreMoves } from './score-moves';

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
  return applyScored(model, cohort, options);
}

/**
 * {@link applyCovbat} of checked options.
 *
 * @param fitted - scores of the scans, where they are those that the model was fitted on
 */
export async function applyScored(
  model: CovbatModel,
  cohort: FeatureCohort,
  options: ApplyIntoOptions,
  fitted?: KnownScores,
): Promise<FeatureCohort> {
  const { unseen = 'error', missingCovariates = 'error' } = options;
  const scans = await applicableScans(model.combat, cohort, options);
  const how = { ...options, fitted };
  const made = (await moveByKernels(model, scans, how)) ?? (await moveWhole(model, scans, how));
  const step = provenanceStep('applyCovbat', {
    unseen,
    missingCovariates,
    model: model.provenance,
    digest: modelDigest(model, whatDecides),
  });
  const features = { ...scans.used.features, values: made.values };
  const issues = [...applyingIssues(model.combat, scans, made), ...missingIssues(made.cells)];
  return withFeatures(scans.used, features, step, issues);
}

/** In three steps, each over the whole table. Exported for tests. */
export async function moveWhole(
  model: CovbatModel,
  scans: ScansToCorrect,
  { into, fitted, ...options }: MoveOptions,
): Promise<MovedValues> {
  const { used } = scans;
  const made = await putBack(model.combat, used, { ...scans, into, run: options });
  const after = { ...used, features: { ...used.features, values: made.values } };
  const { scores, cells } = fitted ?? scoresAlong(model, after);
  shift(model, made.values, await scoreMoves(model, used, { scores, options }));
  return { ...made, cells };
}

/** All of a model but how it came about and what was noticed. */
function whatDecides({ combat, scores, ...rest }: CovbatModel): unknown {
  const bare = { version: '', reading: undefined, issues: [], provenance: [] };
  return { ...rest, ...bare, combat: { ...combat, ...bare }, scores: { ...scores, ...bare } };
}

/**
 * Moves values, which are our own, by what ComBat did to the scores; a value that does not move keeps its bits.
 *
 * @param by - scans × components
 */
function shift({ rotation, scales, combat }: CovbatModel, values: Float64Array, by: Float64Array): void {
  const width = scales.length;
  const moveRow = combat.settings.transform === 'log' ? multiplyRow : addToRow;
  weightRows(by, rotation, {
    rows: rotation.length / width,
    use: ({ first, size, values: moved }) => {
      const units = scales.subarray(first, first + size);
      for (let from = 0, row = first; from < moved.length; from += size, row += width) {
        moveRow(values, row, { moved, from, units });
      }
      return undefined;
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
