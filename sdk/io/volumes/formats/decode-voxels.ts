import { Buffer } from 'node:buffer';
import { endianness } from 'node:os';
import type { Datatype } from '../../../data/images/volume';
import { bytesPerVoxel } from './image-layout';

/** How voxels are stored. */
export interface VoxelStorage {
  readonly datatype: Datatype;
  readonly littleEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
}

/** Voxels as they are worked with. */
export interface DecodedVoxels {
  /** Stored values times slope plus intercept. */
  readonly data: Float32Array;
  /** How many stored values have more digits than 32-bit floats hold. */
  readonly rounded: number;
}

const hostIsLittle = endianness() === 'LE';

/**
 * Turns the bytes of voxels into numbers. The bytes are used up: their order may be changed in place and their memory
 * may become the result's.
 *
 * Scaling is computed in 64 bits and then rounded once.
 */
export function decodeVoxels(bytes: ArrayBuffer, storage: VoxelStorage): DecodedVoxels {
  const { datatype, littleEndian, slope, intercept } = storage;
  if (littleEndian !== hostIsLittle) swapBytes(bytes, bytesPerVoxel[datatype]);
  switch (datatype) {
    case 'uint8':
      return narrow(new Float32Array(new Uint8Array(bytes)), slope, intercept);
    case 'int8':
      return narrow(new Float32Array(new Int8Array(bytes)), slope, intercept);
    case 'uint16':
      return narrow(new Float32Array(new Uint16Array(bytes)), slope, intercept);
    case 'int16':
      return narrow(new Float32Array(new Int16Array(bytes)), slope, intercept);
    case 'float32':
      return narrow(new Float32Array(bytes), slope, intercept);
    case 'uint32':
      return wide(new Float64Array(new Uint32Array(bytes)), slope, intercept);
    case 'int32':
      return wide(new Float64Array(new Int32Array(bytes)), slope, intercept);
    case 'float64':
      return wide(new Float64Array(bytes), slope, intercept);
    case 'uint64':
      return long(new Uint32Array(bytes), { high: new Uint32Array(bytes), slope, intercept });
    case 'int64':
      return long(new Uint32Array(bytes), { high: new Int32Array(bytes), slope, intercept });
  }
}

function swapBytes(bytes: ArrayBuffer, width: number): void {
  const buffer = Buffer.from(bytes);
  if (width === 2) buffer.swap16();
  if (width === 4) buffer.swap32();
  if (width === 8) buffer.swap64();
}

/** Values that 32-bit floats hold exactly. */
function narrow(data: Float32Array, slope: number, intercept: number): DecodedVoxels {
  if (slope !== 1 || intercept !== 0) {
    for (let at = 0; at < data.length; at++) data[at] = data[at] * slope + intercept;
  }
  return { data, rounded: 0 };
}

/** Values with up to 53 binary digits. */
function wide(values: Float64Array, slope: number, intercept: number): DecodedVoxels {
  const data = new Float32Array(values.length);
  let rounded = 0;
  for (let at = 0; at < data.length; at++) {
    const value = values[at];
    // NaN is not lost: it is found as NaN later.
    if (Math.fround(value) !== value && value === value) rounded++;
    data[at] = value * slope + intercept;
  }
  return { data, rounded };
}

/** Integers of 64 bits, from their halves: an object per voxel, as BigInt makes, would take ten times as long. */
function long(
  words: Uint32Array,
  context: {
    readonly high: Int32Array | Uint32Array;
    readonly slope: number;
    readonly intercept: number;
  },
): DecodedVoxels {
  const { high, slope, intercept } = context;
  const data = new Float32Array(words.length / 2);
  const lowFirst = hostIsLittle ? 0 : 1;
  let rounded = 0;
  for (let at = 0; at < data.length; at++) {
    const low = words[2 * at + lowFirst];
    const upper = high[2 * at + 1 - lowFirst] * 2 ** 32;
    const value = upper + low;
    if (Math.fround(value) !== value || value - upper !== low) rounded++;
    data[at] = value * slope + intercept;
  }
  return { data, rounded };
}
