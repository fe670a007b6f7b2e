import { nextNonZero } from '../math/images/next-non-zero';

/** A monotone function of intensity, y = f(x), in plain numbers. */
export type IntensityMap = LinearMap | PiecewiseLinearMap;

/** y = scale · x + offset. */
export interface LinearMap {
  readonly kind: 'linear';
  readonly scale: number;
  readonly offset: number;
}

/** A line through knots. */
export interface PiecewiseLinearMap {
  readonly kind: 'piecewise-linear';
  /** Intensities, strictly ascending, at least two. */
  readonly from: readonly number[];
  /** What each becomes, not descending. */
  readonly to: readonly number[];
  /** Beyond the first and the last knot: continue with the nearest segment's slope, or hold the knot's value. */
  readonly beyond: 'extend' | 'hold';
}

/** Takes every intensity through a map. */
export function applyIntensityMap(intensities: Float32Array, map: IntensityMap): Float32Array {
  const mapped = new Float32Array(intensities.length);
  runMapper(intensities, map, mapped)(0, mapped.length);
  return mapped;
}

/**
 * Takes the intensities where `inside` is not 0 through a map; the others stay 0. `undefined` where one of those is not
 * 0. Background that is left as it was made costs neither time nor memory.
 */
export function mapOnBlack(
  intensities: Float32Array,
  map: IntensityMap,
  inside: Uint8Array | Float32Array,
): Float32Array | undefined {
  const size = intensities.length;
  const mapped = new Float32Array(size);
  const mapRun = runMapper(intensities, map, mapped);
  const nextInside = nextNonZero(inside);
  const nextBright = nextNonZero(intensities);
  for (let at = 0; at < size;) {
    const from = nextInside(at, size);
    if (nextBright(at, from) < from) return undefined;
    at = from;
    while (at < size && inside[at] !== 0) at++;
    mapRun(from, at);
  }
  return mapped;
}

/** Makes a function that takes the intensities from one voxel on and before another through a map, into `mapped`. */
function runMapper(
  intensities: Float32Array,
  map: IntensityMap,
  mapped: Float32Array,
): (from: number, to: number) => void {
  if (map.kind === 'linear') {
    const { scale, offset } = map;
    return (from, to) => {
      for (let i = from; i < to; i++) mapped[i] = scale * intensities[i] + offset;
    };
  }
  const knots = Float64Array.from(map.from);
  const values = Float64Array.from(map.to);
  const hold = map.beyond === 'hold';
  return (from, to) => {
    for (let i = from; i < to; i++) mapped[i] = onSegments(intensities[i], knots, values, hold);
  };
}

/** Takes one intensity through a map. */
export function mapIntensity(intensity: number, map: IntensityMap): number {
  return map.kind === 'linear'
    ? map.scale * intensity + map.offset
    : onSegments(intensity, map.from, map.to, map.beyond === 'hold');
}

/** The map that does `map` and then y → scale · y + offset. */
export function thenLinear(map: IntensityMap, scale: number, offset: number): IntensityMap {
  return map.kind === 'linear'
    ? { kind: 'linear', scale: scale * map.scale, offset: scale * map.offset + offset }
    : { ...map, to: map.to.map((value) => scale * value + offset) };
}

function onSegments(x: number, from: ArrayLike<number>, to: ArrayLike<number>, hold: boolean): number {
  const last = from.length - 1;
  if (hold && x <= from[0]) return to[0];
  if (hold && x >= from[last]) return to[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= x) low = middle;
    else high = middle;
  }
  return to[low] + ((x - from[low]) / (from[high] - from[low])) * (to[high] - to[low]);
}
