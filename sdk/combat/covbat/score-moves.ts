import type { FeatureCohort } from '../../data/cohort';
import type { ApplyCombatOptions } from '../apply-combat';
import { correctedScans } from '../corrected-scans';
import { putBack } from '../frame/put-back';
import type { CovbatModel } from './covbat-model';
import { cohortOfScores } from './leftovers';

/**
 * How far ComBat of scores moves them: scans × components. What `applyCombat` would notice of scores is not looked for: whether scans
 * are unlike those that were fitted on is said of their features.
 *
 * @param of.scores - scans × components, of the scans of a cohort
 */
export async function scoreMoves(
  { scores: model, explained }: Pick<CovbatModel, 'scores' | 'explained'>,
  used: FeatureCohort,
  of: { readonly scores: Float64Array; readonly options: ApplyCombatOptions },
): Promise<Float64Array> {
  const { unseen = 'error', signal } = of.options;
  const before = cohortOfScores(used, of.scores, explained.length);
  const how = { unseen, missingCovariates: 'error', run: { signal } } as const;
  const scans = await correctedScans(model, before, how);
  const { values: moved } = await putBack(model, scans.used, { ...scans, run: { signal } });
  for (let at = 0; at < moved.length; at++) moved[at] -= of.scores[at];
  return moved;
}
