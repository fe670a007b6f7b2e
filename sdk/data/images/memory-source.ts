import type { ImageCohort } from '../cohort';
import { isImageCohort } from '../cohort';
import type { ImageSet } from './image-set';
import type { CohortSource, SliceSource } from './slice-source';
import { requirePositions } from './slice-source';
import { requireCall } from '../calls/require-call';

/**
 * Images that are in memory already, as a source to draw batches from. They are not copied until they are read. Reading
 * throws `invalid-option` for an image that is not there.
 */
export function imageSource(images: ImageCohort): CohortSource;
export function imageSource(images: ImageSet): SliceSource;
export function imageSource(images: ImageSet | ImageCohort): SliceSource | CohortSource {
  requireCall('networks.imageSource', { images });
  if (isImageCohort(images)) {
    const { participants, subjects, suffixes, provenance, issues } = images;
    return {
      kind: 'image-source',
      ...imageSource(images.images),
      participants,
      subjects,
      suffixes,
      provenance,
      issues,
    };
  }
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  return {
    count,
    shape: [height, width, channels],
    slices: images.slices,
    read: async (positions) => {
      requirePositions(positions, count);
      const data = new Float32Array(positions.length * size);
      for (let i = 0; i < positions.length; i++) {
        data.set(images.data.subarray(positions[i] * size, (positions[i] + 1) * size), i * size);
      }
      return Promise.resolve(data);
    },
  };
}

/** Images of a cohort as a source, whether they are in memory or read when needed. */
export function cohortSource(data: ImageCohort | CohortSource): CohortSource {
  return data.kind === 'images' ? imageSource(data) : data;
}
