import type { VolumeCohort } from '../data/cohort';
import type { ImageSet, SliceRecord } from '../data/images/image-set';
import type { ImageSource } from '../data/images/image-source';
import { takeParticipants } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import type { Scan } from '../data/images/scan';
import type { CohortSource } from '../data/images/slice-source';
import { requireFiniteImages, requirePositions } from '../data/images/slice-source';
import type { StreamOptions, StreamResult } from '../math/images/stream-volumes';
import { streamVolumes } from '../math/images/stream-volumes';
import type { Volume } from '../data/images/volume';
import { personOf } from '../data/images/scan';
import { ConcordError } from '../errors';
import { requireSameSize } from './growing-images';
import type { RecentArrays } from './recent-arrays';
import { recentArrays } from './recent-arrays';
import { noScanCut } from './to-images';
import type { ToSlicesOptions } from './slices/to-slices';
import { requireSliceOptions, toSlices } from './slices/to-slices';
import { requireCall } from '../data/calls/require-call';
import { rowsBy } from '../data/group-by';

/**
 * Options of {@link volumeSource}: those of `volumes.toSlices` except the scan's id, and those of working through a
 * cohort.
 */
export interface VolumeSourceOptions extends Omit<ToSlicesOptions, 'scan'>, StreamOptions {
  /**
   * How many bytes of slices are kept in memory; the volumes themselves never are.
   *
   * @defaultValue half a gigabyte (2²⁹)
   */
  readonly cacheBytes?: number;
}

/**
 * Slices of a cohort as a source to draw batches from, without keeping them all. Every scan is opened once now, to learn
 * how many slices it has and whether it can be used (a scan that cannot be read or cut, whose slices have another size
 * than those before it, or voxels that are not finite, is left out with an issue of code `unusable-scan`), and again
 * later when its slices are needed and are not among those kept. Where opening is slow, as after `preprocess`, write the
 * volumes first, or cut them with `toImages`, save, and train from `networks.openImages`.
 *
 * @throws ConcordError `too-little-data` when no scan is left; `invalid-option`; `aborted` when canceled; with `strict`
 * whatever is wrong with a scan. Reading throws what opening a scan throws, and `different-grids` when a scan has
 * changed.
 */
export async function volumeSource(
  cohort: VolumeCohort,
  options: VolumeSourceOptions = {},
): Promise<CohortSource> {
  requireCall('networks.volumeSource', { cohort, options });
  requireSliceOptions(options);
  const { plane, at, channels, size, center, fill, cacheBytes = 2 ** 29, ...stream } = options;
  if (!(cacheBytes >= 0)) {
    throw new ConcordError('invalid-option', `invalid cacheBytes: ${cacheBytes} (0 or more is required)`);
  }
  const cut = (volume: Volume, { id }: Scan): ImageSet =>
    toSlices(volume, { scan: id, plane, at, channels, size, center, fill });
  const recent = recentArrays(cacheBytes, async (number) => {
    const { scan, count } = survey.scans[number];
    const images = cut(await scan.open(), scan);
    requireUnchanged(images, [count, ...survey.shape], scan);
    return images.data;
  });
  const survey = await lookThrough(cohort, { ...stream, cut, keep: recent.put });
  const { scans, slices, shape, rows } = survey;
  const bytes = 4 * shape[0] * shape[1] * shape[2] * slices.length;
  const scansAtOnce = Math.max(1, Math.floor((cacheBytes / bytes) * scans.length));
  return {
    kind: 'image-source',
    count: slices.length,
    shape,
    slices,
    ...(bytes > cacheBytes ? { scansAtOnce } : {}),
    participants: takeParticipants(cohort.participants, rows),
    subjects: rows.map((row) => personOf(cohort.scans[row])),
    suffixes: rows.map((row) => cohort.scans[row].suffix ?? ''),
    provenance: [
      ...cohort.provenance,
      provenanceStep('volumeSource', { plane, at, channels, size, center, fill }),
    ],
    issues: [...cohort.issues, ...survey.issues],
    read: async (positions) => readSlices(positions, survey, recent),
  };
}

/** The slices of one scan: where they begin among all, and how many there are. */
interface CutScan {
  readonly scan: Scan;
  readonly first: number;
  readonly count: number;
}

/** What is known of a cohort after it was looked through. */
interface Survey extends StreamResult {
  readonly scans: readonly CutScan[];
  readonly slices: readonly SliceRecord[];
  readonly shape: ImageSource['shape'];
}

interface SurveyOptions extends StreamOptions {
  readonly cut: (volume: Volume, scan: Scan) => ImageSet;
  readonly keep: (number: number, slices: Float32Array) => void;
}

async function lookThrough(cohort: VolumeCohort, options: SurveyOptions): Promise<Survey> {
  const { cut, keep, label = 'looking through scans', ...stream } = options;
  const scans: CutScan[] = [];
  const slices: SliceRecord[] = [];
  let shape: ImageSet['shape'] | undefined;
  const { rows, issues } = await streamVolumes(
    cohort,
    (volume, _row, scan) => {
      const images = cut(volume, scan);
      requireSameSize(images, shape ?? images.shape);
      requireFinite(images);
      shape ??= images.shape;
      keep(scans.length, images.data);
      scans.push({ scan, first: slices.length, count: images.slices.length });
      slices.push(...images.slices);
    },
    { ...stream, label },
  );
  if (shape === undefined) throw noScanCut(cohort, issues);
  return { scans, slices, rows, issues, shape: [shape[1], shape[2], shape[3]] };
}

/** Reads slices, scan by scan, so that none is opened twice for one call. */
async function readSlices(
  positions: ArrayLike<number>,
  { scans, slices, shape }: Survey,
  recent: RecentArrays,
): Promise<Float32Array> {
  requirePositions(positions, slices.length);
  const size = shape[0] * shape[1] * shape[2];
  const data = new Float32Array(positions.length * size);
  for (const [number, places] of byScan(positions, scans)) {
    const images = await recent.get(number);
    for (const place of places) {
      const from = (positions[place] - scans[number].first) * size;
      data.set(images.subarray(from, from + size), place * size);
    }
  }
  return data;
}

/** For each scan the places among `positions` at which its images are asked for, so that it is opened once. */
function byScan(
  positions: ArrayLike<number>,
  scans: readonly CutScan[],
): ReadonlyMap<number, readonly number[]> {
  const scanOf = (position: number): number => {
    let low = 0;
    let high = scans.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (scans[middle].first <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return rowsBy(Array.from(positions, scanOf));
}

function requireFinite({ data, slices, shape }: ImageSet): void {
  const positions = slices.map((_, position) => position);
  const [count, height, width, channels] = shape;
  const read = (): Promise<Float32Array> => Promise.resolve(data);
  requireFiniteImages(data, positions, { count, shape: [height, width, channels], slices, read });
}

function requireUnchanged(images: ImageSet, shape: readonly number[], scan: Scan): void {
  if (images.shape.every((size, axis) => size === shape[axis])) return;
  throw new ConcordError(
    'different-grids',
    `scan "${scan.id}" has changed: its slices were ${shape.join(' × ')} and are ${images.shape.join(' × ')}`,
    { where: { subject: scan.id, ...(scan.file === undefined ? {} : { file: scan.file }) } },
  );
}
