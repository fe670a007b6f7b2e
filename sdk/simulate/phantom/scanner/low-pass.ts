import type { Triple } from '../../../data/images/affine';

/** What blurs along one axis, in mm. */
export interface PointSpread {
  /** Size of the acquired voxel. */
  readonly resolution: number;
  /** 0 a Hann filter over k-space, 1 a sharp end. */
  readonly ringing: number;
  /** Full width at half maximum of a Gaussian. */
  readonly smoothing: number;
}

/** How far the kernel reaches, in acquired voxels. */
const reach = 8;

/**
 * The kernel by which a scan blurs along one axis: k-space is measured up to 1/(2·resolution) and weighted by
 * α + (1 − α) cos(2πkr), r the resolution and α from 0.5 (Hann) to 1 (no filter), which in space is
 * α sinc(x/r) + ½(1 − α)(sinc(x/r − 1) + sinc(x/r + 1)); a sharp end rings at edges (Gibbs). A Gaussian comes on top.
 *
 * A grid coarser than the acquired voxels cuts k-space off earlier, where the filter has hardly begun.
 *
 * @param spacing - of the grid, in mm
 * @returns weights at 0, 1, 2 … voxels to either side, of sum 1 over both sides
 */
export function pointSpreadKernel(spread: PointSpread, spacing: number): Float64Array {
  const resolution = Math.max(spread.resolution, spacing);
  const shift = spread.resolution / resolution;
  const sharp = 0.5 + 0.5 * spread.ringing;
  const sigma = spread.smoothing / Math.sqrt(8 * Math.LN2);
  const inside = Math.max(1, Math.floor((reach * resolution) / spacing));
  const size = inside + Math.ceil((4 * sigma) / spacing);
  const truncated = Float64Array.from({ length: size + 1 }, (_, n) => {
    const x = (n * spacing) / resolution;
    if (x >= reach) return 0;
    const taper = Math.cos((0.5 * Math.PI * x) / reach) ** 2;
    return taper * (sharp * sinc(x) + 0.5 * (1 - sharp) * (sinc(x - shift) + sinc(x + shift)));
  });
  const kernel = sigma > 0 ? smoothed(truncated, sigma / spacing) : truncated;
  const sum = kernel.reduce((total, weight, n) => total + (n === 0 ? weight : 2 * weight), 0);
  return trimmed(kernel.map((weight) => weight / sum));
}

function sinc(x: number): number {
  const angle = Math.PI * x;
  return Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
}

/** The symmetric kernel convolved with a Gaussian of `sigma` voxels. */
function smoothed(kernel: Float64Array, sigma: number): Float64Array {
  const last = kernel.length - 1;
  return kernel.map((_, n) => {
    let sum = 0;
    for (let m = -last; m <= last; m++) sum += kernel[Math.abs(m)] * Math.exp(-0.5 * ((n - m) / sigma) ** 2);
    return sum;
  });
}

/** Without the outermost weights that add nothing. */
function trimmed(kernel: Float64Array): Float64Array {
  let size = kernel.length;
  while (size > 1 && Math.abs(kernel[size - 1]) < 1e-5) size--;
  return kernel.slice(0, size);
}

/** Filters an image by one kernel per axis. Beyond its edges the image is zero: air. */
export function filterAxes(
  data: Float32Array,
  shape: Triple,
  kernels: readonly [Float64Array, Float64Array, Float64Array],
): Float32Array {
  let current = data;
  for (let axis = 0; axis < 3; axis++) {
    if (kernels[axis].length === 1 || shape[axis] === 1) continue;
    current = filterAxis(current, shape, axis, kernels[axis]);
  }
  return current;
}

function filterAxis(data: Float32Array, shape: Triple, axis: number, kernel: Float64Array): Float32Array {
  const out = new Float32Array(data.length);
  const count = shape[axis];
  if (axis === 0) {
    const line = new Float64Array(count + 2 * kernel.length);
    for (let start = 0; start < data.length; start += count) {
      filterRow(data, out, { start, count }, kernel, line);
    }
    return out;
  }
  const stride = axis === 1 ? shape[0] : shape[0] * shape[1];
  const block = stride * count;
  for (let start = 0; start < data.length; start += block) {
    for (let at = 0; at < count; at++) {
      const to = start + at * stride;
      const last = Math.min(kernel.length - 1, count - 1 - at);
      for (let n = Math.max(1 - kernel.length, -at); n <= last; n++) {
        const weight = kernel[n < 0 ? -n : n];
        const from = to + n * stride;
        for (let i = 0; i < stride; i++) out[to + i] += weight * data[from + i];
      }
    }
  }
  return out;
}

/** Filters `count` neighbors from `start` on; `line` holds them between zeros meanwhile. */
function filterRow(
  data: Float32Array,
  out: Float32Array,
  { start, count }: { readonly start: number; readonly count: number },
  kernel: Float64Array,
  line: Float64Array,
): void {
  const margin = kernel.length;
  for (let i = 0; i < count; i++) line[margin + i] = data[start + i];
  for (let i = 0; i < count; i++) {
    const middle = margin + i;
    let sum = kernel[0] * line[middle];
    for (let n = 1; n < margin; n++) sum += kernel[n] * (line[middle - n] + line[middle + n]);
    out[start + i] = sum;
  }
}
