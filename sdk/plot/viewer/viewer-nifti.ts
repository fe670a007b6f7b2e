import type { Grid } from '../../data/images/volume';
import { affineSpacing } from '../../data/images/affine';

/** Voxels as a viewer's file stores them: stored values times `slope` plus `intercept` are the intensities. */
export interface StoredVoxels {
  readonly voxels: Int16Array | Uint8Array | Float32Array;
  readonly slope: number;
  readonly intercept: number;
}

const headerSize = 352;

/** 16-bit integers over the range of the intensities; as they are where they are whole numbers that fit. */
export function quantize(data: Float32Array): StoredVoxels {
  let low = Infinity;
  let high = -Infinity;
  let whole = true;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  if (low > high) [low, high] = [0, 0];
  const exact = whole && low >= -32768 && high <= 32767;
  const slope = exact || high === low ? 1 : roundUp((high - low) / 65530);
  const intercept = exact ? 0 : high === low ? low : slope * Math.round((high + low) / 2 / slope);
  const voxels = new Int16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    // A viewer has no color for what is not a number: it gets the lowest intensity.
    voxels[i] = Math.round(((Number.isFinite(data[i]) ? data[i] : low) - intercept) / slope);
  }
  return { voxels, slope, intercept };
}

/**
 * Rounds up to eight significant bits: times a whole number of 16 bits it is then exact in the header's 32-bit floats,
 * so that 0, which is nothing, stays exactly 0.
 */
function roundUp(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(value)) - 7);
  return Math.ceil(value / unit) * unit;
}

/**
 * Makes the bytes of a NIfTI-1 file for a viewer: header, affine as sform, voxels; little endian.
 *
 * Field places from the NIfTI-1 standard (Cox et al. 2004, nifti1.h).
 */
export function viewerNifti({ shape, affine }: Grid, stored: StoredVoxels): Uint8Array {
  const { voxels, slope, intercept } = stored;
  const bytes = new Uint8Array(headerSize + voxels.byteLength);
  const view = new DataView(bytes.buffer);
  const bits = 8 * voxels.BYTES_PER_ELEMENT;
  view.setInt32(0, 348, true);
  [3, ...shape, 1, 1, 1, 1].forEach((size, i) => view.setInt16(40 + 2 * i, size, true));
  view.setInt16(70, { 8: 2, 16: 4, 32: 16 }[bits] ?? 0, true);
  view.setInt16(72, bits, true);
  [1, ...affineSpacing(affine), 1, 1, 1, 1].forEach((size, i) => view.setFloat32(76 + 4 * i, size, true));
  view.setFloat32(108, headerSize, true);
  view.setFloat32(112, slope, true);
  view.setFloat32(116, intercept, true);
  view.setUint8(123, 2); // millimeters
  view.setInt16(254, 1, true); // the sform leads to scanner space
  affine.slice(0, 12).forEach((value, i) => view.setFloat32(280 + 4 * i, value, true));
  bytes.set([0x6e, 0x2b, 0x31, 0], 344); // n+1
  bytes.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), headerSize);
  return bytes;
}
