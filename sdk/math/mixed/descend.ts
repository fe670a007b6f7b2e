import { dot } from '../linear/dot';

/** A value and its derivatives at a point. */
export interface Slope {
  readonly value: number;
  readonly slope: readonly number[];
}

/** A step that promises to go down by less than this share of the value moves the point by less than 1e-7. */
const rounding = 1e-16;
/** Differences of values below this share of them are rounding: values are sums of many. */
const noise = 1e-14;

/**
 * Goes downhill to a minimum by the method of Broyden, Fletcher, Goldfarb and Shanno with halved steps (Nocedal & Wright 2006,
 * "Numerical Optimization", algorithm 6.1), until no step leads further down than rounding.
 *
 * @param at - the value and derivatives at a point; an infinite value is never gone to
 * @param least - a step is not taken that promises to go down by less than this share of the value
 */
export function descend(
  at: (point: readonly number[]) => Slope,
  start: readonly number[],
  least: number = rounding,
): readonly number[] {
  const size = start.length;
  let point: readonly number[] = start;
  let here = at(point);
  let inverse = scaledIdentity(size, 1);
  let fresh = true;
  let before = Infinity;
  for (let round = 0; round < 200; round++) {
    const direction = inverse.map((row) => -sum(row, here.slope));
    const descent = sum(direction, here.slope);
    // Where values are rounding, slopes lead on as long as each step promises much less than the one before.
    const promised = Math.abs(descent);
    if (!fresh && promised < noise * Math.abs(here.value) && promised > before / 4) break;
    before = fresh ? Infinity : promised;
    if (!(descent < -least * Math.max(1, Math.abs(here.value)))) {
      if (fresh) break;
      inverse = scaledIdentity(size, 1);
      fresh = true;
      continue;
    }
    const next = step(at, { point, here, direction, descent });
    if (next === undefined) {
      if (fresh) break;
      inverse = scaledIdentity(size, 1);
      fresh = true;
      continue;
    }
    const moved = next.point.map((value, i) => value - point[i]);
    const turned = next.here.slope.map((value, i) => value - here.slope[i]);
    const curvature = sum(moved, turned);
    if (curvature > 0) {
      if (fresh) inverse = scaledIdentity(size, curvature / sum(turned, turned));
      inverse = updated(inverse, moved, turned);
      fresh = false;
    }
    ({ point, here } = next);
  }
  return point;
}

function sum(one: readonly number[], other: readonly number[]): number {
  return dot(Float64Array.from(one), Float64Array.from(other));
}

function scaledIdentity(size: number, scale: number): readonly (readonly number[])[] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => (i === j ? scale : 0)),
  );
}

/** A step along a direction that goes down as far as its slope promises, in part; `undefined` where none does. */
function step(
  at: (point: readonly number[]) => Slope,
  from: {
    readonly point: readonly number[];
    readonly here: Slope;
    readonly direction: readonly number[];
    readonly descent: number;
  },
): { readonly point: readonly number[]; readonly here: Slope } | undefined {
  const { point, here, direction, descent } = from;
  const longest = Math.sqrt(sum(direction, direction));
  let length = Math.min(1, (1 + Math.sqrt(sum(point, point))) / longest);
  for (let halved = 0; halved < 40; halved++) {
    const there = point.map((value, i) => value + length * direction[i]);
    const found = at(there);
    // Near the minimum values differ by rounding, and the slopes alone say where it is.
    const blur = noise * Math.abs(here.value);
    if (found.value <= here.value + 1e-4 * length * descent + blur) return { point: there, here: found };
    length /= 2;
  }
  return undefined;
}

/** The inverse of the curvature once a step has shown more of it. */
function updated(
  inverse: readonly (readonly number[])[],
  moved: readonly number[],
  turned: readonly number[],
): readonly (readonly number[])[] {
  const curvature = sum(moved, turned);
  const applied = inverse.map((row) => sum(row, turned));
  const factor = (1 + sum(turned, applied) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map(
      (value, j) =>
        value + factor * moved[i] * moved[j] - (applied[i] * moved[j] + moved[i] * applied[j]) / curvature,
    ),
  );
}
