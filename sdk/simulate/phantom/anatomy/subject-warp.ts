import type { Triple } from '../../../data/images/affine';
import type { Random } from '../../../math/random';
import type { ChannelGrid } from './sample-channels';
import { sampleChannels, sampleSlopes } from './sample-channels';

const shape: Triple = [23, 28, 24];
const origin: Triple = [-88, -120, -84];
const step = 8;

/** Control points of the spline, and how many tabulated points are between two of them. */
const control: Triple = [8, 9, 8];
const refinement = 4.9;

/**
 * A smooth random deformation that makes one brain's shape differ from another's, and its left from its right: a
 * cubic B-spline displacement with control points 39 mm apart, tabulated every 8 mm.
 */
export class SubjectWarp {
  private readonly grid: ChannelGrid;

  /** @param size - standard deviation of the control points' displacement, in mm */
  constructor(size: number, random: Random) {
    const points = Float64Array.from({ length: 3 * control[0] * control[1] * control[2] }, () => {
      return size * random.normal();
    });
    this.grid = { values: tabulateSpline(points), channels: 3, shape };
  }

  /** Writes the displacement in mm at a place in mm into `out`; beyond the table that of its edge. */
  at(x: number, y: number, z: number, out: Float64Array): void {
    sampleChannels(
      this.grid,
      out,
      within((x - origin[0]) / step, shape[0]),
      within((y - origin[1]) / step, shape[1]),
      within((z - origin[2]) / step, shape[2]),
    );
  }

  /** Writes the slopes of the displacement, mm per mm: along x, y, z of its x, then of its y, then of its z. */
  slopes(x: number, y: number, z: number, out: Float64Array): void {
    sampleSlopes(
      this.grid,
      out,
      0,
      within((x - origin[0]) / step, shape[0]),
      within((y - origin[1]) / step, shape[1]),
      within((z - origin[2]) / step, shape[2]),
    );
    for (let i = 0; i < 9; i++) out[i] /= step;
  }

  /** How much larger a small volume at this place becomes by the displacement: the determinant of its Jacobian. */
  growth(x: number, y: number, z: number): number {
    const d = new Float64Array(9);
    this.slopes(x, y, z, d);
    const a = d[0] + 1;
    const b = d[1];
    const c = d[2];
    const e = d[3];
    const f = d[4] + 1;
    const g = d[5];
    const h = d[6];
    const i = d[7];
    const j = d[8] + 1;
    return a * (f * j - g * i) - b * (e * j - g * h) + c * (e * i - f * h);
  }
}

function within(place: number, size: number): number {
  return place < 0 ? 0 : place > size - 1.001 ? size - 1.001 : place;
}

/** The spline at every tabulated place, one axis after the other. */
function tabulateSpline(points: Float64Array): Float32Array {
  let values = points;
  let size: readonly [number, number, number] = control;
  for (let axis = 0; axis < 3; axis++) {
    values = refineAxis(values, size, axis);
    size = [axis >= 0 ? shape[0] : 0, axis >= 1 ? shape[1] : control[1], axis >= 2 ? shape[2] : control[2]];
  }
  return Float32Array.from(values);
}

function refineAxis(values: Float64Array, size: Triple, axis: number): Float64Array {
  const before = size.slice(0, axis).reduce((a, b) => a * b, 3);
  const after = size.slice(axis + 1).reduce((a, b) => a * b, 1);
  const out = new Float64Array(before * shape[axis] * after);
  for (let place = 0; place < shape[axis]; place++) {
    const first = Math.floor(place / refinement);
    const weights = cubicBasis(place / refinement - first);
    for (let rest = 0; rest < after; rest++) {
      const to = before * (place + shape[axis] * rest);
      for (let a = 0; a < 4; a++) {
        const from = before * (Math.min(size[axis] - 1, first + a) + size[axis] * rest);
        for (let i = 0; i < before; i++) out[to + i] += weights[a] * values[from + i];
      }
    }
  }
  return out;
}

/** The four cubic B-splines that reach a place, `t` of the way from one control point to the next. */
function cubicBasis(t: number): readonly number[] {
  return [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t * t + 4) / 6,
    (-3 * t ** 3 + 3 * t * t + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
}
