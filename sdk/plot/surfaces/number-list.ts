import { Buffer } from 'node:buffer';
import { endianness } from 'node:os';
import type { JsonObject } from '../../data/json';

/**
 * Many numbers as Plotly takes them in plain JSON (`dtype` and `bdata`): their bytes, low end first, as base64. That is half the
 * size of digits, and loses none.
 */
export function numberList(numbers: Float32Array | Int32Array): JsonObject {
  const bytes = Buffer.from(numbers.slice().buffer);
  if (endianness() === 'BE') bytes.swap32();
  return { dtype: numbers instanceof Int32Array ? 'i4' : 'f4', bdata: bytes.toString('base64') };
}
