import type { Affine, Triple } from '../data/images/affine';
import { composeAffines } from '../data/images/affine';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import type { Grid, Volume } from '../data/images/volume';
import { requireMask, withVolume } from '../data/images/volume';
import { ConcordError } from '../errors';
import { backgroundValue } from './background-value';
import { maskBox } from '../data/images/mask-box';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link cropPad}. */
export interface CropPadOptions {
  /** The voxels wanted along each axis of the grid. */
  readonly shape: Triple;
  /**
   * What becomes the center: that of the grid, or of the box around the mask.
   *
   * @defaultValue `'grid'`
   */
  readonly center?: 'grid' | 'mask';
  /**
   * The intensity of voxels that are added.
   *
   * @defaultValue the volume's background: the median of its corner voxels
   */
  readonly fill?: number;
}

/**
 * Gives a volume another shape by cutting off and adding voxels at its borders; those that stay keep their value and
 * their place in the world. Of an odd number of voxels, the extra one is cut off or added at the lower end, so that around
 * the center of the grid what was added is cut off again, and the grid that was cut is restored.
 *
 * @throws ConcordError `invalid-option` when the shape is not three positive integers; `missing-value` or `failed-step`
 * when the mask is wanted as the center and is missing or empty.
 */
export function cropPad(volume: Volume, options: CropPadOptions): Volume {
  requireCall('volumes.cropPad', { volume, options });
  const { shape, center = 'grid' } = options;
  oneOf('center', center, ['grid', 'mask']);
  if (shape.length !== 3 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new ConcordError('invalid-option', `invalid shape: ${shape.join(' × ')} (three positive integers)`);
  }
  const fill = options.fill ?? backgroundValue(volume.data, volume.shape);
  const box =
    center === 'grid'
      ? { from: [0, 0, 0], to: volume.shape }
      : maskBox(requireMask(volume, 'cropping around the mask'), volume.shape);
  const start = (axis: number): number => {
    const surplus = box.to[axis] - box.from[axis] - shape[axis];
    return box.from[axis] + Math.sign(surplus) * Math.ceil(Math.abs(surplus) / 2);
  };
  const step = provenanceStep('cropPad', { shape, center, fill });
  return withVolume(volume, cutBox(volume, [start(0), start(1), start(2)], { shape, fill }), step);
}

/** Options of {@link cropToMask}. */
export interface CropToMaskOptions {
  /**
   * What is left around the mask, in mm, where the volume reaches so far.
   *
   * @defaultValue `5`
   */
  readonly margin?: number;
}

/**
 * Cuts a volume down to the box around its mask.
 *
 * @throws ConcordError `missing-value` when there is no mask; `failed-step` when it is empty; `invalid-option` when the
 * margin is negative.
 */
export function cropToMask(volume: Volume, options: CropToMaskOptions = {}): Volume {
  requireCall('volumes.cropToMask', { volume, options });
  const { margin = 5 } = options;
  if (!(margin >= 0)) {
    throw new ConcordError('invalid-option', `invalid margin: ${margin} (0 mm or more is required)`);
  }
  const box = maskBox(requireMask(volume, 'cropping to the mask'), volume.shape);
  const wide = volume.spacing.map((spacing) => Math.ceil(margin / spacing - 1e-6));
  const from = box.from.map((at, axis) => Math.max(0, at - wide[axis])) as unknown as Triple;
  const shape = box.to.map(
    (at, axis) => Math.min(volume.shape[axis], at + wide[axis]) - from[axis],
  ) as unknown as Triple;
  return withVolume(
    volume,
    cutBox(volume, from, { shape, fill: 0 }),
    provenanceStep('cropToMask', { margin }),
  );
}

/**
 * The part of a volume in a box of its grid, which may reach beyond it.
 *
 * @param start - the voxel at which the box begins; negative where it begins before the volume
 * @returns data, mask, shape and affine of the box
 */
export function cutBox(
  volume: Volume,
  start: Triple,
  options: { readonly shape: Triple; readonly fill: number },
): Grid & { readonly data: Float32Array; readonly mask?: Uint8Array } {
  const { shape, fill } = options;
  const size = shape[0] * shape[1] * shape[2];
  const box = { from: volume.shape, start, to: shape };
  const data = copyBox(volume.data, new Float32Array(size).fill(fill), box);
  const mask = volume.mask === undefined ? {} : { mask: copyBox(volume.mask, new Uint8Array(size), box) };
  return { data, ...mask, shape, affine: shiftAffine(volume.affine, start) };
}

/** The affine of a grid that begins at another voxel. */
export function shiftAffine(affine: Affine, [i, j, k]: Triple): Affine {
  return composeAffines(affine, [1, 0, 0, i, 0, 1, 0, j, 0, 0, 1, k, 0, 0, 0, 1]);
}

function copyBox<Voxels extends Float32Array | Uint8Array>(
  voxels: Voxels,
  result: Voxels,
  box: { readonly from: Triple; readonly start: Triple; readonly to: Triple },
): Voxels {
  const { from, start, to } = box;
  const low = start.map((at) => Math.max(0, -at));
  const high = start.map((at, axis) => Math.min(to[axis], from[axis] - at));
  if (high.some((end, axis) => end <= low[axis])) return result;
  for (let k = low[2]; k < high[2]; k++) {
    for (let j = low[1]; j < high[1]; j++) {
      const at = low[0] + start[0] + from[0] * (j + start[1] + from[1] * (k + start[2]));
      result.set(voxels.subarray(at, at + high[0] - low[0]), low[0] + to[0] * (j + to[1] * k));
    }
  }
  return result;
}
