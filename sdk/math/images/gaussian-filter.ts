import type { Triple } from '../../data/images/affine';

/** The standard deviation of a Gaussian of some full width at half maximum, in the same unit. */
export function sigmaOfFwhm(fwhm: number): number {
  return fwhm / Math.sqrt(8 * Math.log(2));
}

/**
 * Smooths an image with a Gaussian, one axis after the other. The kernel reaches four standard deviations to both
 * sides; at the edges its weights inside the image are scaled to sum to one, so that a constant stays constant.
 *
 * @param data - intensities, x fastest; not changed
 * @param shape - voxels along each axis
 * @param sigma - standard deviation along each axis, in voxels; 0 leaves an axis alone
 */
export function gaussianFilter(data: Float32Array, shape: Triple, sigma: Triple): Float32Array {
  let current = data;
  for (let axis = 0; axis < 3; axis++) {
    // A width whose square is no number above 0 reaches no neighbor.
    if (sigma[axis] ** 2 > 0 && shape[axis] > 1) current = filterAxis(current, shape, axis, sigma[axis]);
  }
  return current === data ? data.slice() : current;
}

function filterAxis(data: Float32Array, shape: Triple, axis: number, sigma: number): Float32Array {
  const kernel = halfKernel(sigma, shape[axis]);
  const scale = edgeScale(kernel, shape[axis]);
  const [nx, ny, nz] = shape;
  const out = new Float32Array(data.length);
  if (axis === 0) {
    for (let start = 0; start < data.length; start += nx) filterRow(data, out, start, kernel, scale);
    return out;
  }
  // Along y the lines run inside a plane of nx × ny, along z inside the whole image; either way whole runs of
  // neighbors in memory are added at a time.
  const run = axis === 1 ? nx : nx * ny;
  const blocks = axis === 1 ? nz : 1;
  for (let block = 0; block < blocks; block++) {
    filterRuns(data, out, { start: block * run * shape[axis], run, count: shape[axis] }, kernel, scale);
  }
  return out;
}

/** The Gaussian's weights at 0, 1, 2 … voxels, not scaled yet. */
function halfKernel(sigma: number, size: number): Float64Array {
  const radius = Math.min(size - 1, Math.max(1, Math.floor(4 * sigma + 0.5)));
  return Float64Array.from({ length: radius + 1 }, (_, at) => Math.exp((-0.5 * at * at) / (sigma * sigma)));
}

/** For each place on a line, one over the sum of the weights that fall inside it. */
function edgeScale(kernel: Float64Array, size: number): Float64Array {
  const radius = kernel.length - 1;
  return Float64Array.from({ length: size }, (_, at) => {
    let sum = 0;
    for (let d = Math.max(-radius, -at); d <= Math.min(radius, size - 1 - at); d++)
      sum += kernel[Math.abs(d)];
    return 1 / sum;
  });
}

function filterRow(
  data: Float32Array,
  out: Float32Array,
  start: number,
  kernel: Float64Array,
  scale: Float64Array,
): void {
  const size = scale.length;
  const radius = kernel.length - 1;
  for (let at = 0; at < size; at++) {
    const middle = start + at;
    let sum = kernel[0] * data[middle];
    if (at >= radius && at + radius < size) {
      for (let d = 1; d <= radius; d++) sum += kernel[d] * (data[middle - d] + data[middle + d]);
    } else {
      for (let d = 1; d <= radius; d++) {
        if (at >= d) sum += kernel[d] * data[middle - d];
        if (at + d < size) sum += kernel[d] * data[middle + d];
      }
    }
    out[middle] = sum * scale[at];
  }
}

/** `count` runs of `run` neighboring voxels, one after the other from `start`: filtered across the runs. */
interface Runs {
  readonly start: number;
  readonly run: number;
  readonly count: number;
}

/** How many sums are made at a time: as many as stay in the processor's first cache. */
const fewSums = 2048;

function filterRuns(
  data: Float32Array,
  out: Float32Array,
  { start, run, count }: Runs,
  kernel: Float64Array,
  scale: Float64Array,
): void {
  const sums = new Float64Array(Math.min(run, fewSums));
  for (let first = 0; first < run; first += sums.length) {
    const width = Math.min(sums.length, run - first);
    for (let at = 0; at < count; at++) {
      const to = start + at * run + first;
      addRuns(data, { to, run, before: at, behind: count - 1 - at, width }, kernel, sums);
      for (let i = 0; i < width; i++) out[to + i] = sums[i] * scale[at];
    }
  }
}

/** Fills `sums` with the weighted sums over the runs before and behind the one at `to`. */
function addRuns(
  data: Float32Array,
  place: {
    readonly to: number;
    readonly run: number;
    readonly before: number;
    readonly behind: number;
    readonly width: number;
  },
  kernel: Float64Array,
  sums: Float64Array,
): void {
  const { to, run, before, behind, width } = place;
  const radius = kernel.length - 1;
  const both = Math.min(radius, before, behind);
  for (let i = 0; i < width; i++) sums[i] = kernel[0] * data[to + i];
  for (let d = 1; d <= both; d++) {
    const weight = kernel[d];
    const a = to - d * run;
    const b = to + d * run;
    for (let i = 0; i < width; i++) sums[i] += weight * (data[a + i] + data[b + i]);
  }
  // Near an end there are runs on one side only.
  const side = before > behind ? -run : run;
  for (let d = both + 1; d <= Math.min(radius, Math.max(before, behind)); d++) {
    const weight = kernel[d];
    const from = to + d * side;
    for (let i = 0; i < width; i++) sums[i] += weight * data[from + i];
  }
}
