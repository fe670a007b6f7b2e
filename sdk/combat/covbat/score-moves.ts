import type { FeatureCohort } from '../../data/cohort';
import type { ApplyCombatOptions } from '../apply-combat';
import { applyCombat } from '../apply-combat';
import type { CovbatModel } from './covbat-model';
import { cohortOfScores } from './leftovers';

/**
 * How far ComBat of scores moves them: scans × components.
 *
 * @param of.scores - scans × components, of the scans of a cohort
 */
export async function scoreMoves(
  model: CovbatModel,
  used: FeatureCohort,
  of: { readonly scores: Float64Array; readonly options: ApplyCombatOptions },
): Promise<Float64Array> {
  const { unseen, signal } = of.options;
  const before = cohortOfScores(used, of.scores, model.explained.length);
  const { values: moved } = (await applyCombat(model.scores, before, { unseen, signal })).features;
  for (let at = 0; at < moved.length; at++) moved[at] -= of.scores[at];
  return moved;
}
