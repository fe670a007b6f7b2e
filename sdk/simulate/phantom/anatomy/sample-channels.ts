import type { Triple } from '../../../data/images/affine';

/** A grid of points with several numbers each. */
export interface ChannelGrid {
  /** Channel fastest, then x, y, z. */
  readonly values: Float32Array;
  readonly channels: number;
  readonly shape: Triple;
}

/**
 * Writes the numbers at a place between points, by trilinear interpolation, into `out`.
 *
 * @param x - the place in grid steps from the first point; y and z alike
 * @returns false, and nothing written, outside the grid
 */
export function sampleChannels(
  grid: ChannelGrid,
  out: Float64Array,
  x: number,
  y: number,
  z: number,
): boolean {
  const { values, channels, shape } = grid;
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  if (i < 0 || j < 0 || k < 0 || i + 1 >= shape[0] || j + 1 >= shape[1] || k + 1 >= shape[2]) return false;
  const u = x - i;
  const v = y - j;
  const w = z - k;
  const front = shape[0] * channels;
  const up = front * shape[1];
  const at = k * up + j * front + i * channels;
  const nearLow = (1 - v) * (1 - w);
  const farLow = v * (1 - w);
  const nearHigh = (1 - v) * w;
  const farHigh = v * w;
  for (let c = 0; c < channels; c++) {
    const a = at + c;
    const b = a + channels;
    const left =
      nearLow * values[a] +
      farLow * values[a + front] +
      nearHigh * values[a + up] +
      farHigh * values[a + front + up];
    const right =
      nearLow * values[b] +
      farLow * values[b + front] +
      nearHigh * values[b + up] +
      farHigh * values[b + front + up];
    out[c] = left + u * (right - left);
  }
  return true;
}

/**
 * Writes the slopes, per grid step, of three channels from `first` on at a place between points: nine numbers, the
 * slopes along x, y, z of the first channel, then of the second, then of the third. Zero outside the grid.
 */
export function sampleSlopes(
  grid: ChannelGrid,
  out: Float64Array,
  first: number,
  x: number,
  y: number,
  z: number,
): void {
  const { values, channels, shape } = grid;
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  if (i < 0 || j < 0 || k < 0 || i + 1 >= shape[0] || j + 1 >= shape[1] || k + 1 >= shape[2]) {
    out.fill(0);
    return;
  }
  const u = x - i;
  const v = y - j;
  const w = z - k;
  const front = shape[0] * channels;
  const up = front * shape[1];
  const at = k * up + j * front + i * channels + first;
  for (let c = 0; c < 3; c++) {
    const a = at + c;
    const b = a + channels;
    const low = values[a] + u * (values[b] - values[a]);
    const far = values[a + front] + u * (values[b + front] - values[a + front]);
    const high = values[a + up] + u * (values[b + up] - values[a + up]);
    const farHigh = values[a + front + up] + u * (values[b + front + up] - values[a + front + up]);
    const left =
      (1 - v) * ((1 - w) * values[a] + w * values[a + up]) +
      v * ((1 - w) * values[a + front] + w * values[a + front + up]);
    const right =
      (1 - v) * ((1 - w) * values[b] + w * values[b + up]) +
      v * ((1 - w) * values[b + front] + w * values[b + front + up]);
    out[3 * c] = right - left;
    out[3 * c + 1] = (1 - w) * (far - low) + w * (farHigh - high);
    out[3 * c + 2] = (1 - v) * (high - low) + v * (farHigh - far);
  }
}
