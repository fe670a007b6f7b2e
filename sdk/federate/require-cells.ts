import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import { smallStretch } from './curve-cells';
import type { HospitalTable } from './hospital-table';
import { smallCell } from './hospital-table';
import type { FederatedStudy } from './study';

/** What is sent of some rows. */
interface Rows {
  readonly rows: readonly number[];
  readonly minimum: number;
  /** Who these are, to end a sentence: ` with a value of left_cuneus`. @defaultValue all */
  readonly whose?: string;
}

/**
 * Refuses sums over some rows where one of them would be made of too few persons.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireCells(
  table: HospitalTable,
  study: FederatedStudy,
  { rows, minimum, whose = '' }: Rows,
): void {
  const small = smallCell(table, study, { rows, minimum });
  if (small !== undefined) {
    throw new ConcordError('too-little-data', `too few persons to send a number of them: ${small}${whose}`, {
      remedy: advise`at least ${String(minimum)} are required: merge levels, leave these persons out of the table, or have the study begun anew with ${option('minimum')}`,
    });
  }
  const stretch = smallStretch(table, study, { rows, minimum });
  if (stretch === undefined) return;
  throw new ConcordError(
    'too-little-data',
    `too few persons for the sums of a curve: ${stretch.cell} has ${stretch.persons}${whose}`,
    {
      remedy: advise`at least ${String(stretch.needed)} are required, else sums give away who is where: leave these persons out of the table, or have the study begun anew with ${option('knots')} elsewhere, or without ${option('smooth')}`,
    },
  );
}

/** Rows that have values of some features. */
export interface RowsOfFeatures {
  /** The names of the features. */
  readonly features: readonly string[];
  readonly rows: readonly number[];
}

/**
 * Refuses sums over several sets of rows whose difference would be the covariates of too few persons: of those who lack a feature, or
 * have one of two.
 *
 * @param sets - the first is all rows
 * @throws ConcordError `too-little-data`.
 */
export function requireDifferences(
  table: HospitalTable,
  study: FederatedStudy,
  { sets, minimum }: { readonly sets: readonly RowsOfFeatures[]; readonly minimum: number },
): void {
  const rows = table.codes.length;
  const members = sets.map((set) => {
    const present = new Uint8Array(rows);
    for (const row of set.rows) present[row] = 1;
    return present;
  });
  sets.forEach((set, at) => {
    for (let other = 0; other < at; other++) {
      const apart: number[] = [];
      for (let row = 0; row < rows; row++) if (members[at][row] !== members[other][row]) apart.push(row);
      requireApart(table, study, { apart, of: [sets[other], set], all: other === 0, minimum });
    }
  });
}

function requireApart(
  table: HospitalTable,
  study: FederatedStudy,
  {
    apart,
    of: [one, other],
    all,
    minimum,
  }: {
    readonly apart: readonly number[];
    readonly of: readonly [RowsOfFeatures, RowsOfFeatures];
    readonly all: boolean;
    readonly minimum: number;
  },
): void {
  const { persons } = table.cohort.participants;
  const count = new Set(apart.map((row) => persons[row])).size;
  if (count === 0) return;
  const small =
    count < minimum
      ? `${count} of fewer than ${minimum}`
      : (smallCell(table, study, { rows: apart, minimum }) ?? stretchOf(table, study, { apart, minimum }));
  if (small === undefined) return;
  const [feature] = other.features;
  const who = all ? `lack ${feature}` : `have one of ${one.features[0]} and ${feature} only`;
  throw new ConcordError(
    'too-little-data',
    `too few persons ${who}: ${small}, and the sums of those who have it would disclose their covariates`,
    {
      where: { feature },
      remedy: advise`leave these persons, or such features, out of the table before its first answer; or allow it with ${option('differences', 'disclose')}`,
    },
  );
}

function stretchOf(
  table: HospitalTable,
  study: FederatedStudy,
  { apart, minimum }: { readonly apart: readonly number[]; readonly minimum: number },
): string | undefined {
  const stretch = smallStretch(table, study, { rows: apart, minimum });
  return stretch === undefined
    ? undefined
    : `${stretch.cell} has ${stretch.persons} of at least ${stretch.needed}`;
}
