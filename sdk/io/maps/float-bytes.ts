import { endianness } from 'node:os';
import type { MapValues } from './map-format';

const hostIsLittle = endianness() === 'LE';

/** The bytes of values as floats of 4 or 8 bytes, in either byte order; a copy. */
export function floatBytes(values: MapValues, width: 4 | 8, littleEndian: boolean): Buffer {
  const numbers = width === 4 ? new Float32Array(values) : new Float64Array(values);
  const bytes = Buffer.from(numbers.buffer);
  if (littleEndian !== hostIsLittle) swapped(bytes, width);
  return bytes;
}

/** Floats of 4 or 8 bytes in either byte order; a copy. */
export function floatsOf(bytes: Uint8Array, width: 4 | 8, littleEndian: boolean): MapValues {
  const copy = new Uint8Array(bytes);
  if (littleEndian !== hostIsLittle) swapped(Buffer.from(copy.buffer), width);
  return width === 4 ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
}

function swapped(bytes: Buffer, width: 4 | 8): void {
  if (width === 4) bytes.swap32();
  else bytes.swap64();
}
