import type { WeightArray, WeightTable } from '../../data/networks/weights';
import { malformedWeights, quoted } from './malformed-weights';
import type { SafetensorsEntry } from './safetensors-header';
import { decodeHeader, decodeHeaderLength, encodeHeader, lengthBytes } from './safetensors-header';
import { numbersToFloat32 } from './safetensors-numbers';

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays in the order in which they are in the file. */
  readonly table: WeightTable;
  /** Text about the whole file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The names of arrays whose numbers had to be rounded to float32. */
  readonly rounded: readonly string[];
}

/**
 * Writes arrays in the safetensors format (github.com/huggingface/safetensors, "Format"), which PyTorch, NumPy, JAX and
 * others read: float32, in the order of the table, so that the same table gives the same bytes. For machines that keep
 * the lowest byte first, as all do that TensorFlow.js runs on.
 *
 * @throws ConcordError `invalid-option` when an array does not fit its shape or cannot have its name.
 */
export function encodeSafetensors(
  table: WeightTable,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header = encodeHeader(table, metadata);
  const arrays = [...table.values()].map(({ data }) => bytesOf(data));
  const bytes = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, header.length));
  let at = 0;
  for (const part of [header, ...arrays]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Reads what is in the safetensors format. Numbers of other types become float32; those that cannot be the same are
 * rounded, and `rounded` names their arrays.
 *
 * @param file - what to call it in messages
 * @throws ConcordError `malformed-model` naming the array and what is wrong; `unsupported-format` when there are types
 * of numbers that are not read.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const length = decodeHeaderLength(bytes.subarray(0, lengthBytes), bytes.length, file);
  const start = lengthBytes + length;
  const { entries, metadata } = decodeHeader(bytes.subarray(lengthBytes, start), bytes.length - start, file);
  const rounded: string[] = [];
  const table = entries.map((entry): [string, WeightArray] => {
    const { name, dtype, shape, begin, end } = entry;
    const data = allocateArray(entry, file);
    const stored = bytes.subarray(start + begin, start + end);
    if (dtype === 'F32') bytesOf(data).set(stored);
    else if (!numbersToFloat32(stored, data, { file, name, dtype })) rounded.push(name);
    return [name, { shape, data }];
  });
  return { table: new Map(table), metadata, rounded };
}

/** Makes room for an array that the file says it has; the header was checked against the size of the file before. */
export function allocateArray(entry: SafetensorsEntry, file: string): Float32Array {
  return allocated(entry, file, (count) => new Float32Array(count));
}

/** The same for numbers that are kept as float64. */
export function allocateDoubles(entry: SafetensorsEntry, file: string): Float64Array {
  return allocated(entry, file, (count) => new Float64Array(count));
}

function allocated<Numbers>(
  { name, shape }: SafetensorsEntry,
  file: string,
  make: (count: number) => Numbers,
): Numbers {
  const count = shape.reduce((product, size) => product * size, 1);
  try {
    return make(count);
  } catch (cause) {
    throw malformedWeights(file, `${quoted(name)} has ${count} numbers, too many for the memory`, cause);
  }
}

/** The bytes of an array, not copied. */
export function bytesOf(data: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
