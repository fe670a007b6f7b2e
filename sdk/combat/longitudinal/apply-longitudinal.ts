import { bindFeatures } from '../../data/bind-features';
import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects, withFeatures } from '../../data/cohort';
import { modelDigest } from '../../data/digest';
import { oneOf } from '../../data/one-of';
import { provenanceStep } from '../../data/provenance';
import { applyCombat, negativeValues } from '../apply-combat';
import { beyondLimits, valueLimits } from '../value-limits';
import { countSigns } from '../frame/put-back';
import { rowsWithCovariates } from '../design/covariate-design';
import type { LongitudinalModel } from './longitudinal-model';
import type { ApplyLongitudinalOptions } from './longitudinal-options';
import { newSitesOf } from './new-sites';
import { personEffectsOf } from './persons-of-cohort';
import { withoutPersons } from './without-persons';
import { estimatesNewSites } from '../new-site-policy';

/**
 * Harmonizes a cohort by a fitted longitudinal ComBat model, the one that it was fitted on or other scans. What sets a person
 * apart is taken from the model for persons that it knows by name, and by {@link ApplyLongitudinalOptions.unseenPersons} for
 * others; it is put back as it was. Missing cells stay missing, and a scan of the reference site comes back bit for bit.
 *
 * @throws ConcordError what {@link applyCombat} throws.
 */
export async function applyLongitudinal(
  model: LongitudinalModel,
  cohort: FeatureCohort,
  options: ApplyLongitudinalOptions = {},
): Promise<FeatureCohort> {
  requireCall('combat.applyLongitudinal', { model, cohort, options });
  const { unseenPersons = 'own-visits', ...combatOptions } = options;
  const { unseen = 'error', missingCovariates = 'error' } = combatOptions;
  oneOf('unseenPersons', unseenPersons, ['own-visits', 'zero']);
  oneOf('missingCovariates', missingCovariates, ['error', 'drop']);
  const { combat } = model;
  const bound = bindFeatures(cohort, combat.features);
  const covariates = combat.covariates.map(({ name }) => name);
  const kept = rowsWithCovariates(cohort.participants, covariates, missingCovariates);
  const all = kept.rows.length === cohort.participants.ids.length;
  const used = all ? bound.cohort : takeSubjects(bound.cohort, kept.rows);
  const persons = personEffectsOf(model, used, unseenPersons);
  const reduced = withoutPersons(used, persons.part, combat.settings.transform);
  const after = await applyCombat(combat, reduced, combatOptions);
  const log = combat.settings.transform === 'log';
  // What ComBat did to the rest, so that what it left alone comes back bit for bit.
  const values = used.features.values.slice();
  const [before, moved] = [reduced.features.values, after.features.values];
  for (let at = 0; at < values.length; at++) {
    if (moved[at] === before[at]) continue;
    values[at] = log ? values[at] * (moved[at] / before[at]) : values[at] + (moved[at] - before[at]);
  }
  const estimated = estimatesNewSites(unseen);
  const said = estimated ? [...saidOfRest, 'unseen-site'] : saidOfRest;
  const noticed = after.issues.slice(reduced.issues.length).filter(({ code }) => !said.includes(code));
  const newSites = estimated ? await newSitesOf(model, used, { unseen, unseenPersons }) : [];
  const step = provenanceStep('applyLongitudinal', {
    unseen,
    unseenPersons,
    missingCovariates,
    model: model.provenance,
    digest: modelDigest(model, whatDecides),
  });
  return withFeatures(used, { ...used.features, values }, step, [
    ...bound.issues,
    ...kept.issues,
    ...persons.issues,
    ...newSites,
    ...noticed,
    ...negativeValues(
      countSigns(used.features.values, values, used.features.features.length),
      used.features.features,
    ),
    ...beyondLimits(valueLimits(used.features), values, used.features.features),
  ]);
}

/** What is said of values without the effects of persons only: signs are those of whole values, and chance is that of whole persons. */
const saidOfRest: readonly string[] = ['negative-values', 'beyond-limit', 'site-drift'];

/** All of a model but how it came about and what was noticed. */
function whatDecides({ combat, ...rest }: LongitudinalModel): unknown {
  const bare = { version: '', reading: undefined, issues: [], provenance: [] };
  return { ...rest, ...bare, combat: { ...combat, ...bare } };
}
