/** What a NIfTI-1 file made for a test says. Whatever is not given is as a plain 2 × 3 × 2 image of int16 has it. */
export interface NiftiBytes {
  /** Axes and their sizes: `dim` of the header, from its first number on. */
  readonly dim?: readonly number[];
  /** The code of the datatype, with its voxels as bytes. */
  readonly datatype?: number;
  readonly voxels?: Uint8Array;
  /** Bits of a voxel; 0, which says nothing, by default. */
  readonly bits?: number;
  readonly intent?: number;
  readonly magic?: string;
  readonly headerSize?: number;
  readonly voxelOffset?: number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly units?: number;
  readonly pixdim?: readonly number[];
  readonly sform?: readonly number[];
}

/** The voxels 1, 2, 3 … as little-endian int16. */
export function countingVoxels(count: number): Uint8Array {
  return new Uint8Array(Int16Array.from({ length: count }, (_, i) => i + 1).buffer);
}

/** Makes a NIfTI-1 file byte by byte, after nifti1.h and without the code under test. */
export function niftiBytes(given: NiftiBytes = {}): Uint8Array {
  const {
    dim = [3, 2, 3, 2],
    datatype = 4,
    voxels = countingVoxels(12),
    bits = 0,
    intent = 0,
    magic = 'n+1\0',
    headerSize = 348,
    voxelOffset = 352,
    slope = 1,
    intercept = 0,
    units = 2,
    pixdim = [1, 2, 2, 2],
    sform = [2, 0, 0, -1, 0, 2, 0, -2, 0, 0, 2, -3],
  } = given;
  const bytes = new Uint8Array(352 + voxels.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, headerSize, true);
  dim.forEach((size, axis) => view.setInt16(40 + 2 * axis, size, true));
  view.setInt16(68, intent, true);
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  pixdim.forEach((size, axis) => view.setFloat32(76 + 4 * axis, size, true));
  view.setFloat32(108, voxelOffset, true);
  view.setFloat32(112, slope, true);
  view.setFloat32(116, intercept, true);
  view.setUint8(123, units);
  bytes.set(new TextEncoder().encode('made for a test'), 148);
  view.setInt16(254, 2, true);
  sform.forEach((value, cell) => view.setFloat32(280 + 4 * cell, value, true));
  bytes.set(new TextEncoder().encode(magic), 344);
  bytes.set(voxels, 352);
  return bytes;
}
