import { constants } from 'node:buffer';
import type { Affine, Triple } from '../../../data/images/affine';
import type { Datatype, VolumeHeader } from '../../../data/images/volume';
import { imageError } from '../image-error';

/** What the header of an image file says about where its voxels are and what they mean. */
export interface ImageLayout {
  readonly shape: Triple;
  /** Voxel indices to millimeters in RAS space. It is not yet checked that it spans space. */
  readonly affine: Affine;
  readonly littleEndian: boolean;
  /** The byte at which the voxels begin. */
  readonly offset: number;
  /** The voxels are in a file of their own, named like the header but ending in `.img`. */
  readonly apart: boolean;
  readonly header: Omit<VolumeHeader, 'frame'>;
}

/** How many bytes each voxel takes. */
export const bytesPerVoxel: Readonly<Record<Datatype, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8,
};

/** How many bytes one frame takes. */
export function frameBytes({ shape, header }: Pick<ImageLayout, 'shape' | 'header'>): number {
  return shape[0] * shape[1] * shape[2] * bytesPerVoxel[header.datatype];
}

/**
 * Checks the sizes that a header claims, before memory is set aside for them.
 *
 * @param sizes - three axes and the frames
 * @throws ConcordError `malformed-image` when a size is not a positive integer, or the voxels do not fit in memory.
 */
export function requireSizes(sizes: readonly number[], datatype: Datatype, path: string): void {
  const claimed = sizes.join(' × ');
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw imageError(
      'malformed-image',
      path,
      `invalid dimensions: ${path} claims ${claimed} voxels (the header is damaged: make the file again)`,
    );
  }
  const voxels = sizes[0] * sizes[1] * sizes[2];
  if (voxels * Math.max(4, bytesPerVoxel[datatype]) > constants.MAX_LENGTH) {
    throw imageError(
      'malformed-image',
      path,
      `invalid dimensions: ${path} claims ${claimed} voxels, more than fit in memory (the header is damaged, ` +
        'or the image must be cut into parts)',
    );
  }
}
