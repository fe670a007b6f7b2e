import type { Issue } from '../issue';
import { makeIssue } from '../issue';
import { listFirst, quoteName, shortName } from '../list-names';
import type { Where } from '../../errors';
import type { Covariate } from './covariate';
import { isMissing } from './covariate';
import type { Participants } from './participants';

/** How many participants a message names. */
const SHOWN = 3;

/** What two tables say of the same participants. */
export interface ValuesOfTwo {
  /** What it is: `site`, `covariate "age"`. */
  readonly what: string;
  readonly ids: readonly string[];
  /** A text for each participant in either table, `null` where it is missing. */
  readonly values: readonly [readonly (string | null)[], readonly (string | null)[]];
  /** The numbers in these texts; none for labels. */
  readonly numberOf?: (text: string) => number;
  /** What the tables are called: `the table before`, `people.csv`. */
  readonly tables: readonly [string, string];
  /** Whose values are used. */
  readonly used: string;
  readonly where: Where;
}

/**
 * Warns where two tables differ in what they say of the same participants: ids that are those of other rows, tables of several visits.
 * Numbers that one table has with fewer digits agree, and so do labels that are only called something else, one for one.
 */
export function contradictingTablesIssue(given: ValuesOfTwo): readonly Issue[] {
  const { what, ids, values, numberOf, tables, used, where } = given;
  const [one, other] = values;
  const both = [...ids.keys()].filter((row) => one[row] !== null && other[row] !== null);
  const differ = numberOf === undefined ? otherLabels(both, values) : otherNumbers(both, values, numberOf);
  if (differ.length === 0) return [];
  const shown = listFirst(
    differ,
    (row) => `${quoteName(ids[row])} (${shortName(one[row] ?? '')}, ${shortName(other[row] ?? '')})`,
    { most: SHOWN },
  );
  const message =
    `${what} differs between ${tables[0]} and ${tables[1]} for ${differ.length} of ${both.length} participants with the same id: ` +
    `${shown}; ${used}`;
  return [makeIssue('contradicting-tables', message, { ...where, subject: ids[differ[0]] })];
}

/**
 * The same for two cohorts: their sites, and the covariates that both have.
 *
 * @param before - the participants whose values are used
 * @param after - the same participants in the same order, as the other cohort has them
 */
export function contradictingCohortsIssues(before: Participants, after: Participants): readonly Issue[] {
  const about = {
    ids: before.ids,
    tables: ['the table before', 'the table after'],
    used: 'those before are used',
  } as const;
  const sites =
    before.sites === after.sites
      ? []
      : contradictingTablesIssue({ ...about, what: 'site', values: [before.sites, after.sites], where: {} });
  return [
    ...sites,
    ...before.covariates.flatMap((covariate) => {
      const other = after.covariates.find(({ name }) => name === covariate.name);
      if (other === undefined || other === covariate) return [];
      const numbers = covariate.kind === 'continuous' && other.kind === 'continuous';
      return contradictingTablesIssue({
        ...about,
        what: `covariate ${quoteName(covariate.name)}`,
        values: [textsOf(covariate), textsOf(other)],
        numberOf: numbers ? Number : undefined,
        where: { column: covariate.name },
      });
    }),
  ];
}

function textsOf(covariate: Covariate): readonly (string | null)[] {
  return covariate.kind === 'continuous'
    ? Array.from(covariate.values, (value, row) => (isMissing(covariate, row) ? null : String(value)))
    : Array.from(covariate.codes, (code) => (code < 0 ? null : covariate.levels[code]));
}

/** The rows whose numbers are apart by a unit of the last digit, of the one with fewer digits, or more. */
function otherNumbers(
  rows: readonly number[],
  [one, other]: ValuesOfTwo['values'],
  numberOf: (text: string) => number,
): readonly number[] {
  return rows.filter((row) => {
    const texts = [one[row] ?? '', other[row] ?? ''];
    if (texts[0] === texts[1]) return false;
    const [a, b] = texts.map(numberOf);
    const digit = Math.max(...texts.map(lastDigit));
    return !(Math.abs(a - b) < digit * (1 - 1e-6));
  });
}

/** What the last digit of a number stands for: 0.01 in `34.56`, 1 in `35`. */
function lastDigit(text: string): number {
  const [, decimals = '', exponent = '0'] = /^[^.,]*(?:[.,](\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim()) ?? [];
  return 10 ** (Number(exponent) - decimals.length);
}

/** The rows whose labels do not go together: those of one name, or else those that are met together most often. */
function otherLabels(rows: readonly number[], [one, other]: ValuesOfTwo['values']): readonly number[] {
  const labels = new Set(rows.map((row) => other[row]));
  const met = new Map<string | null, Map<string | null, number>>();
  for (const row of rows) {
    const own = met.get(one[row]) ?? new Map<string | null, number>();
    met.set(one[row], own.set(other[row], (own.get(other[row]) ?? 0) + 1));
  }
  const partner = new Map(
    [...met].map(([label, counts]) => {
      const [[commonest]] = [...counts].sort((a, b) => b[1] - a[1]);
      return [label, labels.has(label) ? label : commonest] as const;
    }),
  );
  return rows.filter((row) => partner.get(one[row]) !== other[row]);
}
