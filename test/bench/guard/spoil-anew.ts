// What can be wrong with a scan, chosen after the limits of the guard were drawn, and never used to draw them.
import type { Volume } from 'concord-mri';
import { makeRandom, permutation } from '../../../sdk/math/random';
import type { Spoil } from './spoil';
import { at, inside, mapped, moved, placeOf } from './spoil';

/** Mean of each voxel with those around it along one axis, so many to each side. */
function smoothed({ data, shape }: Volume, axis: 0 | 1 | 2, reach: number): Float32Array {
  const step = [1, shape[0], shape[0] * shape[1]][axis];
  return data.map((_, voxel) => {
    const place = Math.floor(voxel / step) % shape[axis];
    let sum = 0;
    let count = 0;
    for (let off = -Math.min(reach, place); off <= Math.min(reach, shape[axis] - 1 - place); off++) {
      sum += data[voxel + off * step];
      count++;
    }
    return sum / count;
  });
}

function blurred(brain: Volume): Volume {
  const axes = [0, 1, 2] as const;
  const data = axes.reduce((values, axis) => smoothed({ ...brain, data: values }, axis, 3), brain.data);
  return mapped({ ...brain, data }, (value) => value);
}

/** Intensities in steps of so many standard deviations, as z-scores that were rounded. */
function rounded(step: number): Spoil {
  return (brain) => {
    const values = inside(brain);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return mapped(brain, (value) => step * Math.round((value - mean) / sd / step));
  };
}

/** So many gray levels up to the 98th percentile. */
export function quantized(levels: number): Spoil {
  return (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value) => top * Math.min(1, Math.ceil((levels * value) / top) / levels));
  };
}

/** Magnitude of the gradient, as an edge filter gives. */
function edges(brain: Volume): Volume {
  const steps = [1, brain.shape[0], brain.shape[0] * brain.shape[1]];
  return mapped(brain, (_, voxel) =>
    Math.hypot(...steps.map((step) => (brain.data[voxel + step] ?? 0) - (brain.data[voxel - step] ?? 0))),
  );
}

/** The brain on a grid of other voxels in a larger field of view, nearest neighbors. */
function regridded(brain: Volume, spacing: number, margin: number): Volume {
  const shape = brain.shape.map((length, axis) =>
    Math.ceil((length * brain.spacing[axis]) / spacing + 2 * margin),
  ) as [number, number, number];
  const [nx, ny, nz] = brain.shape;
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const mask = new Uint8Array(data.length);
  for (let voxel = 0; voxel < data.length; voxel++) {
    const place = [
      voxel % shape[0],
      Math.floor(voxel / shape[0]) % shape[1],
      Math.floor(voxel / (shape[0] * shape[1])),
    ];
    const [x, y, z] = place.map((index, axis) =>
      Math.round(((index - margin) * spacing) / brain.spacing[axis]),
    );
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
    data[voxel] = brain.data[x + nx * (y + ny * z)];
    mask[voxel] = brain.mask?.[x + nx * (y + ny * z)] ?? 0;
  }
  const affine = Array.from(brain.affine);
  for (const row of [0, 1, 2]) {
    for (const axis of [0, 1, 2]) {
      affine[4 * row + axis] = (brain.affine[4 * row + axis] * spacing) / brain.spacing[axis];
      affine[4 * row + 3] -= affine[4 * row + axis] * margin;
    }
  }
  return { ...brain, shape, data, mask, affine, spacing: [spacing, spacing, spacing] };
}

/** Harmless: what is made of it should be what is made of the scan as it was. */
export const harmlessAnew: Readonly<Record<string, Spoil>> = {
  'eight bits': (brain) => {
    const sorted = inside(brain);
    const most = sorted[sorted.length - 1];
    return mapped(brain, (value) => Math.round((255 * value) / most));
  },
  'left and right mirrored': (brain) => moved(brain, ([x, y, z]) => [brain.shape[0] - 1 - x, y, z]),
  'voxels of 1.5 mm in a larger field of view': (brain) => regridded(brain, 1.5, 15),
  'times 0.37, plus a quarter of the brightest': (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value) => 0.37 * (value + top / 4));
  },
};

/** Spoilt. */
export const spoiltAnew: Readonly<Record<string, Spoil>> = {
  'axes swapped (left–right and front–back)': (brain) => {
    const [nx, ny, nz] = brain.shape;
    const from = brain.data.map((_, voxel) => {
      const x = voxel % ny;
      const y = Math.floor(voxel / ny) % nx;
      const z = Math.floor(voxel / (nx * ny));
      return y + nx * (x + ny * z);
    });
    const mask = brain.mask && Uint8Array.from(from, (voxel) => brain.mask?.[voxel] ?? 0);
    const data = Float32Array.from(from, (voxel) => brain.data[voxel]);
    return { ...brain, shape: [ny, nx, nz], data, ...(mask && { mask }) };
  },
  'dark half cut off (raised to the 40th percentile)': (brain) => {
    const low = at(inside(brain), 0.4);
    return mapped(brain, (value) => Math.max(value, low));
  },
  'four gray levels': quantized(4),
  'sixteen gray levels': quantized(16),
  'thirty-two gray levels': quantized(32),
  'z-scores, rounded to whole numbers': rounded(1),
  'z-scores, rounded to fourths': rounded(0.25),
  negated: (brain) => mapped(brain, (value) => -value),
  'slices in random order': (brain, seed) => {
    const order = permutation(brain.shape[2], makeRandom(seed));
    return moved(brain, ([x, y, z]) => [x, y, order[z]]);
  },
  'mask 8 mm too wide': (brain) => {
    if (brain.mask === undefined) return brain;
    const grown = [0, 1, 2].reduce<Float32Array>(
      (values, axis) => smoothed({ ...brain, data: values }, axis as 0 | 1 | 2, 4),
      Float32Array.from(brain.mask),
    );
    return { ...brain, mask: Uint8Array.from(grown, (value) => (value > 0 ? 1 : 0)) };
  },
  'wrapped around from top to bottom': (brain) => {
    const count = brain.shape[2];
    return moved(brain, ([x, y, z]) => [x, y, (z + Math.round(0.4 * count)) % count]);
  },
  'probability of white matter': (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value) => 1 / (1 + Math.exp((-20 * (value - 0.72 * top)) / top)));
  },
  'edges only': edges,
  'smoothed over 14 mm': blurred,
  'a spike in k-space (stripes)': (brain) => {
    const top = at(inside(brain), 0.98);
    return mapped(brain, (value, voxel) => {
      const [x, y] = placeOf(brain, voxel);
      return Math.abs(value + 0.4 * top * Math.sin(0.9 * x + 0.7 * y));
    });
  },
  'every other slice 1.5 times as bright': (brain) =>
    mapped(brain, (value, voxel) => (placeOf(brain, voxel)[2] % 2 === 0 ? value : 1.5 * value)),
};
