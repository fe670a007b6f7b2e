import { ConcordError } from '../../errors';
import { suggestName } from '../nearest-names';
import type { ImageSource } from './image-source';
import type { SliceRecord } from './image-set';
import type { Issue } from '../issue';
import type { Participants } from '../people/participants';
import type { Provenance } from '../provenance';
import { advise, call } from '../../remedy';

/** An image source that knows what its images show. */
export interface SliceSource extends ImageSource {
  /** What each image shows, one entry per image. */
  readonly slices: readonly SliceRecord[];
  /**
   * How many scans it holds the images of at a time, where that is not all of them: to read from more scans than this
   * in turn opens each of them again and again.
   */
  readonly scansAtOnce?: number;
}

/** An image source that knows whom its images show: each image's scan is the id of its participant. */
export interface CohortSource extends SliceSource {
  readonly kind: 'image-source';
  readonly participants: Participants;
  /** The person of each participant's scan: the same at several rows where a person was scanned several times. */
  readonly subjects: readonly string[];
  /** What each participant's scan measured, by its BIDS suffix (`T1w` …); empty where that is not known. */
  readonly suffixes: readonly string[];
  /** How the images were made, oldest step first. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
}

/**
 * The site of each image.
 *
 * @throws ConcordError `unknown-column` when an image belongs to no participant.
 */
export function imageSites(cohort: Pick<CohortSource, 'slices' | 'participants'>): readonly string[] {
  const { ids, sites } = cohort.participants;
  const siteOf = new Map(ids.map((id, row) => [id, sites[row]]));
  return cohort.slices.map(({ scan }) => {
    const site = siteOf.get(scan);
    if (site !== undefined) return site;
    const hint = suggestName(scan, ids, 'it is not the id of a participant');
    throw new ConcordError('unknown-column', `unknown scan: "${scan}" (${hint})`);
  });
}

/** Where the images of each participant's scan are among those of a source. */
export function positionsOfScans({
  participants,
  slices,
}: Pick<CohortSource, 'slices' | 'participants'>): readonly (readonly number[])[] {
  const positionsOf = new Map<string, number[]>(participants.ids.map((id) => [id, []]));
  slices.forEach(({ scan }, position) => positionsOf.get(scan)?.push(position));
  return participants.ids.map((id) => positionsOf.get(id) ?? []);
}

/**
 * Checks that the images to be read exist.
 *
 * @throws ConcordError `invalid-option` when one is not there.
 */
export function requirePositions(positions: ArrayLike<number>, count: number): void {
  for (let i = 0; i < positions.length; i++) {
    if (Number.isInteger(positions[i]) && positions[i] >= 0 && positions[i] < count) continue;
    throw new ConcordError('invalid-option', `invalid image: ${positions[i]} (0 to ${count - 1} exist)`);
  }
}

/**
 * Checks that every pixel of images is a finite number: a single one that is not turns every weight of a network in
 * training into NaN.
 *
 * @param images - what `source.read(positions)` gave
 * @throws ConcordError `invalid-voxels` naming the scan and the slice, where the source knows them, and the pixel.
 */
export function requireFiniteImages(
  images: Float32Array,
  positions: ArrayLike<number>,
  source: ImageSource & Partial<SliceSource>,
): void {
  const at = images.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [height, width, channels] = source.shape;
  const pixel = Math.floor(at / channels);
  const position = positions[Math.floor(pixel / (height * width))];
  const slice = source.slices?.[position];
  const what =
    slice === undefined ? `image ${position}` : `scan "${slice.scan}", ${slice.plane} slice ${slice.index}`;
  const row = Math.floor(pixel / width) % height;
  throw new ConcordError(
    'invalid-voxels',
    `invalid voxel: ${images[at]} in ${what}, row ${row}, column ${pixel % width}`,
    {
      where: slice === undefined ? {} : { subject: slice.scan },
      remedy: advise`every intensity must be finite; repair the scan, or leave it out with ${call('takeSubjects')}`,
    },
  );
}
