import { basename } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { makeVolumeCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { familiesOf } from '../../data/people/families';
import { makeParticipants, takeParticipants } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { covariateReading } from '../tables/make-reading';
import type { FileScan, ScanCheck } from './check-scans';
import { checkScans } from './check-scans';
import { coarseScans } from './coarse-scans';
import { copiedFiles } from './copied-files';
import type { FileTableOptions } from './file-table';
import { readFileTable } from './file-table';
import { scanFile } from './scan-file';
import type { ReadVolumeOptions } from './read-volume';
import { advise, call } from '../../remedy';
import { requireEntries } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** One scan to be loaded. */
export interface VolumeEntry {
  /** Unique in the cohort. */
  readonly id: string;
  readonly site: string;
  /** The image: see `readVolume`. */
  readonly file: string;
  /** The image of its brain mask, on the same grid: voxels above 0 are inside. */
  readonly mask?: string;
  /**
   * The person: the same for several scans of one person.
   *
   * @defaultValue `id`
   */
  readonly subject?: string;
  /**
   * The family of the person: the same for relatives, whom splits and bootstraps keep together.
   *
   * @defaultValue related to nobody
   */
  readonly family?: string;
  readonly session?: string;
  readonly run?: string;
  /** What was measured: `T1w`, `T2w` … */
  readonly suffix?: string;
}

/** What {@link loadVolumes} takes whatever it loads from. */
export interface LoadScanOptions extends ReadVolumeOptions, RunOptions {
  /**
   * How far each scan is checked at once: not at all, by its header, or by reading it whole. What is not found now is
   * found when the scan is opened.
   *
   * @defaultValue `'header'`
   */
  readonly check?: ScanCheck;
  /**
   * Throw at the first scan that cannot be used, instead of leaving it out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}

/** Options of {@link loadVolumes} for entries. */
export interface LoadVolumesOptions extends LoadScanOptions {
  /** Covariates with one value per entry, in the same order. */
  readonly covariates?: readonly Covariate[];
}

/** Options of {@link loadVolumes} for a table. */
export interface LoadVolumeTableOptions extends LoadScanOptions, FileTableOptions {}

/**
 * Makes a cohort of scans from a list of entries, or from a table (CSV, TSV, Parquet) with the columns `id`, `site` and
 * `file` and, where there are any, `mask`, `subject`, `session`, `run`, `suffix`, and one of families (see the option `family`); files are named relative to the table.
 *
 * Scans are opened when they are needed, one at a time: a cohort of any size costs no memory. A scan that cannot be used
 * becomes an issue of code `unusable-scan` and is left out; the others continue.
 *
 * @throws ConcordError `too-little-data` when no scan can be used; `duplicate-id`, `missing-value`, `invalid-option`,
 * `aborted`; of a table, `unknown-column` and the others of `loadTable`; with `strict`, whatever is wrong with the first
 * bad scan.
 *
 * @example
 * ```ts
 * const cohort = await loadVolumes('scans.csv', { covariates: [{ name: 'age', unit: 'years' }, 'sex'] });
 * ```
 */
export async function loadVolumes(
  entries: readonly VolumeEntry[],
  options?: LoadVolumesOptions,
): Promise<VolumeCohort>;
export async function loadVolumes(table: string, options?: LoadVolumeTableOptions): Promise<VolumeCohort>;
export async function loadVolumes(
  source: readonly VolumeEntry[] | string,
  options: LoadVolumesOptions | LoadVolumeTableOptions = {},
): Promise<VolumeCohort> {
  requireEntries('loadVolumes', source, 'a path');
  requireCall('loadVolumes', { entries: source, options });
  const { check = 'header', frame, nonFinite = 'error', strict, signal, onProgress } = options;
  const listed =
    typeof source === 'string'
      ? await tableEntries(source, options)
      : { entries: source, covariates: (options as LoadVolumesOptions).covariates ?? [], issues: [] };
  const { entries, covariates } = listed;
  requireMade(covariates);
  const participants = makeParticipants(
    entries.map(({ id }) => id),
    entries.map(({ site }) => site),
    covariates,
    { families: familiesOf(entries) },
  );
  const scans = entries.map((entry) =>
    fileScan(entry, { nonFinite, ...(frame === undefined ? {} : { frame }) }),
  );
  const { rows, spacings, issues } = await checkScans(scans, check, { strict, signal, onProgress });
  if (rows.length === 0) throw nothingUsable(source, issues);
  const grids = spacings.map((spacing, at) => {
    const { id, site } = entries[rows[at]];
    return { id, site, suffix: '', spacing };
  });
  // Where nothing is to be checked, no file is opened.
  const copied =
    check === 'none'
      ? []
      : await copiedFiles(
          rows.map((row) => ({
            id: entries[row].id,
            person: scans[row].scan.subject,
            file: scans[row].file,
          })),
          { signal },
        );
  return makeVolumeCohort(
    takeParticipants(participants, rows),
    rows.map((row) => scans[row].scan),
    {
      provenance: [
        provenanceStep('loadVolumes', {
          ...(typeof source === 'string' ? { table: basename(source) } : {}),
          scans: entries.length,
          check,
          frame: frame ?? 0,
          nonFinite,
          covariates: covariates.map(covariateReading),
        }),
      ],
      issues: [...listed.issues, ...issues, ...copied, ...coarseScans(grids)],
    },
  );
}

async function tableEntries(
  table: string,
  options: LoadVolumeTableOptions,
): Promise<{
  readonly entries: readonly VolumeEntry[];
  readonly covariates: readonly Covariate[];
  readonly issues: readonly Issue[];
}> {
  const optional = ['mask', 'subject', 'session', 'run', 'suffix'];
  const listed = await readFileTable(table, options, { required: ['file'], optional, person: 'subject' });
  const entries = listed.ids.map((id, row): VolumeEntry => {
    const named = ['subject', 'session', 'run', 'suffix'].flatMap((column) => {
      const value = listed.text(column, row);
      return value === undefined ? [] : [[column, value] as const];
    });
    const mask = listed.path('mask', row);
    return {
      id,
      site: listed.sites[row],
      // Nothing can be read from nowhere: the check says so of the scan, and the others continue.
      file: listed.path('file', row) ?? '',
      ...(mask === undefined ? {} : { mask }),
      ...(listed.families === undefined ? {} : { family: listed.families[row] }),
      ...Object.fromEntries(named),
    };
  });
  return { entries, covariates: listed.covariates, issues: listed.issues };
}

function fileScan(entry: VolumeEntry, options: ReadVolumeOptions): FileScan {
  const { id, file, subject = id, session, run, suffix, mask } = entry;
  const reading = { ...options, ...(mask === undefined ? {} : { mask }) };
  const scan = {
    id,
    subject,
    ...(session === undefined ? {} : { session }),
    ...(run === undefined ? {} : { run }),
    ...(suffix === undefined ? {} : { suffix }),
    file,
    ...(mask === undefined ? {} : { mask }),
    open: scanFile(file, reading),
  };
  return { scan, file, reading };
}

/** The columns of a table are named; what belongs to entries has to bring its values. */
function requireMade(covariates: readonly unknown[]): void {
  const bad = covariates.find((one) => typeof one !== 'object' || one === null || !('kind' in one));
  if (bad === undefined) return;
  throw new ConcordError('invalid-option', `invalid covariate: ${JSON.stringify(bad)}`, {
    remedy: advise`for entries, give the values, made with ${call('continuous')} or ${call('categorical')}`,
  });
}

function nothingUsable(source: readonly VolumeEntry[] | string, issues: readonly Issue[]): ConcordError {
  const from = typeof source === 'string' ? ` in ${source}` : '';
  return issues.length === 0
    ? new ConcordError('too-little-data', `no scans${from} (at least one is needed)`)
    : new ConcordError('too-little-data', `no usable scan${from}: ${issues[0].message}`, {
        where: issues[0].where,
        remedy: issues[0].remedy,
      });
}
