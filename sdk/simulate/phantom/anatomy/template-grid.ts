import type { Triple } from '../../../data/images/affine';
import { gaussianFilter } from '../../../math/images/gaussian-filter';
import type { SignedDistance } from './signed-distance';
import { smoothMinimum } from './signed-distance';
import * as shapes from './template-shapes';

/** Distances to several surfaces of the model brain, tabulated over one side of it, to be interpolated. */
export interface TemplateGrid {
  /** Channel fastest, then x, y, z. */
  readonly values: Float32Array;
  readonly channels: number;
  readonly shape: Triple;
  /** Position of the first point in mm. */
  readonly origin: Triple;
}

/** Millimeters between the points of the tables. */
export const templateStep = 2;

/** What is where in a point of {@link outerGrid}. */
export const outerChannel = {
  depth: 0,
  inwardX: 1,
  inwardY: 2,
  inwardZ: 3,
  core: 4,
  cerebellum: 5,
  brainstem: 6,
  envelope: 7,
} as const;

/** What is where in a point of {@link innerGrid}. */
export const innerChannel = {
  ventricles: 0,
  caudate: 1,
  putamen: 2,
  pallidum: 3,
  thalamus: 4,
  hippocampus: 5,
  peduncle: 6,
  hypothalamus: 7,
} as const;

let outer: TemplateGrid | undefined;
let wideOuter: TemplateGrid | undefined;
let inner: TemplateGrid | undefined;

/**
 * The table of outer surfaces, made at the first call: the depth under the envelope of the hemisphere, the direction
 * in which it grows, and the distances to core, cerebellum, brainstem and the envelope of the whole brain.
 *
 * @param wide - reaching as far as the scalp
 */
export function outerGrid(wide: boolean): TemplateGrid {
  if (wide) {
    wideOuter ??= makeOuterGrid([0, -132, -90], [49, 117, 100]);
    return wideOuter;
  }
  outer ??= makeOuterGrid([0, -116, -76], [40, 101, 84]);
  return outer;
}

/** The table of inner surfaces, made at the first call. */
export function innerGrid(): TemplateGrid {
  inner ??= tabulate(
    [
      shapes.ventricles,
      shapes.caudate,
      shapes.putamen,
      shapes.pallidum,
      shapes.thalamus,
      shapes.hippocampus,
      shapes.peduncle,
      shapes.hypothalamus,
    ],
    [0, -88, -54],
    [26, 66, 46],
  );
  return inner;
}

/** How wide gaps between the parts are that the envelope of the brain bridges, and how far it is off, in mm. */
const bridging = 10;
const standOff = 0.5;

/** How deep the envelope of the brain sinks between the hemispheres, in mm. */
const groove = 2;

/** Points beyond the middle plane, so that the direction of depth can be smoothed across it. */
const margin = 10;

/** How far the direction of depth is smoothed, in points: projections onto the envelope change gently. */
const smoothing = 2.5;

function makeOuterGrid(origin: Triple, shape: Triple): TemplateGrid {
  const [nx, ny, nz] = shape;
  const wide: Triple = [nx + margin, ny, nz];
  // Both are made of the same distance, which takes longest of all.
  let both = 0;
  const hemispheres = tabulate(
    [(x, y, z) => (both = shapes.hemispheres(x, y, z)), (x) => -shapes.oneHemisphere(both, x)],
    [origin[0] - templateStep * margin, origin[1], origin[2]],
    wide,
  ).values;
  const depth = new Float32Array(hemispheres.length / 2).map((_, at) => hemispheres[2 * at + 1]);
  const smooth = gaussianFilter(depth, wide, [smoothing, smoothing, smoothing]);
  const parts = tabulate([shapes.core, shapes.cerebellum, shapes.brainstem], origin, shape).values;
  const values = new Float32Array(nx * ny * nz * 8);
  for (let k = 0, point = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, point++) {
        const at = i + margin + wide[0] * (j + ny * k);
        const out = 8 * point;
        values[out] = depth[at];
        inwardDirection(smooth, wide, [i + margin, j, k], values.subarray(out + 1, out + 4));
        // Between the hemispheres it runs as a shallow groove.
        let envelope = Math.min(-depth[at], hemispheres[2 * at] + groove);
        for (let part = 0; part < 3; part++) {
          values[out + 4 + part] = parts[3 * point + part];
          envelope = smoothMinimum(envelope, parts[3 * point + part], bridging);
        }
        values[out + 7] = envelope - standOff;
      }
    }
  }
  return { values, channels: 8, shape, origin };
}

/** Writes the direction in which depth grows: of length one, less at ridges, where it is not one direction. */
function inwardDirection(depth: Float32Array, shape: Triple, place: Triple, out: Float32Array): void {
  const strides = [1, shape[0], shape[0] * shape[1]];
  const at = place[0] + strides[1] * place[1] + strides[2] * place[2];
  for (let axis = 0; axis < 3; axis++) {
    const before = place[axis] > 0 ? 1 : 0;
    const after = place[axis] + 1 < shape[axis] ? 1 : 0;
    const rise = depth[at + after * strides[axis]] - depth[at - before * strides[axis]];
    out[axis] = rise / ((before + after) * templateStep);
  }
  const length = Math.max(0.6, Math.hypot(out[0], out[1], out[2]));
  for (let axis = 0; axis < 3; axis++) out[axis] /= length;
}

function tabulate(functions: readonly SignedDistance[], origin: Triple, shape: Triple): TemplateGrid {
  const channels = functions.length;
  const [nx, ny, nz] = shape;
  const values = new Float32Array(channels * nx * ny * nz);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const x = origin[0] + templateStep * i;
        const y = origin[1] + templateStep * j;
        const z = origin[2] + templateStep * k;
        for (const distance of functions) values[at++] = distance(x, y, z);
      }
    }
  }
  return { values, channels, shape, origin };
}
