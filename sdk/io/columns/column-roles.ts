import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { suggestNames } from '../../data/nearest-names';
import type { IdColumns } from '../rows/row-ids';
import { idColumns } from '../rows/row-ids';
import type { FamilyColumns } from './family-columns';
import { familyColumns, twoRoles } from './family-columns';
import type { TableColumns } from './table-columns';
import type { CovariateSpec, TableOptions } from '../tables/table-options';
import type { UsedColumns } from './uk-biobank-table';

/** A column of the main table or of the table of participants. */
export interface ColumnRole {
  readonly name: string;
  readonly from: 'table' | 'participants';
  readonly column: number;
}

/** A table of participants beside the main one. */
export interface ParticipantsTable {
  readonly columns: TableColumns;
  readonly id?: string;
  readonly site?: string;
  readonly visit?: string;
  /** See `ParticipantsSource`. */
  readonly ownIdsOfStream?: boolean;
}

/** What the columns of one or two tables mean, apart from the features. */
export interface ColumnRoles {
  /** The columns that say who and when each row of the main table is. */
  readonly ids: IdColumns;
  /** The same of the table of participants, where there is one. */
  readonly participantsIds?: IdColumns;
  /** The column of persons, where the user names one that only the participants have. */
  readonly person?: ColumnRole;
  /** A column of the main table that says when each scan of a person was made, where there are persons. */
  readonly date?: ColumnRole;
  /** The columns that say who is related to whom, where there are any, and how that is known. */
  readonly families?: FamilyColumns;
  /** Where these columns are, in their order; none where `families` is not there. */
  readonly familyRoles: readonly ColumnRole[];
  readonly site: ColumnRole;
  readonly covariates: readonly { readonly spec: CovariateSpec; readonly role: ColumnRole }[];
  /** Names that are not free for features, with what they are. */
  readonly taken: ReadonlyMap<string, string>;
}

/**
 * Finds id, site and covariates: in the table of participants first, where there is one, then in the main table.
 *
 * @throws ConcordError `unknown-column` suggesting the nearest names; `invalid-option` for a column used twice.
 */
export function columnRoles(
  table: TableColumns,
  options: TableOptions,
  {
    participants,
    infer = true,
  }: { readonly participants?: ParticipantsTable; readonly infer?: boolean } = {},
): ColumnRoles {
  const ids = idColumns(table, options, infer);
  const taken = new Map([[table.names[ids.id], 'the subject id']]);
  const participantsIds = participants && participantsIdColumns(table, participants, options);
  const take = (name: string, as: string): void => {
    const other = taken.get(name);
    if (other !== undefined) throw twoRoles({ file: table.source.name, column: name }, other, as);
    taken.set(name, as);
  };
  const person =
    options.person === undefined || ids.personAsked === true || table.names[ids.id] === options.person
      ? undefined
      : locate(table, options.person, { participants, role: 'person' });
  if (ids.person !== undefined) take(table.names[ids.person], 'the person');
  if (ids.visit !== undefined && ids.visitAsked === true) take(table.names[ids.visit], 'the visit');
  const site = locate(table, options.site ?? 'site', {
    participants,
    role: 'site',
    inParticipants: participants?.site,
  });
  take(site.name, 'the site');
  const families = familyColumns(
    [...(participants?.columns.names ?? []), ...table.names],
    options.family,
    (name) => !taken.has(name),
  );
  const familyRoles = (families?.names ?? []).map((name) =>
    locate(table, name, { participants, role: 'family' }),
  );
  if (families?.by !== 'possible') for (const { name } of familyRoles) take(name, 'the family');
  const requested: unknown = options.covariates ?? [];
  if (typeof requested === 'string') {
    throw new ConcordError(
      'invalid-option',
      `invalid covariates: "${requested}" (a list of names is allowed)`,
    );
  }
  const covariates = (options.covariates ?? []).map((item) => {
    const spec: CovariateSpec = typeof item === 'string' ? { name: item } : item;
    const name: unknown = (spec as Partial<CovariateSpec> | null)?.name;
    if (typeof name !== 'string') {
      const problem = `invalid covariates: ${JSON.stringify(item)} among them`;
      throw new ConcordError(
        'invalid-option',
        `${problem} (a list of names, or of { name, kind, unit, levels }, is allowed)`,
      );
    }
    if (spec.kind !== undefined) oneOf(`kind of ${spec.name}`, spec.kind, ['continuous', 'categorical']);
    const role = locate(table, spec.name, { participants, role: 'covariate' });
    take(spec.name, 'a covariate');
    return { spec, role };
  });
  // What may be of families is something else where the user says so.
  const isElse =
    families?.by === 'possible' &&
    familyRoles.some(({ name }) => taken.has(name) || isNamed(name, options.features));
  if (!isElse && families?.by === 'possible') for (const { name } of familyRoles) take(name, 'the family');
  const several = ids.person !== undefined || ids.visit !== undefined || options.person !== undefined;
  const date = several ? dateColumn(table, taken) : undefined;
  const kin = isElse ? { familyRoles: [] } : { families, familyRoles };
  return { ids, participantsIds, person, date, ...kin, site, covariates, taken };
}

