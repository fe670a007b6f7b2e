import { basename } from 'node:path';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { ParticipantsSource } from '../rows/collect-tables';
import { collectNoticing } from '../columns/notice-covariates';
import { openTable } from './open-table';
import type { KnownLabels } from '../columns/labels/prepare-labels';
import type { RowSource } from '../text/row-source';
import { knownIdColumn, tableColumns } from '../columns/table-columns';
import type { LoadTableOptions, ParticipantsFile } from './table-options';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/**
 * Loads a table of features with one row per subject: CSV or TSV, gzipped or not; Parquet; a table made by
 * FreeSurfer's `aparcstats2table` or `asegstats2table`. Text is UTF-8, or UTF-16 with a byte order mark; the separator
 * is found from the header. Numbers are read strictly: what is neither a decimal number nor marked as missing is an
 * error.
 *
 * A CSV file is read twice, the first time to check its encoding and count its rows, so that memory holds little more
 * than the numbers kept.
 *
 * @throws ConcordError naming file, row and column, with the remedy: `unreadable-file`, `unsupported-format`,
 * `malformed-table`, `too-little-data`, `unknown-column`, `duplicate-id`, `missing-value`, `invalid-number`,
 * `unknown-level`, `invalid-option`, `aborted`.
 *
 * @example
 * ```ts
 * const cohort = await loadTable('thickness.csv', {
 *   covariates: [{ name: 'age', unit: 'years' }, 'sex'],
 *   features: 'left.*, right.*',
 * });
 * ```
 */
export async function loadTable(path: string, options: LoadTableOptions = {}): Promise<FeatureCohort> {
  requirePath('loadTable', path);
  requireCall('loadTable', { path, options });
  return loadTableAsBefore(path, options);
}

/** What a model knows of its own table, for another that is read the same way. */
export interface AsBefore {
  /** What sites and levels are called. */
  readonly known?: KnownLabels;
  /** Options that only the model's table is known to need: dropped where the new one has no such column. */
  readonly remembered?: readonly ('id' | 'person' | 'visit' | 'participants.id')[];
}

/**
 * Loads a table for a model.
 *
 * @throws ConcordError as {@link loadTable} does.
 */
export async function loadTableAsBefore(
  path: string,
  options: LoadTableOptions,
  { known, remembered = [] }: AsBefore = {},
): Promise<FeatureCohort> {
  const opened = await openParticipants(options.participants, options);
  const noId = remembered.includes('participants.id') && hasOtherId(opened?.source, opened?.id);
  const participants = noId && opened !== undefined ? { ...opened, id: undefined } : opened;
  const source = await openTable(path, options);
  const origin = { file: basename(path), participants: participants && basename(participants.source.name) };
  const { names } = tableColumns(source);
  const others = new Set(participants?.source.header ?? []);
  const absent = (['id', 'person', 'visit'] as const).filter((name) => {
    const column = options[name];
    if (column === undefined || !remembered.includes(name)) return false;
    if (name === 'id') return hasOtherId(source, column);
    return !names.includes(column) && !others.has(column);
  });
  const given = { ...options, ...Object.fromEntries(absent.map((name) => [name, undefined])) };
  const cohort = await collectNoticing(source, given, { step: 'loadTable', origin, participants, known });
  const issues = [
    ...(absent.includes('id') ? [otherId(source, options.id, cohort.reading?.id)] : []),
    ...(noId ? [otherId(opened?.source, opened?.id)] : []),
  ];
  return issues.length === 0 ? cohort : { ...cohort, issues: [...issues, ...cohort.issues] };
}

/** Whether a table lacks a column of ids and has another that is one by its name. */
function hasOtherId(source: RowSource | undefined, wanted: string | undefined): boolean {
  if (source === undefined || wanted === undefined) return false;
  const table = tableColumns(source);
  return !table.names.includes(wanted) && knownIdColumn(table) !== undefined;
}

/** Says that ids were looked for as in any table, where the column of the model's table is not there. */
function otherId(source: RowSource | undefined, wanted = '', found?: string): Issue {
  const file = basename(source?.name ?? '');
  const where =
    found === undefined ? 'looked for under the usual names of ids' : `taken from column "${found}"`;
  const message = `${file} has no column "${wanted}", which held the subject ids when the model was fitted: they are ${where}`;
  return makeIssue('inferred-id', message, { file, column: found });
}

/** Opens the table of participants, where one is given. */
export async function openParticipants(
  given: string | ParticipantsFile | undefined,
  options: LoadTableOptions,
): Promise<ParticipantsSource | undefined> {
  if (given === undefined) return undefined;
  const file = typeof given === 'string' ? { path: given } : given;
  const source = await openTable(file.path, { signal: options.signal });
  return { source, id: file.id, site: file.site, visit: file.visit };
}
