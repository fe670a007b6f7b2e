import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import { version } from '../../version';
import type { CombatModel } from '../combat-model';
import { fitPrepared, prepareCombat } from '../fit-combat';
import type { LongitudinalModel } from './longitudinal-model';
import type { LongitudinalOptions } from './longitudinal-options';
import { longitudinalSteps } from './longitudinal-options';
import type { PersonEffects } from './person-effects';
import { personIssues } from './person-issues';
import { requirePersons, scanTimes } from './person-requirements';
import { setPersonsApart } from './set-persons-apart';

/**
 * Fits longitudinal ComBat (Beer et al. 2020, NeuroImage 220:117129), for persons with several scans: each feature is modeled by
 * sites, covariates and what sets each person apart, a level and, by option, a slope over time, as random effects by
 * restricted maximum likelihood. Site effects are then shrunk and removed as by {@link fitCombat}, and what sets persons
 * apart stays as it is.
 *
 * Its mean model is that of a scan, Xβ + Zu, and one regression does for both steps: Xᵀ(y − Xβ − Zu) = 0, so that ComBat of
 * y − Zu by least squares finds the same sites and covariates as the mixed model; and with `smooth` curves, whose penalties are
 * found together with the variances of persons, λSβ = Xᵀ(y − Xβ − Zu), so that penalized least squares finds the same curves.
 *
 * @example
 * ```ts
 * const model = await combat.fitLongitudinal(cohort, { preserve: ['age', 'sex'] });
 * const harmonized = await combat.applyLongitudinal(model, cohort);
 * ```
 *
 * @throws ConcordError what {@link fitCombat} throws; `too-little-data` where no person was scanned twice, or too few were to
 * measure the spread within persons; `invalid-option`.
 */
export async function fitLongitudinal(
  cohort: FeatureCohort,
  options: LongitudinalOptions = {},
): Promise<LongitudinalModel> {
  requireCall('combat.fitLongitudinal', { cohort, options });
  const { combat: combatOptions, settings } = longitudinalSteps(options);
  const prepared = await prepareCombat(cohort, combatOptions);
  const { used } = prepared;
  requirePersons(used);
  const time = scanTimes(used, settings.randomSlope);
  const { found, reduced, mean } = await setPersonsApart(prepared, { time, settings, run: options });
  const issues = prepared.issues.filter(isNotOfRepeatedPersons);
  const fitted = await fitPrepared(
    { ...prepared, used: reduced, mean, issues },
    combatOptions,
    found.inflation,
  );
  const combat = {
    ...fitted,
    freedom: fitted.freedom.map((own, at) => (Number.isNaN(own) ? own : found.freedom[at])),
    issues: fitted.issues.filter(notSaidBetter(fitted, found)),
  };
  const first = combat.provenance.at(-1);
  return {
    kind: 'longitudinal',
    schema: 1,
    version,
    settings,
    combat,
    persons: found.persons,
    scans: found.scans,
    time: time === undefined ? null : { center: time.center, spread: time.spread },
    effects: found.effects,
    covariance: found.covariance,
    residualVariance: found.residualVariance,
    criterion: found.criterion,
    ...(combat.reading === undefined ? {} : { reading: combat.reading }),
    issues: [...combat.issues, ...personIssues(found, used.features.features)],
    provenance: [...cohort.provenance, provenanceStep('fitLongitudinal', { ...first?.options, ...settings })],
  };
}

/** That persons were scanned several times is what this model is for. */
export function isNotOfRepeatedPersons({ code }: Issue): boolean {
  return code !== 'repeated-persons';
}

/** That features cannot be fitted is said with the reason where it is always that a person's scans are all the same. */
function notSaidBetter({ status }: CombatModel, found: PersonEffects): (issue: Issue) => boolean {
  const other = status.some(
    (one, w) => one === 'not-estimable' && found.status[w] !== 'constant-within-persons',
  );
  return ({ code }) => other || code !== 'feature-not-estimable';
}
