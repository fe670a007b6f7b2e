import type { FeatureCohort } from '../../data/cohort';
import { missingSite } from '../../data/people/missing-site';
import { ConcordError } from '../../errors';
import { familyCount } from '../../data/people/families';
import { hasRepeatedPersons } from '../../data/people/participants';
import { isKnownMark } from '../cells/missing-marks';

/** A column of a cohort written as a table; `null` and `NaN` mark missing values. */
export type CohortColumn =
  | { readonly name: string; readonly kind: 'text'; readonly at: (row: number) => string | null }
  | { readonly name: string; readonly kind: 'number'; readonly at: (row: number) => number };

/** The names of the columns of ids, persons and sites in tables this package writes. */
export const idName = 'participant_id';
export const personName = 'person_id';
export const siteName = 'site';
/** The name of the column of families. */
export const familyName = 'family_id';

/**
 * The columns of a cohort as a table: subject id, person where a person is on several rows, family where persons are related, site, covariates, features.
 *
 * @throws ConcordError `invalid-option` when two columns would have the same name, a text would read as missing,
 * or blanks at its ends would be lost in reading.
 */
export function cohortColumns(cohort: FeatureCohort): readonly CohortColumn[] {
  const { participants, features } = cohort;
  const width = features.features.length;
  const text = (name: string, at: (row: number) => string | null): CohortColumn => ({
    name,
    kind: 'text',
    at,
  });
  const columns: CohortColumn[] = [
    text(idName, (row) => participants.ids[row]),
    ...(hasRepeatedPersons(participants) ? [text(personName, (row) => participants.persons[row])] : []),
    ...(familyCount(participants).families === undefined
      ? []
      : [text(familyName, (row) => participants.families?.[row] || null)]),
    text(siteName, (row) => (participants.sites[row] === missingSite ? null : participants.sites[row])),
    ...participants.covariates.map((covariate): CohortColumn => {
      const { name } = covariate;
      return covariate.kind === 'continuous'
        ? { name, kind: 'number', at: (row) => covariate.values[row] }
        : text(name, (row) => (covariate.codes[row] === -1 ? null : covariate.levels[covariate.codes[row]]));
    }),
    ...features.features.map((name, column): CohortColumn => ({
      name,
      kind: 'number',
      at: (row) => features.values[row * width + column],
    })),
  ];
  requireDistinct(columns);
  requireReadable(cohort);
  return columns;
}

function requireDistinct(columns: readonly CohortColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new ConcordError(
        'invalid-option',
        `duplicate column: "${name}" (ids are written as "${idName}", persons as "${personName}", families as "${familyName}" and sites as "${siteName}"; ` +
          'no covariate or feature may have these names, nor two the same)',
        { where: { column: name } },
      );
    }
    seen.add(name);
  }
}

/** A site called "NA" would come back as a missing one. */
function requireReadable({ participants, features }: FeatureCohort): void {
  const labels = [
    ...participants.ids,
    ...participants.persons,
    ...(participants.families ?? []).filter((family) => family !== ''),
    ...participants.sites.filter((site) => site !== missingSite),
    ...participants.covariates.flatMap((covariate) =>
      covariate.kind === 'categorical' ? covariate.levels : [],
    ),
  ];
  const unreadable = labels.find((label) => isKnownMark(label.trim()));
  if (unreadable !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid label: "${unreadable}" marks a missing value in tables, so it cannot name a subject, person, site or level (rename it)`,
    );
  }
  requireTrimmed([...labels, ...participants.covariates.map(({ name }) => name), ...features.features]);
}

/** Blanks at the ends are set aside in reading: "F " would come back as "F", and perhaps as another level. */
function requireTrimmed(texts: readonly string[]): void {
  const blank = texts.find((text) => text !== text.trim());
  if (blank === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid label: ${JSON.stringify(blank)} begins or ends with blanks, which are lost when a table is read ` +
      `(rename it, for example to ${JSON.stringify(blank.trim())})`,
  );
}
