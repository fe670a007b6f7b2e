import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { makeImageCohort } from '../data/cohort';
import { takeParticipants } from '../data/participants';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { streamVolumes } from '../data/stream-volumes';
import { ConcordError } from '../errors';
import { growingImages } from './growing-images';
import type { ToSlicesOptions } from './to-slices';
import { toSlices } from './to-slices';

/** Options of {@link toImages}: those of `toSlices` except the scan's id, and `strict`. */
export interface ToImagesOptions extends Omit<ToSlicesOptions, 'scan'> {
  /**
   * Throw at the first scan that cannot be used, instead of leaving it out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}

/**
 * Cuts every scan of a cohort into slices. Scans are opened one after the other; only the slices are kept. A scan that
 * cannot be read or cut, or whose slices have another size than those before it, is left out with an issue of code
 * `unusable-scan`.
 *
 * @throws ConcordError `too-little-data` when no scan is left; `aborted` when cancelled; with `strict` whatever is
 * wrong with a scan.
 */
export async function toImages(
  cohort: VolumeCohort,
  options: ToImagesOptions = {},
  run: RunOptions = {},
): Promise<ImageCohort> {
  const { strict = false, plane = 'axial', at, channels = 1, size, fill } = options;
  const collected = growingImages(cohort.scans.length);
  const { rows, issues } = await streamVolumes(
    cohort,
    (volume, _row, { id }) => collected.add(toSlices(volume, { scan: id, plane, at, channels, size, fill })),
    { ...run, strict, label: 'cutting slices' },
  );
  if (rows.length === 0) {
    throw new ConcordError(
      'too-little-data',
      `none of the ${cohort.scans.length} scans can be cut into slices` +
        (issues.length === 0 ? '' : ` (the first: ${issues[0].message})`),
    );
  }
  return makeImageCohort(takeParticipants(cohort.participants, rows), collected.finish(), {
    subjects: rows.map((row) => cohort.scans[row].subject),
    provenance: [
      ...cohort.provenance,
      provenanceStep('toImages', { plane, at: at ?? 'all', channels, size, fill }),
    ],
    issues: [...cohort.issues, ...issues],
  });
}
