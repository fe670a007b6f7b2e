// What can be wrong with a scan: each takes a brain with its mask and gives it back spoilt, or on another scale.
import type { Volume } from 'concord-mri';
import { makeRandom } from '../../../sdk/math/random';

/** Does something to a brain; draws come from the seed. */
export type Spoil = (brain: Volume, seed: number) => Volume;

export function inside({ data, mask }: Volume): Float32Array {
  return data.filter((_, at) => mask?.[at] !== 0).sort();
}

export function at(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Changes intensities in the brain, the background stays 0. */
export function mapped(brain: Volume, change: (value: number, voxel: number) => number): Volume {
  const { mask } = brain;
  return {
    ...brain,
    data: brain.data.map((value, voxel) => (mask?.[voxel] === 0 ? 0 : change(value, voxel))),
  };
}

export function placeOf({ shape }: Volume, voxel: number): readonly [number, number, number] {
  const [nx, ny] = shape;
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
}

/** Takes each voxel from another place. */
export function moved(brain: Volume, from: (place: [number, number, number]) => readonly number[]): Volume {
  const [nx, ny] = brain.shape;
  const source = brain.data.map((_, voxel) => {
    const [x, y, z] = from([...placeOf(brain, voxel)]);
    return x + nx * (y + ny * z);
  });
  const mask = brain.mask && Uint8Array.from(source, (voxel) => brain.mask?.[voxel] ?? 0);
  return { ...brain, data: Float32Array.from(source, (voxel) => brain.data[voxel]), ...(mask && { mask }) };
}

/** Sets a part to 0, and takes it out of the mask unless that is kept. */
export function emptied(
  brain: Volume,
  gone: (place: readonly [number, number, number]) => boolean,
  keepMask = false,
): Volume {
  const isGone = brain.data.map((_, voxel) => (gone(placeOf(brain, voxel)) ? 1 : 0));
  const mask = brain.mask?.map((value, voxel) => (isGone[voxel] === 1 && !keepMask ? 0 : value));
  return {
    ...brain,
    data: brain.data.map((value, voxel) => (isGone[voxel] === 1 ? 0 : value)),
    ...(mask && { mask }),
  };
}

/** The box around the brain along an axis. */
function extent(brain: Volume, axis: number): readonly [number, number] {
  let from = Infinity;
  let to = -Infinity;
  brain.mask?.forEach((value, voxel) => {
    if (value === 0) return;
    const place = placeOf(brain, voxel)[axis];
    [from, to] = [Math.min(from, place), Math.max(to, place)];
  });
  return [from, to];
}

function affine(shift: (sorted: Float32Array) => number, divide: (sorted: Float32Array) => number): Spoil {
  return (brain) => {
    const sorted = inside(brain);
    const offset = shift(sorted);
    const spread = divide(sorted);
    return mapped(brain, (value) => (value - offset) / spread);
  };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sd(values: Float32Array): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
}

function sphere(brain: Volume, seed: number, factor: number): Volume {
  const random = makeRandom(seed);
  const voxels = Array.from(brain.data.keys()).filter((voxel) => brain.mask?.[voxel] === 1);
  const center = placeOf(brain, voxels[Math.floor(random.uniform() * voxels.length)]);
  const top = at(inside(brain), 0.98);
  return mapped(brain, (value, voxel) => {
    const off = Math.hypot(
      ...placeOf(brain, voxel).map((place, axis) => (place - center[axis]) * brain.spacing[axis]),
    );
    return off < 15 ? top * factor : value;
  });
}

/** Scans on another scale, background 0: what is made of them should be what is made of the scan as it was. */
export const rescaled: Readonly<Record<string, Spoil>> = {
  'z-scored': affine(mean, sd),
  '× 0.001': affine(
    () => 0,
    () => 1000,
  ),
  '× 1000': affine(
    () => 0,
    () => 0.001,
  ),
  'plus as much as the brightest': (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value) => value + top);
  },
};

