import type { Triple } from '../../data/images/affine';

/** The pole of the filter that inverts sampling of a cubic B-spline. */
const pole = Math.sqrt(3) - 2;

/** The gain that brings the filtered signal back to scale: (1 − pole)(1 − 1/pole). */
const gain = 6;

/** After this many voxels the powers of the pole are below the precision of float64. */
const horizon = 28;

/**
 * The coefficients of the cubic B-spline that passes through every voxel, the image mirrored at its outermost voxel
 * centers: one causal and one anti-causal recursion per axis (Unser 1999, "Splines: a perfect fit for signal and image
 * processing", IEEE Signal Processing Magazine 16(6), box 2).
 *
 * @param data - intensities, x fastest
 * @param shape - voxels along each axis
 * @param axes - the axes to filter
 */
export function cubicPrefilter(
  data: Float32Array,
  shape: Triple,
  axes: readonly number[] = [0, 1, 2],
): Float32Array {
  const coefficients = Float32Array.from(data);
  for (const axis of axes) {
    if (shape[axis] > 1) filterAxis(coefficients, shape, axis);
  }
  return coefficients;
}

function filterAxis(data: Float32Array, shape: Triple, axis: number): void {
  const size = shape[axis];
  const inner = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1];
  const block = size * inner;
  if (inner === 1) {
    const line = new Float64Array(size);
    for (let from = 0; from < data.length; from += block) filterLine(data, from, line);
    return;
  }
  // Many neighboring lines side by side, so that memory is read in order; few enough to stay in the cache.
  const width = Math.max(16, Math.floor(16384 / size));
  const lines = new Float64Array(size * Math.min(width, inner));
  for (let from = 0; from < data.length; from += block) {
    for (let first = 0; first < inner; first += width) {
      filterLines(data, { from: from + first, size, inner }, lines, Math.min(width, inner - first));
    }
  }
}

/** Filters one line of neighboring voxels. */
function filterLine(data: Float32Array, from: number, line: Float64Array): void {
  const size = line.length;
  for (let i = 0; i < size; i++) line[i] = data[from + i];
  let before = causalStart(line, 1, 0, size);
  line[0] = before;
  for (let i = 1; i < size; i++) {
    before = line[i] + pole * before;
    line[i] = before;
  }
  let after = (pole / (pole * pole - 1)) * (line[size - 1] + pole * line[size - 2]);
  data[from + size - 1] = gain * after;
  for (let i = size - 2; i >= 0; i--) {
    after = pole * (after - line[i]);
    data[from + i] = gain * after;
  }
}

interface LineBlock {
  readonly from: number;
  readonly size: number;
  readonly inner: number;
}

/** Filters `width` lines that are side by side, each going across the rows of a block. */
function filterLines(data: Float32Array, block: LineBlock, lines: Float64Array, width: number): void {
  const { from, size, inner } = block;
  for (let i = 0; i < size; i++) {
    const row = from + i * inner;
    for (let c = 0; c < width; c++) lines[i * width + c] = data[row + c];
  }
  for (let c = 0; c < width; c++) lines[c] = causalStart(lines, width, c, size);
  for (let at = width; at < size * width; at++) lines[at] += pole * lines[at - width];
  const end = (size - 1) * width;
  const start = pole / (pole * pole - 1);
  for (let at = end; at < end + width; at++) lines[at] = start * (lines[at] + pole * lines[at - width]);
  for (let at = end - 1; at >= 0; at--) lines[at] = pole * (lines[at + width] - lines[at]);
  for (let i = 0; i < size; i++) {
    const row = from + i * inner;
    for (let c = 0; c < width; c++) data[row + c] = gain * lines[i * width + c];
  }
}

/** Where the causal recursion starts, from the mirrored signal before the first voxel. */
function causalStart(line: Float64Array, step: number, offset: number, size: number): number {
  const period = 2 * (size - 1);
  const count = Math.min(period, horizon);
  let sum = 0;
  let power = 1;
  for (let k = 0; k < count; k++) {
    sum += power * line[offset + step * (k < size ? k : period - k)];
    power *= pole;
  }
  return count < period ? sum : sum / (1 - power);
}
