import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { imageRanges, makeVolumeCohort } from '../../data/cohort';
import { digestOf } from '../../data/digest';
import type { ImageSet } from '../../data/images/image-set';
import { takeImages } from '../../data/images/image-set';
import { listNames } from '../../data/list-names';
import { takeParticipants } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import type { Scan } from '../../data/images/scan';
import type { Volume } from '../../data/images/volume';
import { withVolume } from '../../data/images/volume';
import { keepMark } from '../../math/images/scan-mark';
import { ConcordError } from '../../errors';
import { fromSlices } from './from-slices';
import { advise, call } from '../../remedy';
import { requireCall } from '../../data/calls/require-call';

/**
 * Writes slices, harmonized say, back into the volumes they were cut from. Nothing is computed yet: each scan is opened
 * and gets its slices when it is needed. Voxels that no slice shows stay as they are. Scans without slices are left out:
 * they did not go through what the slices went through. The record keeps a digest of the slices of each scan.
 *
 * @param cohort - the scans that `toImages` cut
 * @param images - their slices, matched by the id of the scan
 * @throws ConcordError `invalid-option` when slices belong to no scan of the cohort.
 *
 * @example
 * ```ts
 * const whole = replaceSlices(cohort, await harmonizeDdae(model, slices, { target: 'siteA' }));
 * ```
 */
export function replaceSlices(cohort: VolumeCohort, images: ImageCohort): VolumeCohort {
  requireCall('replaceSlices', { cohort, images });
  const ranges = imageRanges(images);
  const rangeOf = new Map(images.participants.ids.map((id, row) => [id, ranges[row]]));
  const known = new Set(cohort.participants.ids);
  const strangers = images.participants.ids.filter((id) => !known.has(id));
  if (strangers.length > 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid slices: those of ${listNames(strangers)} belong to no scan of the cohort`,
      { remedy: advise`give the cohort whose slices ${call('toImages')} cut` },
    );
  }
  const rows = Array.from(cohort.scans.keys()).filter((row) => rangeOf.has(cohort.scans[row].id));
  const digests = new Map<string, string>();
  const scans = rows.map((row) => {
    const scan = cohort.scans[row];
    const range = rangeOf.get(scan.id) ?? [0, 0];
    const digest = digestOfSlices(images.images, range);
    digests.set(scan.id, digest);
    return withSlices(scan, images, { range, digest });
  });
  const slices = Object.fromEntries(digests);
  return makeVolumeCohort(takeParticipants(cohort.participants, rows), scans, {
    provenance: [...images.provenance, provenanceStep('replaceSlices', { slices })],
    issues: images.issues,
  });
}

/** The slices of one scan, from one number to before another. */
type SliceRange = readonly [from: number, to: number];

function digestOfSlices({ data, shape, slices }: ImageSet, [from, to]: SliceRange): string {
  const [, height, width, channels] = shape;
  const size = height * width * channels;
  return digestOf(data.subarray(from * size, to * size), [height, width, channels], slices.slice(from, to));
}

function withSlices(
  scan: Scan,
  images: ImageCohort,
  { range, digest }: { readonly range: SliceRange; readonly digest: string },
): Scan {
  const [from, to] = range;
  const cut = images.provenance.findLastIndex(({ step }) => step === 'toImages');
  const since = [
    ...images.provenance.slice(Math.max(cut, 0)),
    provenanceStep('replaceSlices', { slices: digest }),
  ];
  return {
    ...scan,
    open: async (run) => {
      const volume = await scan.open(run);
      const recorded = since.reduce((so: Volume, step) => withVolume(so, {}, step), volume);
      const own = takeImages(
        images.images,
        Array.from({ length: to - from }, (_, i) => from + i),
      );
      return keepMark(volume, fromSlices(own, recorded));
    },
  };
}
