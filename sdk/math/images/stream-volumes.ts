import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';
import type { VolumeCohort } from '../../data/cohort';
import type { Scan } from '../../data/images/scan';
import { unusableScan } from '../../data/images/unusable-scan';
import type { Volume } from '../../data/images/volume';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter, throwIfAborted } from '../../data/run-options';
import { compareScanMarks } from './unlike-scans';

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
  /** One issue for each scan that could not, the issues of the volumes themselves, and which scans are unlike the others. */
  readonly issues: readonly Issue[];
  /** What concerns one scan, scan by scan; absent where scans are only checked. */
  readonly issuesByRow?: readonly (readonly Issue[])[];
}

/**
 * Opens the scans of a cohort one after the other and hands each to `visit`, keeping none. A scan that cannot be opened
 * becomes an issue of code `unusable-scan`, and so does one for which `visit` throws a ConcordError; then the next follows. Scans
 * that are unlike the others are issues of codes `same-values`, `other-contrast`, `normalized-before` and `label-map`.
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
  const comparison = compareScanMarks(cohort);
  const compared = async (volume: Volume, row: number, scan: Scan): Promise<void> => {
    await visit(volume, row, scan);
    comparison.look(volume, row);
  };
  const result = await streamUncompared(cohort, compared, options);
  return { ...result, issues: [...result.issues, ...comparison.issues()] };
}

/**
 * As {@link streamVolumes}, but does not compare the scans with each other: for scans that are compared elsewhere.
 *
 * @throws ConcordError as `streamVolumes` does.
 */
export async function streamUncompared(
  cohort: VolumeCohort,
  visit: (volume: Volume, row: number, scan: Scan) => void | Promise<void>,
  options: StreamOptions = {},
): Promise<StreamResult> {
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
