import type { Triple } from '../../data/images/affine';
import type { Issue } from '../../data/issue';
import { oneOf } from '../../data/one-of';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import type { Scan } from '../../data/images/scan';
import type { StreamOptions, StreamResult } from '../../math/images/stream-volumes';
import { unusableScan } from '../../data/images/unusable-scan';
import { ConcordError } from '../../errors';
import type { ScanFileOptions } from './scan-file';
import { checkScanHeader } from './scan-file';

/** How far scans are checked before they are used: not at all, by their headers, or by reading them whole. */
export type ScanCheck = 'none' | 'header' | 'full';

/** A scan that is kept in a file, and how it is read. */
export interface FileScan {
  readonly scan: Scan;
  readonly file: string;
  readonly reading: ScanFileOptions;
}

/** Which scans passed. */
export interface CheckedScans extends StreamResult {
  /** Of each of these millimeters between neighboring voxels, where headers were looked at by themselves. */
  readonly spacings: readonly Triple[];
}

/**
 * Checks scans before they are used. One that cannot be used becomes an issue of code `unusable-scan`; the others
 * continue. Nothing is kept.
 *
 * @throws ConcordError `aborted` when canceled; whatever is wrong with the first bad scan, with `strict`.
 */
export async function checkScans(
  scans: readonly FileScan[],
  check: ScanCheck,
  options: StreamOptions = {},
): Promise<CheckedScans> {
  oneOf('check', check, ['none', 'header', 'full']);
  const { strict = false, label = 'checking scans', signal, onProgress } = options;
  const report = progressReporter(label, scans.length, { onProgress });
  const rows: number[] = [];
  const spacings: Triple[] = [];
  const issues: Issue[] = [];
  for (const [row, { scan, file, reading }] of scans.entries()) {
    throwIfAborted(signal);
    try {
      if (check === 'header') spacings.push((await checkScanHeader(file, reading)).spacing);
      if (check === 'full') await scan.open({ signal });
      rows.push(row);
    } catch (error) {
      if (strict || !(error instanceof ConcordError) || error.code === 'aborted') throw error;
      issues.push(unusableScan(scan, error));
    }
    report(row + 1);
  }
  return { rows, spacings, issues };
}
