import type { ImageSet, SliceRecord } from '../data/images/image-set';
import { makeImageSet } from '../data/images/image-set';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';

/** Image sets of one size collected into one, as scans of unknown number come by. */
export interface GrowingImages {
  /**
   * Adds the images of one more scan.
   *
   * @throws ConcordError `different-grids` when their size is not that of the others; `missing-value` when only some
   * have a mask.
   */
  add(images: ImageSet): void;
  /** All images so far. The collection is used up. */
  finish(): ImageSet;
}

/** Starts a collection of images of about `scans` scans; its memory is taken for as many of them as the first has. */
export function growingImages(scans: number): GrowingImages {
  let data = new Float32Array(0);
  let mask: Uint8Array | undefined;
  let shape: ImageSet['shape'] | undefined;
  const slices: SliceRecord[] = [];
  const pixels = (): number => (shape === undefined ? 0 : shape[1] * shape[2]);
  const reserve = (images: number): void => {
    const channels = shape?.[3] ?? 1;
    if (images * pixels() * channels <= data.length) return;
    const capacity = Math.max(images, Math.ceil(1.5 * slices.length));
    data = copyInto(new Float32Array(capacity * pixels() * channels), data);
    if (mask !== undefined) mask = copyInto(new Uint8Array(capacity * pixels()), mask);
  };
  return {
    add: (images) => {
      if (shape === undefined) {
        shape = images.shape;
        if (images.mask !== undefined) mask = new Uint8Array(0);
        reserve(scans * images.slices.length);
      }
      requireAlike(images, shape, mask !== undefined);
      reserve(slices.length + images.slices.length);
      data.set(images.data, slices.length * pixels() * shape[3]);
      if (images.mask !== undefined) mask?.set(images.mask, slices.length * pixels());
      slices.push(...images.slices);
    },
    finish: () => {
      const [, height, width, channels] = shape ?? [0, 0, 0, 1];
      return makeImageSet(
        exactly(data, slices.length * pixels() * channels),
        [slices.length, height, width, channels],
        {
          slices,
          mask: mask && exactly(mask, slices.length * pixels()),
        },
      );
    },
  };
}

function copyInto<Voxels extends Float32Array | Uint8Array>(larger: Voxels, voxels: Voxels): Voxels {
  larger.set(voxels);
  return larger;
}

function exactly(voxels: Float32Array, length: number): Float32Array;
function exactly(voxels: Uint8Array, length: number): Uint8Array;
function exactly(voxels: Float32Array | Uint8Array, length: number): Float32Array | Uint8Array {
  return voxels.length === length ? voxels : voxels.slice(0, length);
}

function requireAlike(images: ImageSet, shape: ImageSet['shape'], masked: boolean): void {
  requireSameSize(images, shape);
  if ((images.mask !== undefined) !== masked) {
    throw new ConcordError(
      'missing-value',
      `it has ${masked ? 'no mask, and the scans before have one' : 'a mask, and the scans before have none'}`,
      { remedy: advise`give all scans a mask, or none` },
    );
  }
}

/**
 * Checks that images have the size of others; how many there are is free.
 *
 * @throws ConcordError `different-grids` when they have not.
 */
export function requireSameSize(images: ImageSet, shape: ImageSet['shape']): void {
  const [, height, width, channels] = images.shape;
  if (height === shape[1] && width === shape[2] && channels === shape[3]) return;
  throw new ConcordError(
    'different-grids',
    `its slices are ${height} × ${width} pixels, those of the scans before are ${shape[1]} × ${shape[2]}`,
    {
      remedy: advise`resample the cohort with ${option('spacing')}, or pad or crop slices with ${option('size')}`,
    },
  );
}
