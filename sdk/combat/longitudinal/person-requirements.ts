import type { FeatureCohort } from '../../data/cohort';
import { counted } from '../../data/counted';
import { covariateNamed, hasRepeatedPersons } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { LongitudinalTime } from './longitudinal-model';

/** Time, and when each scan was made. */
export interface ScanTimes extends LongitudinalTime {
  /** (value − center) / spread, scan by scan. */
  readonly values: Float64Array;
}

/**
 * Refuses a cohort whose persons are all different: then nothing separates persons from what varies within them.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requirePersons({ participants }: FeatureCohort): void {
  if (hasRepeatedPersons(participants)) return;
  throw new ConcordError(
    'too-little-data',
    `no person was scanned twice: ${counted(participants.ids.length, 'scan')} are of as many persons (longitudinal ComBat requires persons with several scans)`,
    { remedy: advise`say whose scans they are with ${option('person')}, or use ComBat` },
  );
}

/**
 * The error for visits that leave nothing to measure by.
 *
 * @param persons - how many there are
 */
export function tooFewVisits(scans: number, persons: number, slope: string | null): ConcordError {
  const what = slope === null ? 'the level of each person' : 'the level and slope of each person';
  return new ConcordError(
    'too-little-data',
    `too few scans: ${counted(scans, 'scan')} of ${counted(persons, 'person')} leave nothing beside ${what}, sites and covariates to measure the spread within persons by`,
    {
      remedy:
        slope === null
          ? advise`supply more scans of the same persons, or use ComBat`
          : advise`supply more scans of the same persons, or leave out ${option('randomSlope')}`,
    },
  );
}

/**
 * The times of all scans; `undefined` where persons differ in level alone.
 *
 * @throws ConcordError `unknown-column`; `invalid-option` for a covariate that is no amount, or the same for all.
 */
export function scanTimes({ participants }: FeatureCohort, name: string | null): ScanTimes | undefined {
  if (name === null) return undefined;
  const covariate = covariateNamed(participants, name);
  const invalid = (why: string): ConcordError =>
    new ConcordError('invalid-option', `invalid randomSlope: ${name} ${why}`, { where: { column: name } });
  if (covariate.kind !== 'continuous') throw invalid('is categorical (a continuous covariate is allowed)');
  const { values } = covariate;
  const center = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
  if (!(spread > 0)) throw invalid('has the same value for every scan');
  return { center, spread, values: values.map((value) => (value - center) / spread) };
}
