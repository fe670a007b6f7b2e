import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { isIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { unusableScan } from '../../data/images/unusable-scan';
import { ConcordError } from '../../errors';
import type { ScanPicture } from './image-source';
import { pictureSource } from './image-source';

/** A scan while it is open. */
export interface OpenScan {
  readonly id: string;
  readonly row: number;
  readonly subject: string;
  readonly pictures: readonly ScanPicture[];
}

/**
 * Visits the scans of a cohort of either kind one after the other, keeping none. One that cannot be had becomes an
 * issue, and the others continue.
 *
 * @returns the rows that were visited, and the issues
 * @throws ConcordError `aborted` when canceled; what `visit` throws.
 */
export async function eachScan(
  cohort: VolumeCohort | ImageCohort,
  run: RunOptions,
  visit: (scan: OpenScan) => void | Promise<void>,
): Promise<{ readonly rows: readonly number[]; readonly issues: readonly Issue[] }> {
  const { ids } = cohort.participants;
  const source = pictureSource(cohort);
  const report = progressReporter('measuring scans', ids.length, run);
  const rows: number[] = [];
  const issues: Issue[] = [];
  for (const [row, id] of ids.entries()) {
    await breathe(run.signal);
    const pictures = await picturesOrIssue(cohort, row, () => source.pictures(row, { signal: run.signal }));
    if (isIssue(pictures)) issues.push(pictures);
    else {
      await visit({ id, row, subject: source.subjects[row], pictures });
      rows.push(row);
    }
    report(row + 1);
  }
  return { rows, issues };
}

/** The pictures of a scan, or the issue that says why they cannot be had. */
export async function picturesOrIssue(
  cohort: VolumeCohort | ImageCohort,
  row: number,
  open: () => Promise<readonly ScanPicture[]>,
): Promise<readonly ScanPicture[] | Issue> {
  try {
    return await open();
  } catch (error) {
    const damaged = error instanceof ConcordError && error.code !== 'aborted';
    if (cohort.kind !== 'volumes' || !damaged) throw error;
    return unusableScan(cohort.scans[row], error);
  }
}
