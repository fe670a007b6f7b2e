import type { Affine, Triple } from '../../data/images/affine';
import { makeAffine, nearestAxes, transformPoint } from '../../data/images/affine';
import type { Grid, Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { quantile } from '../../math/statistics/quantiles';
import { shiftAffine } from '../crop-pad';
import { maskBox } from '../../data/images/mask-box';
import { resampleMask, resampleVoxels } from '../resample-voxels';
import { advise } from '../../remedy';

/**
 * A volume made ready for registration: on a grid along the axes of RAS space, no finer than needed, its intensities
 * between 0 and 1000 with outliers clipped, its center of mass known.
 */
export interface RegistrationImage extends Grid {
  readonly data: Float32Array;
  readonly spacing: Triple;
  /** In RAS mm. */
  readonly center: Triple;
}

/**
 * Makes a volume ready for registration.
 *
 * @param volume - of any orientation, also a sheared one
 * @param options - `name` for messages; `spacing`: what is finer, in mm, is sampled as coarsely; `useMask`: whether what
 * is outside of the mask is taken as 0
 * @throws ConcordError `failed-step` when there is nothing to align: all voxels alike, or an empty mask.
 */
export function registrationImage(
  volume: Volume,
  options: { readonly name: string; readonly spacing: number; readonly useMask: boolean },
): RegistrationImage {
  const { name, spacing, useMask } = options;
  const grid = uprightGrid(volume, spacing);
  const masked = useMask && volume.mask !== undefined;
  const data = resampleVoxels(volume, grid, { interpolation: 'linear', antialias: true, fill: NaN });
  const mask = masked ? resampleMask(volume, grid) : undefined;
  const scaled = scaleIntensities(data, mask, name);
  const image = { data: scaled, ...grid };
  const box = mask === undefined ? image : boxAround(image, mask);
  const [a, , , , , e, , , , , i] = box.affine;
  return { ...box, spacing: [a, e, i], center: centerOfMass(box) };
}

/** The grid along the axes of RAS space that holds a whole volume. */
function uprightGrid({ shape, affine, spacing }: Volume, least: number): Grid {
  const axes = nearestAxes(affine);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const end = (axis: number): number => ((corner >> axis) & 1) * (shape[axis] - 1);
    transformPoint(affine, [end(0), end(1), end(2)]).forEach((at, world) => {
      low[world] = Math.min(low[world], at);
      high[world] = Math.max(high[world], at);
    });
  }
  const step = [0, 1, 2].map((world) =>
    Math.max(least, spacing[axes.findIndex((axis) => axis.world === world)]),
  );
  const size = step.map((mm, world) => Math.floor((high[world] - low[world]) / mm + 1e-6) + 1);
  // Where the steps do not divide the extent, what is left over is shared between both ends.
  const origin = size.map((count, world) => (low[world] + high[world] - (count - 1) * step[world]) / 2);
  return {
    shape: [size[0], size[1], size[2]],
    affine: makeAffine([step[0], step[1], step[2]], [origin[0], origin[1], origin[2]]),
  };
}

/** Brings intensities to 0 … 1000: the 0.1 and 99.9 % quantiles become the ends, what is outside of the volume 0. */
function scaleIntensities(data: Float32Array, mask: Uint8Array | undefined, name: string): Float32Array {
  const known = data.filter((value, at) => Number.isFinite(value) && (mask === undefined || mask[at] === 1));
  if (known.length === 0) {
    throw new ConcordError(
      'failed-step',
      `the ${name} volume has ${mask === undefined ? 'no finite voxel' : 'an empty mask'}`,
      { remedy: advise`look at it` },
    );
  }
  known.sort();
  // Around the mask is 0: raw intensities keep their distance from it.
  const low = mask === undefined ? quantile(known, 0.001) : Math.min(0, known[0]);
  const high = quantile(known, 0.999);
  if (!(high > low) || known[0] === known[known.length - 1]) {
    throw new ConcordError(
      'failed-step',
      `the ${name} volume cannot be registered: its voxels are all alike, ${known[0]}`,
      { remedy: advise`look at it` },
    );
  }
  const scale = 1000 / (high - low);
  return data.map((value, at) => {
    if (!Number.isFinite(value) || (mask !== undefined && mask[at] === 0)) return 0;
    return Math.min(Math.max((value - low) * scale, 0), 1000);
  });
}

/** The part of an image around its mask, 10 mm wider, so that what is sampled at random mostly is in the brain. */
function boxAround(
  image: Grid & { readonly data: Float32Array },
  mask: Uint8Array,
): Grid & { data: Float32Array } {
  const { shape, affine, data } = image;
  const box = maskBox(mask, shape);
  const margin = [affine[0], affine[5], affine[10]].map((step) => Math.ceil(10 / step));
  const from = box.from.map((at, axis) => Math.max(0, at - margin[axis]));
  const to = box.to.map((at, axis) => Math.min(shape[axis], at + margin[axis]));
  const size: Triple = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const part = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = from[0] + shape[0] * (j + from[1] + shape[1] * (k + from[2]));
      part.set(data.subarray(row, row + size[0]), size[0] * (j + size[1] * k));
    }
  }
  return { data: part, shape: size, affine: shiftAffine(affine, [from[0], from[1], from[2]]) };
}

function centerOfMass(image: {
  readonly data: Float32Array;
  readonly shape: Triple;
  readonly affine: Affine;
}): Triple {
  const { data, shape, affine } = image;
  const sum = [0, 0, 0];
  let total = 0;
  for (let k = 0, at = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at++) {
        total += data[at];
        sum[0] += i * data[at];
        sum[1] += j * data[at];
        sum[2] += k * data[at];
      }
    }
  }
  return transformPoint(affine, [sum[0] / total, sum[1] / total, sum[2] / total]);
}
