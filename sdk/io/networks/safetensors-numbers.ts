import { malformedWeights, quoted } from './malformed-weights';

/** A type of number that weights files hold, little-endian. */
interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number | bigint;
}

/** The types that are read, by the names they have in the format. */
const types: Readonly<Record<string, NumberType>> = {
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, read: (view, at) => fromHalf(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: (view, at) => fromBrainFloat(view.getUint16(at, true)) },
  I64: { bytes: 8, read: (view, at) => view.getBigInt64(at, true) },
  U64: { bytes: 8, read: (view, at) => view.getBigUint64(at, true) },
  I32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  U32: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  I16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  U16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  I8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U8: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** The names of the types that are read. */
export const readableTypes: readonly string[] = Object.keys(types);

/** Bytes per number of a type that is read, `undefined` of any other. */
export function bytesPerNumber(type: string): number | undefined {
  return Object.hasOwn(types, type) ? types[type].bytes : undefined;
}

/** An array as its file and its messages call it. */
export interface NamedNumbers {
  readonly file: string;
  readonly name: string;
  /** One of {@link readableTypes}. */
  readonly dtype: string;
}

/**
 * Turns stored numbers into float32.
 *
 * @param bytes - as many numbers of `array.dtype` as `target` has room for
 * @returns whether every number is the same as the stored one; rounded to the nearest otherwise
 * @throws ConcordError `malformed-model` when a number is beyond the range of float32.
 */
export function numbersToFloat32(bytes: Uint8Array, target: Float32Array, array: NamedNumbers): boolean {
  const { bytes: width, read } = types[array.dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let exact = true;
  for (let i = 0; i < target.length; i++) {
    const value = read(view, i * width);
    const float = Math.fround(Number(value));
    // Not "unequal", which NaN is to itself; a bigint compares with a number by value.
    if (float < value || float > value) {
      if (!Number.isFinite(float)) {
        throw malformedWeights(
          array.file,
          `${quoted(array.name)} holds ${value}, which is beyond float32 (it is kept as ${array.dtype})`,
        );
      }
      exact = false;
    }
    target[i] = float;
  }
  return exact;
}

/** A number of IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** A number of bfloat16: the upper half of a float32. */
function fromBrainFloat(bits: number): number {
  scratch.setUint32(0, bits * 0x1_0000);
  return scratch.getFloat32(0);
}
