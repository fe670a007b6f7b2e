import { ConcordError } from '../../errors';
import { suggestName } from '../nearest-names';
import type { Covariate } from './covariate';
import { takeCovariate } from './covariate';
import { listNames } from '../list-names';
import { requireCall } from '../calls/require-call';

/** The participants of a cohort, one row per scan or visit: who it is, where they were scanned, what is known of them. */
export interface Participants {
  /** Unique ids, one per row. */
  readonly ids: readonly string[];
  /**
   * The person on each row: the same on several rows where a person was scanned several times, otherwise the row's own id.
   * Whatever splits, resamples or counts participants does it by person.
   */
  readonly persons: readonly string[];
  /**
   * The family on each row, where families are known; empty text where that of a person is not. Persons of one family are
   * never on both sides of a split, and are drawn together in a bootstrap; persons whose family is not known are related to
   * nobody.
   */
  readonly families?: readonly string[];
  /** The site (scanner, batch) of each subject. */
  readonly sites: readonly string[];
  readonly covariates: readonly Covariate[];
}

/** What {@link makeParticipants} takes besides ids, sites and covariates. */
export interface ParticipantsRecord {
  /**
   * The person on each row.
   *
   * @defaultValue the ids: no person was scanned twice
   */
  readonly persons?: readonly string[];
  /**
   * The family on each row; empty text where it is not known.
   *
   * @defaultValue nobody is known to be related
   */
  readonly families?: readonly string[];
}

/** Participants, or what has them: every cohort has. Whatever takes the one takes the other. */
export type WithParticipants = Participants | { readonly participants: Participants };

/** The participants of a cohort; participants are returned as they are. */
export function participantsOf<Known extends Partial<Participants>>(
  given: Known | { readonly participants: Known },
): Known {
  const known = typeof given === 'object' && given !== null ? given : undefined;
  const participants = known !== undefined && 'participants' in known ? known.participants : known;
  if (participants !== undefined && Array.isArray(participants.persons)) return participants;
  throw new ConcordError(
    'invalid-option',
    'invalid participants: neither participants nor a cohort was given',
  );
}

/**
 * Makes {@link Participants} and checks them: equal lengths, unique ids, no empty site, unique covariate names.
 *
 * @throws ConcordError `duplicate-id`, `missing-value`, `invalid-number` or `invalid-option`, naming the subject.
 *
 * @example
 * ```ts
 * const participants = makeParticipants(['s1', 's2'], ['Kiel', 'Bonn'], [continuous('age', [34, 61], 'years')]);
 * ```
 */
