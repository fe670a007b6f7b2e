import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { withFeatures } from '../../data/cohort';
import { modelDigest } from '../../data/digest';
import { provenanceStep } from '../../data/provenance';
import type { ApplyCombatOptions } from '../apply-combat';
import { applyCombat } from '../apply-combat';
import type { CovbatModel } from './covbat-model';
import { leftovers, missingIssues, scoreCohort, standardizeLeftovers } from './leftovers';

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
  options: ApplyCombatOptions = {},
): Promise<FeatureCohort> {
  requireCall('combat.applyCovbat', { model, cohort, options });
  const { unseen = 'error', missingCovariates = 'error', signal } = options;
  const after = await applyCombat(model.combat, cohort, options);
  const rest = leftovers(model.combat, after);
  const missing = missingIssues(rest, model.combat.status);
  standardizeLeftovers(rest, model);
  const before = scoreCohort(after, rest, model.rotation);
  const harmonized = await applyCombat(model.scores, before, { unseen, signal });
  const values = shifted(model, after.features.values, {
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
  return withFeatures({ ...after, provenance }, { ...after.features, values }, step, missing);
}

/** All of a model but how it came about and what was noticed. */
function whatDecides({ combat, scores, ...rest }: CovbatModel): unknown {
  const bare = { version: '', reading: undefined, issues: [], provenance: [] };
  return { ...rest, ...bare, combat: { ...combat, ...bare }, scores: { ...scores, ...bare } };
}

/** Values moved by what ComBat did to the scores. */
function shifted(
  { rotation, scales, combat }: CovbatModel,
  values: Float64Array,
  scores: { readonly before: Float64Array; readonly after: Float64Array },
): Float64Array {
  const width = scales.length;
  const count = rotation.length / width;
  const result = values.slice();
  const log = combat.settings.transform === 'log';
  const moved = new Float64Array(width);
  for (let row = 0; row * width < values.length; row++) {
    moved.fill(0);
    for (let k = 0; k < count; k++) {
      const by = scores.after[row * count + k] - scores.before[row * count + k];
      if (by === 0) continue;
      for (let w = 0; w < width; w++) moved[w] += by * rotation[k * width + w];
    }
    for (let w = 0; w < width; w++) {
      if (moved[w] === 0) continue;
      const at = row * width + w;
      const by = moved[w] * scales[w];
      result[at] = log ? result[at] * Math.exp(by) : result[at] + by;
    }
  }
  return result;
}
