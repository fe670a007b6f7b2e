import type { FeatureCohort } from '../data/cohort';
import { listNames } from '../data/list-names';
import { siteCodes, siteNames } from '../data/people/participants';
import { unknownTarget } from '../data/people/unknown-site';
import { ConcordError } from '../errors';
import { advise } from '../remedy';
import type { CombatSettings } from './combat-model';
import type { SiteAssignment } from './design/confounding';

/**
 * The sites of a cohort.
 *
 * @param lost - why sites were left out before
 * @throws ConcordError `too-little-data` for fewer than two; `unknown-site` for a reference that is not there.
 */
export function assignSites(
  cohort: FeatureCohort,
  settings: CombatSettings,
  lost: readonly string[],
): SiteAssignment {
  const names = siteNames(cohort.participants);
  const quoted = listNames(names);
  if (names.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `too few sites: ${names.length === 0 ? 'none' : `only ${quoted}`} (ComBat requires at least two)${because(lost)}`,
    );
  }
  if (settings.reference !== null && !names.includes(settings.reference)) {
    throw unknownTarget(settings.reference, names, { what: 'reference site' });
  }
  return { names, codes: siteCodes(cohort.participants, names) };
}

/** Why sites or subjects of the table were left out, to end a message. */
function because(lost: readonly string[]): string {
  return lost.length === 0 ? '' : `; ${lost.slice(0, 3).join('; ')}`;
}

/**
 * Refuses a cohort without features, or with too few subjects for the parameters.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireSubjects(cohort: FeatureCohort, parameters: number, lost: readonly string[]): void {
  const subjects = cohort.participants.ids.length;
  if (cohort.features.features.length === 0) {
    throw new ConcordError('too-little-data', 'missing features: the cohort has none to harmonize');
  }
  if (subjects <= parameters) {
    const many = manyLevels(cohort);
    throw new ConcordError(
      'too-little-data',
      `too few subjects: ${subjects} for ${parameters} sites and covariate columns (at least ${parameters + 1} are required)${many}${because(lost)}`,
    );
  }
}

/** The covariates that take many columns: dates, ages written with a unit, names. */
function manyLevels({ participants }: FeatureCohort): string {
  const named = participants.covariates.flatMap((covariate) =>
    covariate.kind === 'categorical' && covariate.levels.length > 10
      ? [`${covariate.name} has ${covariate.levels.length} levels, such as ${listNames(covariate.levels, 2)}`]
      : [],
  );
  return named.length === 0 ? '' : `; ${named.join('; ')}: is it an amount or a date, read as text?`;
}

/**
 * A reference of one subject has no spread to measure the others by.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireReferenceSpread(sites: SiteAssignment, reference: number): void {
  if (reference === -1) return;
  const subjects = sites.codes.filter((site) => site === reference).length;
  if (subjects > 1) return;
  throw new ConcordError(
    'too-little-data',
    `too few subjects at reference site "${sites.names[reference]}": ${subjects}`,
    {
      where: { site: sites.names[reference] },
      remedy: advise`at least 2 are required, or fit without a reference`,
    },
  );
}
