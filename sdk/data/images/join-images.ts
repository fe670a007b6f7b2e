import { ConcordError } from '../../errors';
import type { ImageCohort } from '../cohort';
import { makeImageCohort } from '../cohort';
import type { SliceRecord } from './image-set';
import { makeImageSet } from './image-set';
import { makeParticipants } from '../people/participants';
import { requireCall } from '../calls/require-call';

/**
 * Puts cohorts of images into one, to be looked at or compared: the same scan before and after, or harmonized to
 * several sites. A scan's id becomes the name of its cohort, followed by its own id where the cohort has several scans.
 * Persons, sites and contrasts stay with the scans; covariates are left out, since cohorts can have different ones.
 *
 * @throws ConcordError `invalid-option` when there are none, or their images have different sizes.
 * @example
 * ```ts
 * show(montage(joinImages({ before: cohort, after: harmonized })));
 * ```
 */
export function joinImages(cohorts: Readonly<Record<string, ImageCohort>>): ImageCohort {
  requireCall('joinImages', { cohorts });
  const named = Object.entries(cohorts);
  if (named.length === 0) throw new ConcordError('invalid-option', 'no cohorts to join');
  const [, height, width, channels] = named[0][1].images.shape;
  for (const [name, { images }] of named) {
    if (images.shape.slice(1).join() === [height, width, channels].join()) continue;
    throw new ConcordError(
      'invalid-option',
      `the images of "${name}" are ${images.shape.slice(1).join(' × ')}, those of "${named[0][0]}" ` +
        `${[height, width, channels].join(' × ')} (cut them to one size)`,
    );
  }
  const parts = named.map(([name, cohort]) => {
    const single = cohort.participants.ids.length === 1;
    const rename = (id: string): string => (single ? name : `${name} ${id}`);
    const slices = cohort.images.slices.map((slice): SliceRecord => {
      return { ...slice, scan: rename(slice.scan) };
    });
    return { ...cohort, ids: cohort.participants.ids.map(rename), slices };
  });
  const slices = parts.flatMap((part) => part.slices);
  const pixels = height * width;
  const data = new Float32Array(slices.length * pixels * channels);
  const mask = parts.every((part) => part.images.mask !== undefined)
    ? new Uint8Array(slices.length * pixels)
    : undefined;
  let from = 0;
  for (const { images } of parts) {
    data.set(images.data, from * pixels * channels);
    if (images.mask !== undefined) mask?.set(images.mask, from * pixels);
    from += images.shape[0];
  }
  const participants = makeParticipants(
    parts.flatMap((part) => part.ids),
    parts.flatMap((part) => part.participants.sites),
    [],
    parts.some(({ participants: { families } }) => families !== undefined)
      ? { families: parts.flatMap(({ ids, participants: { families } }) => families ?? ids.map(() => '')) }
      : {},
  );
  const shape = [slices.length, height, width, channels] as const;
  const images = makeImageSet(data, shape, { slices, mask });
  return makeImageCohort(participants, images, {
    subjects: parts.flatMap((part) => part.subjects),
    suffixes: parts.flatMap((part) => part.suffixes),
    provenance: parts.flatMap((part) => part.provenance),
    issues: parts.flatMap((part) => part.issues),
  });
}
