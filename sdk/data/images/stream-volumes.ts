import { ConcordError } from '../../errors';
import type { VolumeCohort } from '../cohort';
import type { Issue } from '../issue';
import { makeIssue } from '../issue';
import type { RunOptions } from '../run-options';
import { breathe, progressReporter, throwIfAborted } from '../run-options';
import type { Scan } from './scan';
import type { Volume } from './volume';
import type { Advice } from '../../remedy';
import { advise } from '../../remedy';
import { requireCall } from '../calls/require-call';

/** Options of everything that works through the scans of a cohort. */
export interface StreamOptions extends RunOptions {
  /**
   * Throw at the first scan that cannot be used, instead of leaving it out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
  /**
   * The label of the progress that is reported.
   *
   * @defaultValue `'reading scans'`
   */
  readonly label?: string;
}

/** The result of working through the scans of a cohort. */
export interface StreamResult {
  /** The rows that could be used. */
  readonly rows: readonly number[];
  /** One issue for each scan that could not, and the issues of the volumes themselves. */
  readonly issues: readonly Issue[];
  /** The same, scan by scan; absent where scans are only checked. */
  readonly issuesByRow?: readonly (readonly Issue[])[];
}

/**
 * Opens the scans of a cohort one after the other and hands each to `visit`, keeping none. A scan that cannot be opened
 * becomes an issue of code `unusable-scan`, and so does one for which `visit` throws a ConcordError; then the next follows.
 *
 * @throws ConcordError `aborted` when canceled; whatever went wrong, with `strict`.
 *
 * @example
 * ```ts
 * const { issues } = await streamVolumes(cohort, (volume, row) => console.log(row, volume.shape.join(' × ')));
 * ```
 */
export async function streamVolumes(
  cohort: VolumeCohort,
  visit: (volume: Volume, row: number, scan: Scan) => void | Promise<void>,
  options: StreamOptions = {},
): Promise<StreamResult> {
  requireCall('streamVolumes', { cohort, visit, options });
  const { strict = false, label = 'reading scans', signal, onProgress } = options;
  const report = progressReporter(label, cohort.scans.length, { onProgress });
  const rows: number[] = [];
  const issuesByRow: (readonly Issue[])[] = [];
  for (const [row, scan] of cohort.scans.entries()) {
    await breathe(signal);
    try {
      const volume = await scan.open({ signal });
      await visit(volume, row, scan);
      rows.push(row);
      // A volume knows no name; who reads the issues of many scans needs it.
      issuesByRow.push(
        volume.issues.map((issue) => ({ ...issue, where: { subject: scan.id, ...issue.where } })),
      );
    } catch (error) {
      if (strict || !(error instanceof ConcordError) || error.code === 'aborted') throw error;
      issuesByRow.push([unusableScan(scan, error)]);
    }
    report(row + 1);
  }
  throwIfAborted(signal);
  return { rows, issues: issuesByRow.flat(), issuesByRow };
}

/** The issue that says why a scan is left out. */
export function unusableScan(scan: Pick<Scan, 'id' | 'file'>, error: ConcordError): Issue {
  const where = { ...(scan.file === undefined ? {} : { file: scan.file }), ...error.where, subject: scan.id };
  return makeIssue('unusable-scan', `${scan.id}: ${error.problem}`, where, leftOutAdvice(error));
}

/** What can be done for a scan that an error left out; empty where the error does not say. */
export function leftOutAdvice({ remedy }: ConcordError): Advice {
  return remedy.length === 0 ? [] : advise`${remedy}; until then the scan is left out`;
}