/** Scans that are unlike what was learned from, as they were known when the guard was written. */
export const spoilt: Readonly<Record<string, Spoil>> = {
  inverted: (brain) => {
    const top = at(inside(brain), 0.995);
    return mapped(brain, (value) => Math.max(0.01 * top, 1.01 * top - value));
  },
  'upside down (front to back)': (brain) => moved(brain, ([x, y, z]) => [x, brain.shape[1] - 1 - y, z]),
  'upside down (top to bottom)': (brain) => moved(brain, ([x, y, z]) => [x, y, brain.shape[2] - 1 - z]),
  'cropped: a quarter of the front': (brain) => {
    const [from, to] = extent(brain, 1);
    return emptied(brain, ([, y]) => y > to - 0.25 * (to - from));
  },
  'cropped: a third of the top': (brain) => {
    const [from, to] = extent(brain, 2);
    return emptied(brain, ([, , z]) => z > to - (to - from) / 3);
  },
  'half empty, mask of what is left': (brain) => emptied(brain, ([x]) => x < brain.shape[0] / 2),
  'half empty, mask of all': (brain) => emptied(brain, ([x]) => x < brain.shape[0] / 2, true),
  'noise only': (brain, seed) => {
    const random = makeRandom(seed);
    return mapped(brain, () => 100 * Math.hypot(random.normal(), random.normal()));
  },
  'noise only, smooth': (brain, seed) => {
    const random = makeRandom(seed);
    const waves = Array.from({ length: 12 }, () => [
      random.normal() / 8,
      random.normal() / 8,
      random.normal() / 8,
      7 * random.uniform(),
    ]);
    return mapped(brain, (_, voxel) => {
      const [x, y, z] = placeOf(brain, voxel);
      return (
        300 + waves.reduce((sum, [a, b, c, phase]) => sum + 25 * Math.sin(a * x + b * y + c * z + phase), 0)
      );
    });
  },
  'mask of the whole image': (brain) => ({ ...brain, mask: new Uint8Array(brain.data.length).fill(1) }),
};

/** People whose brains are not those of healthy volunteers: theirs are scans like others. */
export const unusual: Readonly<Record<string, Spoil>> = {
  'a bright lesion of 3 cm': (brain, seed) => sphere(brain, seed, 1.2),
  'a dark lesion of 3 cm': (brain, seed) => sphere(brain, seed, 0.25),
};

/** Chosen after the guard was written. */
export const unforeseen: Readonly<Record<string, Spoil>> = {
  'ghosts of motion': (brain) => {
    const shift = Math.round(brain.shape[1] / 4);
    return mapped(brain, (value, voxel) => {
      const [x, y, z] = placeOf(brain, voxel);
      const other = (step: number): number =>
        brain.data[
          x + brain.shape[0] * (((y + step + brain.shape[1]) % brain.shape[1]) + brain.shape[1] * z)
        ];
      return Math.abs(value + 0.5 * other(shift) - 0.5 * other(-shift)) + 1;
    });
  },
  'histogram equalized': (brain) => {
    const sorted = inside(brain);
    return mapped(brain, (value) => {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < value) low = middle + 1;
        else high = middle;
      }
      return 1 + (1000 * low) / sorted.length;
    });
  },
  'voxels said to be 1.5 times as large': (brain) => ({
    ...brain,
    affine: brain.affine.map((value, cell) => (cell < 12 ? 1.5 * value : value)),
    spacing: brain.spacing.map((side) => 1.5 * side) as unknown as Volume['spacing'],
  }),
  'slices interleaved wrongly': (brain) => {
    const count = brain.shape[2];
    const order = (z: number): number =>
      z < count / 2 ? Math.min(count - 1, 2 * z) : 2 * (z - Math.ceil(count / 2)) + 1;
    return moved(brain, ([x, y, z]) => [x, y, Math.min(count - 1, order(z))]);
  },
  'cut off at the 50th percentile': (brain) => {
    const top = at(inside(brain), 0.5);
    return mapped(brain, (value) => Math.min(value, top));
  },
  'each slice to mean 0 and SD 1': (brain) => {
    const size = brain.shape[0] * brain.shape[1];
    const stats = Array.from({ length: brain.shape[2] }, (_, z) => {
      const values = brain.data
        .subarray(z * size, (z + 1) * size)
        .filter((_value, i) => brain.mask?.[z * size + i] === 1);
      return values.length < 2 ? ([0, 1] as const) : ([mean(values), sd(values) || 1] as const);
    });
    return mapped(
      brain,
      (value, voxel) => (value - stats[Math.floor(voxel / size)][0]) / stats[Math.floor(voxel / size)][1],
    );
  },
};
