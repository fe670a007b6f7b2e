import { oneOf } from '../data/one-of';
import { ConcordError } from '../errors';
import { suggestNames } from './nearest-names';
import type { TableColumns } from './table-columns';
import { idColumn } from './table-columns';
import type { CovariateSpec, TableOptions } from './table-options';

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
}

/** What the columns of one or two tables mean, apart from the features. */
export interface ColumnRoles {
  readonly id: number;
  /** The id column of the table of participants, where there is one. */
  readonly participantsId: number;
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
  participants?: ParticipantsTable,
): ColumnRoles {
  const id = idColumn(table, options.id);
  const taken = new Map([[table.names[id], 'the subject id']]);
  const participantsId =
    participants === undefined
      ? -1
      : idColumn(participants.columns, participants.id ?? sharedId(participants, options));
  const take = (name: string, as: string): void => {
    const other = taken.get(name);
    if (other !== undefined) {
      throw new ConcordError(
        'invalid-option',
        `invalid column roles: "${name}" is both ${other} and ${as} (a column has one role)`,
        {
          where: { file: table.source.name, column: name },
        },
      );
    }
    taken.set(name, as);
  };
  const site = locate(table, options.site ?? 'site', {
    participants,
    role: 'site',
    inParticipants: participants?.site,
  });
  take(site.name, 'the site');
  const requested: unknown = options.covariates ?? [];
  if (typeof requested === 'string') {
    throw new ConcordError(
      'invalid-option',
      `invalid covariates: "${requested}" (a list of names is allowed)`,
    );
  }
  const covariates = (options.covariates ?? []).map((item) => {
    const spec: CovariateSpec = typeof item === 'string' ? { name: item } : item;
    if (spec.kind !== undefined) oneOf(`kind of ${spec.name}`, spec.kind, ['continuous', 'categorical']);
    const role = locate(table, spec.name, { participants, role: 'covariate' });
    take(spec.name, 'a covariate');
    return { spec, role };
  });
  return { id, participantsId, site, covariates, taken };
}

/** The id option of the main table, where the table of participants has a column of that name too. */
function sharedId(participants: ParticipantsTable, options: TableOptions): string | undefined {
  return options.id !== undefined && participants.columns.indexOf.has(options.id) ? options.id : undefined;
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
  const named = participants === undefined ? 'name it, or give a table of participants' : 'name it';
  const remedy = role === 'site' ? `${named}; ${near}` : near;
  throw new ConcordError(
    'unknown-column',
    `unknown ${role} column: "${wanted}" is not in ${files} (${remedy})`,
    {
      where: { file: table.source.name, column: wanted },
    },
  );
}
