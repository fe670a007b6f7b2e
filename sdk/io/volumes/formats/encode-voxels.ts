import { Buffer } from 'node:buffer';
import { endianness } from 'node:os';
import type { Datatype } from '../../../data/images/volume';
import { ConcordError } from '../../../errors';
import { advise, option } from '../../../remedy';

/** The datatypes that can be written. */
export type WrittenDatatype = Exclude<Datatype, 'int64' | 'uint64'>;

/** Voxels as they go into a file. */
export interface EncodedVoxels {
  /** Little endian. */
  readonly bytes: Uint8Array;
  /** Stored values times `slope` plus `intercept` give the intensities. */
  readonly slope: number;
  readonly intercept: number;
}

/** How intensities become stored values. */
export type VoxelScaling = 'none' | 'auto';

const integerRanges: Readonly<
  Record<Exclude<WrittenDatatype, 'float32' | 'float64'>, readonly [low: number, high: number]>
> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 4294967295],
  int32: [-2147483648, 2147483647],
};

/**
 * Turns intensities into the stored values of a datatype. Nothing is ever clipped: as integers without scaling, values
 * must be integers within range; with `auto` they are scaled, and the error is at most half a slope.
 *
 * @throws ConcordError `invalid-option` naming the value that does not fit; `invalid-voxels` when a value to be stored
 * as an integer is NaN or infinite.
 */
export function encodeVoxels(
  data: Float32Array,
  datatype: WrittenDatatype,
  scaling: VoxelScaling,
): EncodedVoxels {
  if (datatype === 'float32' || datatype === 'float64') {
    const stored = datatype === 'float32' ? data : new Float64Array(data);
    return { bytes: littleEndian(stored), slope: 1, intercept: 0 };
  }
  const range = integerRanges[datatype];
  const misfit = findMisfit(data, range);
  const identity = { slope: 1, intercept: 0 };
  const scale = misfit === -1 ? identity : scaling === 'auto' ? fitScaling(data, range) : undefined;
  if (scale === undefined) throw doesNotFit(data[misfit], datatype, range);
  return { bytes: littleEndian(quantize(data, datatype, scale)), ...scale };
}

/** The position of the first value that is no integer within range; −1 where all are. */
function findMisfit(data: Float32Array, [low, high]: readonly [number, number]): number {
  for (let at = 0; at < data.length; at++) {
    const value = data[at];
    if (!(Math.floor(value) === value && value >= low && value <= high)) return at;
  }
  return -1;
}

/**
 * The finest scaling in 32-bit numbers, which is what headers hold, under which all values stay within range. Unsigned
 * codes count from the smallest value, signed ones both ways from the middle.
 */
function fitScaling(
  data: Float32Array,
  [low, high]: readonly [number, number],
): { readonly slope: number; readonly intercept: number } {
  let smallest = Infinity;
  let largest = -Infinity;
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) {
      throw new ConcordError(
        'invalid-voxels',
        `invalid voxel: ${data[at]} has no integer (correct the volume, or write it as float32)`,
      );
    }
    if (data[at] < smallest) smallest = data[at];
    if (data[at] > largest) largest = data[at];
  }
  const intercept = low === 0 ? smallest : Math.fround((smallest + largest) / 2);
  const reach = Math.max(largest - intercept, intercept - smallest);
  return { slope: reach === 0 ? 1 : notLess(reach / high), intercept };
}

/** The nearest number of 32 bits that is not less than a positive one. */
function notLess(value: number): number {
  const near = new Float32Array([value]);
  const bits = new Int32Array(near.buffer);
  if (near[0] < value) bits[0] += 1;
  return near[0];
}

function quantize(
  data: Float32Array,
  datatype: keyof typeof integerRanges,
  scale: { readonly slope: number; readonly intercept: number },
): Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array {
  const { slope, intercept } = scale;
  const codes = new Float64Array(data.length);
  for (let at = 0; at < data.length; at++) codes[at] = Math.round((data[at] - intercept) / slope);
  switch (datatype) {
    case 'uint8':
      return new Uint8Array(codes);
    case 'int8':
      return new Int8Array(codes);
    case 'uint16':
      return new Uint16Array(codes);
    case 'int16':
      return new Int16Array(codes);
    case 'uint32':
      return new Uint32Array(codes);
    case 'int32':
      return new Int32Array(codes);
  }
}

function littleEndian(values: Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (endianness() === 'LE' || values.BYTES_PER_ELEMENT === 1) return bytes;
  // The buffer is the caller's own memory where nothing had to be converted.
  const swapped = Buffer.from(bytes);
  if (values.BYTES_PER_ELEMENT === 2) return swapped.swap16();
  return values.BYTES_PER_ELEMENT === 4 ? swapped.swap32() : swapped.swap64();
}

function doesNotFit(value: number, datatype: string, [low, high]: readonly [number, number]): ConcordError {
  const why = Number.isInteger(value) ? `outside ${low} to ${high}` : 'not an integer';
  return new ConcordError(
    'invalid-option',
    `invalid voxel: ${value} cannot be stored as ${datatype}: it is ${why}`,
    {
      remedy: advise`choose ${option('scaling', 'auto')}, which keeps an error of at most half a step, or ${option('datatype', 'float32')}`,
    },
  );
}
