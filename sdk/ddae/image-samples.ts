import { affineSpacing, nearestAxes } from '../data/affine';
import type { ImageCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import { digestOf } from '../data/digest';
import type { Plane, SliceRecord } from '../data/image-set';
import { sliceAxes } from '../data/image-set';
import { imageSource } from '../data/memory-source';
import { siteNames } from '../data/participants';
import type { RunOptions } from '../data/run-options';
import type { CohortSource } from '../data/slice-source';
import { ConcordError } from '../errors';
import type { Samples } from './samples';
import type { IntensityRange } from './scan-intensity';
import { meanRange, measureScanRanges, scaledSource } from './scan-intensity';

/**
 * Makes samples of slices: each scan is brought to one range, and the ranges of the sites are kept to give results in.
 *
 * @throws ConcordError `too-little-data` with fewer than two sites or two images at a site; `invalid-option` when the
 * scans measured different things or were cut along different planes or at different pixel sizes; `invalid-voxels`.
 */
export async function imageSamples(data: ImageCohort | CohortSource, run: RunOptions): Promise<Samples> {
  const source = 'kind' in data ? imageSource(data) : data;
  requireOneSuffix('fitDdae', source);
  const { participants, slices } = source;
  const rowOf = new Map(participants.ids.map((id, row) => [id, row]));
  const rows = Int32Array.from(slices, ({ scan }) => rowOf.get(scan) ?? -1);
  const { plane, pixelSize } = commonSlices(slices);
  requireSites(
    siteNames(participants),
    Array.from(rows, (row) => participants.sites[row]),
    'images',
  );
  const ranges = await measureScanRanges(source, run);
  const pixels = 'kind' in data ? data.images.data : ranges;
  return {
    sampleShape: source.shape,
    source: scaledSource(source, ranges),
    rows,
    participants,
    subjects: source.subjects,
    scale: {
      kind: 'images',
      plane,
      pixelSize,
      suffix: source.suffixes[0] ?? '',
      siteRanges: siteRanges(source, ranges),
    },
    digest: digestOf(slices, pixels),
    provenance: source.provenance,
    issues: source.issues,
  };
}

function siteRanges(
  { participants }: CohortSource,
  ranges: readonly IntensityRange[],
): readonly IntensityRange[] {
  return siteNames(participants).map((site) =>
    meanRange(ranges.filter((_, row) => participants.sites[row] === site)),
  );
}

/**
 * Checks that there are sites to tell apart, and enough of each.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireSites(sites: readonly string[], siteOfSample: readonly string[], what: string): void {
  if (sites.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `there is one site only, "${sites[0]}" (two at least are needed to learn what a site does to ${what})`,
    );
  }
  const small = sites.find((site) => siteOfSample.filter((other) => other === site).length < 2);
  if (small === undefined) return;
  throw new ConcordError(
    'too-little-data',
    `site "${small}" has fewer than two ${what} (two at least are needed of each; leave the site out with takeSubjects)`,
    { where: { site: small } },
  );
}

/** The size of the pixels of a slice in mm: rows, columns. */
export function pixelSizeOf({ plane, grid }: SliceRecord): readonly [rows: number, columns: number] {
  const axes = nearestAxes(grid.affine);
  const spacing = affineSpacing(grid.affine);
  const along = (world: number): number => spacing[axes.findIndex((axis) => axis.world === world)];
  const [rows, columns] = sliceAxes[plane];
  return [along(rows), along(columns)];
}

function commonSlices(slices: readonly SliceRecord[]): {
  readonly plane: Plane;
  readonly pixelSize: readonly [number, number];
} {
  const [first] = slices;
  if (first === undefined) throw new ConcordError('too-little-data', 'there are no images to learn from');
  const { plane } = first;
  const pixelSize = pixelSizeOf(first);
  for (const slice of slices) {
    const found = pixelSizeOf(slice);
    if (slice.plane === plane && sameSize(found, pixelSize)) continue;
    throw new ConcordError(
      'invalid-option',
      `images of different kinds: "${first.scan}" has ${plane} slices with pixels of ${pixelSize.join(' × ')} mm, ` +
        `"${slice.scan}" ${slice.plane} slices with pixels of ${found.join(' × ')} mm (resample the scans to one spacing, ` +
        'and cut them along one plane)',
      { where: { subject: slice.scan } },
    );
  }
  return { plane, pixelSize };
}

/** Whether pixels have the same size, to a hundredth. */
export function sameSize(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a.every((side, i) => Math.abs(side - b[i]) <= 0.01 * side);
}