/** Whether a column is named outright among the features. */
function isNamed(name: string, features: TableOptions['features'] = []): boolean {
  const named =
    typeof features === 'string' ? features.split(',') : features instanceof RegExp ? [] : features;
  return named.some((one) => typeof one === 'string' && one.trim() === name);
}

/** The names of the site and of the covariates. */
export function usedColumns({ site, covariates }: Pick<ColumnRoles, 'site' | 'covariates'>): UsedColumns {
  return { site: site.name, covariates: covariates.map(({ role }) => role.name) };
}

/** The column of the dates of scans, by its name. */
function dateColumn(table: TableColumns, taken: ReadonlyMap<string, string>): ColumnRole | undefined {
  const words =
    /^(date|((scan|mri|mr|acq|acquisition|exam|examination|visit|session|study|series)[_ ]?date)|date[_ ]?(of[_ ]?)?(scan|mri|acquisition|visit|exam))$/;
  const column = table.names.findIndex((name) => {
    const plain = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    return words.test(plain) && !taken.has(name);
  });
  return column === -1 ? undefined : { name: table.names[column], from: 'table', column };
}

/**
 * The columns of ids and visits of the table of participants: those named, or named so in the main table too, or known.
 *
 * @throws ConcordError `unknown-column`.
 */
export function participantsIdColumns(
  table: TableColumns,
  participants: ParticipantsTable,
  options: TableOptions,
): IdColumns {
  const shared = (name: string | undefined): string | undefined =>
    name !== undefined && table.indexOf.has(name) && participants.columns.indexOf.has(name)
      ? name
      : undefined;
  const id = participants.id ?? shared(options.id) ?? shared(options.person);
  return idColumns(participants.columns, { id, visit: participants.visit ?? shared(options.visit) });
}

function locate(
  table: TableColumns,
  name: string,
  search: {
    readonly participants?: ParticipantsTable;
    readonly role: string;
    readonly inParticipants?: string;
  },
): ColumnRole {
  const { participants, role, inParticipants } = search;
  const there = participants?.columns.indexOf.get(inParticipants ?? name);
  if (there !== undefined) return { name: inParticipants ?? name, from: 'participants', column: there };
  const here = inParticipants === undefined ? table.indexOf.get(name) : undefined;
  if (here !== undefined) return { name, from: 'table', column: here };
  const tables = participants === undefined ? [table] : [participants.columns, table];
  const wanted = inParticipants ?? name;
  const near = suggestNames(
    wanted,
    tables.flatMap(({ names }) => names),
  );
  const files = tables.map(({ source }) => source.name).join(' or ');
  const elsewhere = participants === undefined ? advise`, or give a table of ${option('participants')}` : [];
  throw new ConcordError('unknown-column', `unknown ${role} column: "${wanted}" is not in ${files}`, {
    where: { file: table.source.name, column: wanted },
    remedy: role === 'site' ? advise`name it with ${option('site')}${elsewhere}; ${near}` : [near],
  });
}