export function makeParticipants(
  ids: readonly string[],
  sites: readonly string[],
  covariates: readonly Covariate[] = [],
  options: ParticipantsRecord = {},
): Participants {
  requireCall('makeParticipants', { ids, sites, covariates, options });
  const { persons = ids, families } = options;
  if (persons.length !== ids.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid participants: ${ids.length} ids but ${persons.length} persons`,
    );
  }
  if (families !== undefined && families.length !== ids.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid participants: ${ids.length} ids but ${families.length} families`,
    );
  }
  if (ids.length !== sites.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid participants: ${ids.length} ids but ${sites.length} sites`,
    );
  }
  const seen = new Set<string>();
  ids.forEach((id, row) => {
    if (seen.has(id)) {
      throw new ConcordError('duplicate-id', `duplicate subject id: "${id}"`, { where: { subject: id } });
    }
    seen.add(id);
    if (sites[row] === '') {
      throw new ConcordError('missing-value', `missing site of subject "${id}"`, { where: { subject: id } });
    }
    if (persons[row] === '') {
      throw new ConcordError('missing-value', `missing person of scan "${id}"`, { where: { subject: id } });
    }
  });
  const names = new Set<string>();
  for (const covariate of covariates) {
    const length = covariate.kind === 'continuous' ? covariate.values.length : covariate.codes.length;
    if (length !== ids.length) {
      throw new ConcordError(
        'invalid-option',
        `invalid covariate ${covariate.name}: ${length} values for ${ids.length} subjects`,
      );
    }
    if (covariate.kind === 'continuous') {
      const row = covariate.values.findIndex((value) => value === Infinity || value === -Infinity);
      if (row !== -1) {
        throw new ConcordError(
          'invalid-number',
          `invalid value of ${covariate.name} for subject "${ids[row]}": ${covariate.values[row]} (a number, or NaN for missing, is allowed)`,
          { where: { subject: ids[row], column: covariate.name } },
        );
      }
    }
    if (names.has(covariate.name)) {
      throw new ConcordError('invalid-option', `duplicate covariate: "${covariate.name}"`);
    }
    names.add(covariate.name);
  }
  return { ids, persons, ...(families === undefined ? {} : { families }), sites, covariates };
}

/**
 * The distinct sites, sorted by code unit: the order in which sites appear everywhere in Concord.
 *
 * @throws ConcordError `invalid-option` when neither participants nor a cohort is given.
 *
 * @example
 * ```ts
 * console.log(siteNames(cohort).join(', '));
 * ```
 */
export function siteNames(of: WithParticipants): readonly string[] {
  requireCall('siteNames', { of });
  return [...new Set(participantsOf<Participants>(of).sites)].sort();
}

/** For each subject the index of its site in `names`; −1 where the site is not among them. */
export function siteCodes(participants: Pick<Participants, 'sites'>, names: readonly string[]): Int32Array {
  const { sites } = participants;
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = new Int32Array(sites.length);
  // Subjects of one site mostly come one after the other: its name is looked up once.
  let site: string | undefined;
  let code = -1;
  for (let row = 0; row < codes.length; row++) {
    if (sites[row] !== site) {
      site = sites[row];
      code = codeOf.get(site) ?? -1;
    }
    codes[row] = code;
  }
  return codes;
}

/** The same participants, with these persons on their rows. */
export function withPersons(participants: Participants, persons: readonly string[]): Participants {
  const same = persons.every((person, row) => person === participants.persons[row]);
  return same
    ? participants
    : makeParticipants(participants.ids, participants.sites, participants.covariates, {
        persons,
        families: participants.families,
      });
}

/**
 * The distinct persons, in the order in which they first appear.
 *
 * @throws ConcordError `invalid-option` when neither participants nor a cohort is given.
 *
 * @example
 * ```ts
 * console.log(`${personNames(cohort).length} persons, ${cohort.participants.ids.length} scans`);
 * ```
 */
export function personNames(
  of: Pick<Participants, 'persons'> | { readonly participants: Participants },
): readonly string[] {
  requireCall('personNames', { of });
  return [...new Set(participantsOf<Pick<Participants, 'persons'>>(of).persons)];
}

/** Whether a person is on more than one row. */
export function hasRepeatedPersons(
  participants: Pick<Participants, 'persons'> & Partial<Pick<Participants, 'ids'>>,
): boolean {
  // Ids, which persons are where none were given, are unique.
  if (participants.persons === participants.ids) return false;
  return personNames(participants).length < participants.persons.length;
}

/**
 * The covariate of that name.
 *
 * @param of - a cohort, or its participants
 * @throws ConcordError `unknown-column` listing the covariates there are.
 *
 * @example
 * ```ts
 * const age = covariateNamed(cohort, 'age');
 * ```
 */
export function covariateNamed(of: WithParticipants, name: string): Covariate {
  requireCall('covariateNamed', { of, name });
  const participants = participantsOf<Participants>(of);
  const found = participants.covariates.find((covariate) => covariate.name === name);
  if (found !== undefined) return found;
  const known = participants.covariates.map((covariate) => covariate.name);
  const hint = suggestName(name, known, `the cohort has ${listNames(known)}`);
  throw new ConcordError('unknown-column', `unknown covariate: "${name}" (${hint})`, {
    where: { column: name },
  });
}

/** The participants at `rows`, in that order. */
export function takeParticipants(participants: Participants, rows: ArrayLike<number>): Participants {
  const pick = (values: readonly string[]): string[] => Array.from(rows, (row) => values[row]);
  return {
    ids: pick(participants.ids),
    persons: pick(participants.persons),
    ...(participants.families === undefined ? {} : { families: pick(participants.families) }),
    sites: pick(participants.sites),
    covariates: participants.covariates.map((covariate) => takeCovariate(covariate, rows)),
  };
}
