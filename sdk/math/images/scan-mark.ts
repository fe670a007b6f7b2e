import { digestOf } from '../../data/digest';
import { isJsonObject } from '../../data/json';
import type { ImageSet } from '../../data/images/image-set';
import type { Volume } from '../../data/images/volume';
import { cholesky, solveLower } from '../linear/cholesky';
import { rankCorrelation } from '../statistics/rank-correlation';

/** What a scan is compared with others by: a few numbers, from some thousands of its voxels. */
export interface ScanMark {
  /** A digest of voxels all over the grid: of two different scans it is never the same. */
  readonly digest: string;
  /** The share of the brain's voxels that are below 0. */
  readonly below: number;
  /**
   * The rank correlation of intensity with nearness to the middle of the brain, from −1 to 1: above 0 where white matter is
   * brighter than what is around it, below 0 where it is darker.
   */
  readonly inward: number;
  /** The share of the brain's voxels whose neighbor along the first axis has their very value. */
  readonly flat: number;
}

/** Voxels of the grid that are looked at, about; a quarter of them are brain. */
const looks = 1 << 14;

/** With fewer voxels of the brain among them nothing is said. */
const fewest = 200;

/** An image and where its brain is: a volume, or slices of one scan in their order. */
export type MarkedImage = Pick<Volume, 'data' | 'shape' | 'mask'>;

/** The slices of a scan one behind the other: of those that show their neighbors too, the slice itself. */
export function slicesAsVolume(
  { data, mask, shape }: ImageSet,
  [from, to]: readonly [number, number],
): MarkedImage {
  const [, height, width, channels] = shape;
  const area = height * width;
  const all = data.subarray(from * area * channels, to * area * channels);
  const own =
    channels === 1
      ? all
      : Float32Array.from({ length: all.length / channels }, (_, i) => all[i * channels + (channels >> 1)]);
  return { data: own, shape: [width, height, to - from], mask: mask?.subarray(from * area, to * area) };
}

/**
 * Looks at voxels spread evenly over an image: some milliseconds, whatever its size. Distances from the middle are those of
 * Mahalanobis, so that neither the shape of the brain nor that of the voxels counts; ranks, so that no scale of intensities does.
 *
 * @param image - without a mask, what is not 0 is the brain
 * @returns `undefined` where too little of it is brain, or one of the voxels is not finite
 */
export function scanMark({ data, shape, mask: given }: MarkedImage): ScanMark | undefined {
  const [nx, ny] = shape;
  const mask: ArrayLike<number> = given ?? data;
  const step = stepOf(shape);
  const seen = new Float32Array(Math.ceil(data.length / step));
  const places: number[] = [];
  let below = 0;
  let pairs = 0;
  let flat = 0;
  for (let at = 0, i = 0; at < data.length; at += step, i++) {
    const value = data[at];
    seen[i] = value;
    if (mask[at] === 0) continue;
    // The difference is 0 for every finite number and NaN for all else.
    if (value - value !== 0) return undefined;
    places.push(at);
    if (value < 0) below++;
    // Zeros are what was erased where a mask is wider than the brain.
    if (value === 0 || (at + 1) % nx === 0 || mask[at + 1] === 0) continue;
    pairs++;
    if (data[at + 1] === value) flat++;
  }
  const { length } = places;
  if (length < fewest) return undefined;
  const values = Float64Array.from(places, (at) => data[at]);
  const distances = farFromMiddle(places, nx, ny);
  const inward = distances === undefined ? 0 : -rankCorrelation(values, distances);
  return {
    digest: digestOf([...shape], seen),
    below: below / length,
    inward: Number.isNaN(inward) ? 0 : inward,
    flat: pairs === 0 ? 0 : flat / pairs,
  };
}

/** Whether something that was stored is a mark. */
export function isScanMark(value: unknown): value is ScanMark {
  if (!isJsonObject(value)) return false;
  const { digest, ...shares } = value;
  return (
    typeof digest === 'string' && ['below', 'inward', 'flat'].every((name) => Number.isFinite(shares[name]))
  );
}

/** The marks of scans of which volumes were made. */
const sources = new WeakMap<Volume, ScanMark | undefined>();

/** The mark of the scan of which a volume was made, as far as that is known: of the volume itself where nothing was changed. */
export function sourceMark(volume: Volume): ScanMark | undefined {
  return sources.has(volume) ? sources.get(volume) : scanMark(volume);
}

/**
 * Marks a volume that was just made of another with the mark of that: once a scan is normalized nobody sees whether it
 * was before, or what its contrast was.
 *
 * @param contrastOf - whose contrast counts: a whole head is of the contrast that its brain has once it is found
 */
export function keepMark(before: Volume, after: Volume, contrastOf: 'before' | 'after' = 'before'): Volume {
  const mark = sourceMark(before);
  const made = contrastOf === 'after' && after !== before ? scanMark(after) : undefined;
  sources.set(after, mark && made ? { ...mark, inward: made.inward } : mark);
  return after;
}

/** Every so many voxels one is looked at: no multiple of a row's or a plane's sides, so that none is always passed over. */
function stepOf(shape: Volume['shape']): number {
  const size = shape[0] * shape[1] * shape[2];
  let step = Math.max(1, Math.floor(size / looks));
  while (commonDivisor(step, shape[0]) > 1 || commonDivisor(step, shape[1]) > 1) step++;
  return step;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Squared distances of Mahalanobis from the middle of some voxels; nothing where they are all in one plane. */
function farFromMiddle(places: readonly number[], nx: number, ny: number): Float64Array | undefined {
  const { length } = places;
  const axes = [
    Float64Array.from(places, (at) => at % nx),
    Float64Array.from(places, (at) => Math.floor(at / nx) % ny),
    Float64Array.from(places, (at) => Math.floor(at / (nx * ny))),
  ];
  for (const axis of axes) {
    const middle = axis.reduce((sum, x) => sum + x, 0) / length;
    for (let i = 0; i < length; i++) axis[i] -= middle;
  }
  const covariance = Float64Array.from({ length: 9 }, (_, cell) => {
    const [a, b] = [axes[Math.floor(cell / 3)], axes[cell % 3]];
    let sum = 0;
    for (let i = 0; i < length; i++) sum += a[i] * b[i];
    return sum / length;
  });
  const factor = cholesky(covariance, 3, 1e-8);
  if (factor === undefined) return undefined;
  const point = new Float64Array(3);
  return Float64Array.from({ length }, (_, i) => {
    axes.forEach((axis, k) => (point[k] = axis[i]));
    const [x, y, z] = solveLower(factor, point);
    return x * x + y * y + z * z;
  });
}
