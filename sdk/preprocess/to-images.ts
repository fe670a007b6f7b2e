import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { makeImageCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { takeParticipants } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import type { StreamOptions } from '../math/images/stream-volumes';
import { streamVolumes } from '../math/images/stream-volumes';
import { personOf } from '../data/images/scan';
import { ConcordError } from '../errors';
import { growingImages } from './growing-images';
import type { ToSlicesOptions } from './slices/to-slices';
import { requireSliceOptions, toSlices } from './slices/to-slices';
import { requireCall } from '../data/calls/require-call';

/**
 * Options of {@link toImages}: those of `volumes.toSlices` except the scan's id, and those of working through a cohort.
 */
export interface ToImagesOptions extends Omit<ToSlicesOptions, 'scan'>, StreamOptions {}

/**
 * Cuts every scan of a cohort into slices. Scans are opened one after the other; only the slices are kept. A scan that
 * cannot be read or cut, or whose slices have another size than those before it, is left out with an issue of code
 * `unusable-scan`.
 *
 * @throws ConcordError `too-little-data` when no scan is left; `aborted` when canceled; with `strict` whatever is
 * wrong with a scan.
 *
 * @example
 * ```ts
 * const slices = await toImages(cohort, { plane: 'axial', at: { count: 5 }, size: 128 });
 * ```
 */
export async function toImages(cohort: VolumeCohort, options: ToImagesOptions = {}): Promise<ImageCohort> {
  requireCall('toImages', { cohort, options });
  requireSliceOptions(options);
  const { plane = 'axial', at, channels = 1, size, center = 'grid', fill } = options;
  const { label = 'cutting slices', strict, signal, onProgress } = options;
  const collected = growingImages(cohort.scans.length);
  const { rows, issues } = await streamVolumes(
    cohort,
    (volume, _row, { id }) =>
      collected.add(toSlices(volume, { scan: id, plane, at, channels, size, center, fill })),
    { label, strict, signal, onProgress },
  );
  if (rows.length === 0) throw noScanCut(cohort, issues);
  return makeImageCohort(takeParticipants(cohort.participants, rows), collected.finish(), {
    subjects: rows.map((row) => personOf(cohort.scans[row])),
    suffixes: rows.map((row) => cohort.scans[row].suffix ?? ''),
    provenance: [
      ...cohort.provenance,
      provenanceStep('toImages', { plane, at: at ?? 'all', channels, size, center, fill }),
    ],
    issues: [...cohort.issues, ...issues],
  });
}

/** The error for a cohort none of whose scans can be cut into slices. */
export function noScanCut(cohort: VolumeCohort, issues: readonly Issue[]): ConcordError {
  return new ConcordError(
    'too-little-data',
    `none of the ${cohort.scans.length} scans can be cut into slices` +
      (issues.length === 0 ? '' : ` (the first: ${issues[0].message})`),
    { remedy: issues.at(0)?.remedy },
  );
}
