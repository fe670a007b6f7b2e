/**
 * Uniform cubic B-splines along one axis of a grid. The grid's points, from its first to its last, span `mesh`
 * intervals of equal width, so that `mesh` + 3 control points shape the curve, four of them at each grid point.
 */
export interface BSplineAxis {
  /** Intervals between knots. */
  readonly mesh: number;
  /** Per grid point, the first of the four control points that reach it. */
  readonly first: Int32Array;
  /** Per grid point, the weights of those four; they add up to one. */
  readonly weights: Float64Array;
}

/** The weights of an axis of `count` grid points over `mesh` intervals. */
export function bSplineAxis(count: number, mesh: number): BSplineAxis {
  const first = new Int32Array(count);
  const weights = new Float64Array(4 * count);
  for (let point = 0; point < count; point++) {
    const position = count > 1 ? (point * mesh) / (count - 1) : 0;
    // The last grid point ends the last interval; no further one begins there.
    const interval = Math.min(Math.floor(position), mesh - 1);
    first[point] = interval;
    weights.set(cubicWeights(position - interval), 4 * point);
  }
  return { mesh, first, weights };
}

/** The four uniform cubic B-spline basis functions at `t` in [0, 1] (Lee, Wolberg & Shin 1997, section 3.1). */
function cubicWeights(t: number): [number, number, number, number] {
  const rest = 1 - t;
  return [
    rest ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
}
