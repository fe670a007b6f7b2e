import { basename } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { ParticipantsSource } from './collect-tables';
import { collectNoticing } from './notice-covariates';
import { openTable } from './open-table';
import type { KnownLabels } from './prepare-labels';
import type { LoadTableOptions, ParticipantsFile } from './table-options';

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
  return loadTableAsBefore(path, options);
}

/** What a model knows of its own table, for another that is read as that was. */
export interface AsBefore {
  /** What sites and levels are called. */
  readonly known?: KnownLabels;
  /** Options that only the model's table is known to need: let go where the new one has no such column. */
  readonly remembered?: readonly ('person' | 'visit')[];
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
  const participants = await openParticipants(options.participants, options);
  const source = await openTable(path, options);
  const origin = { file: basename(path), participants: participants && basename(participants.source.name) };
  const header = new Set([...source.header, ...(participants?.source.header ?? [])]);
  const absent = remembered.filter((name) => !header.has(options[name] ?? ''));
  const given = { ...options, ...Object.fromEntries(absent.map((name) => [name, undefined])) };
  return collectNoticing(source, given, { step: 'loadTable', origin, participants, known });
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
