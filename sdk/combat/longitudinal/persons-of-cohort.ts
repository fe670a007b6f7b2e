import type { FeatureCohort } from '../../data/cohort';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { covariateNamed, personNames } from '../../data/people/participants';
import type { LongitudinalModel } from './longitudinal-model';
import { effectCount } from './longitudinal-model';
import type { UnseenPersonPolicy } from './longitudinal-options';
import type { ScanTimes } from './person-requirements';
import { predictPersons } from './predict-persons';
import type { PersonPart } from './without-persons';
import { personPart } from './without-persons';

/** What sets the persons of a cohort apart, by the model and the scans given. */
export function personEffectsOf(
  model: LongitudinalModel,
  cohort: FeatureCohort,
  policy: UnseenPersonPolicy,
): { readonly part: PersonPart; readonly issues: readonly Issue[] } {
  const names = personNames(cohort.participants);
  const known = new Map(model.persons.map((person, code) => [person, code]));
  const strangers = names.filter((name) => !known.has(name));
  const times = timesOf(model, cohort);
  const features = model.combat.features;
  const width = features.length;
  const rowOf = new Map(strangers.map((name, at) => [name, model.persons.length + at]));
  const personOf = Int32Array.from(
    cohort.participants.persons,
    (name) => known.get(name) ?? rowOf.get(name) ?? -1,
  );
  const effects = new Float64Array((model.persons.length + strangers.length) * effectCount(model) * width);
  effects.set(model.effects);
  const stored = personPart({ effects, time: times, features }, personOf, cohort);
  const issues = [...knownIssues(model, cohort, known), ...strangerIssues(strangers, policy)];
  if (strangers.length === 0 || policy === 'zero') return { part: stored, issues };
  predictPersons(model, cohort, { times, personOf, stored, effects });
  return { part: personPart({ effects, time: times, features }, personOf, cohort), issues };
}

/** Time as the model counts it. */
function timesOf(
  { time, settings: { randomSlope } }: LongitudinalModel,
  { participants }: FeatureCohort,
): ScanTimes | undefined {
  if (time === null || randomSlope === null) return undefined;
  const covariate = covariateNamed(participants, randomSlope);
  // ComBat refuses a covariate of another kind than it was fitted on, by its name.
  if (covariate.kind !== 'continuous') return { ...time, values: new Float64Array(participants.ids.length) };
  const { center, spread } = time;
  return { center, spread, values: covariate.values.map((value) => (value - center) / spread) };
}

/** Names are all that says who is who: of scans that the model was not fitted on it is said whose effects were taken over. */
function knownIssues(
  { scans }: LongitudinalModel,
  { participants }: FeatureCohort,
  known: ReadonlyMap<string, number>,
): readonly Issue[] {
  const fitted = new Set(scans);
  const others = personNames({
    persons: participants.persons.filter(
      (person, row) => known.has(person) && !fitted.has(participants.ids[row]),
    ),
  });
  if (others.length === 0) return [];
  const message = `${counted(others.length, 'person')} with other scans than the model was fitted on ${others.length === 1 ? 'is' : 'are'} known to it by name (${listNames(others, 3)}): what sets them apart is taken from the model`;
  return [makeIssue('known-persons', message, { subject: others[0] })];
}

function strangerIssues(strangers: readonly string[], policy: UnseenPersonPolicy): readonly Issue[] {
  if (strangers.length === 0) return [];
  const who = `${counted(strangers.length, 'person')} unknown to the model (${listNames(strangers, 3)})`;
  return policy === 'zero'
    ? [makeIssue('unseen-persons', `${who}: nothing is taken to set them apart`, {}, chooseOwnVisits)]
    : [makeIssue('unseen-persons', `${who}: what sets them apart is predicted from their scans given here`)];
}

const chooseOwnVisits = [
  'their own scans say more: predict them from these unless results are to be those of lme4',
];
