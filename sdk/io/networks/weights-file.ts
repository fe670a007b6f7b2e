import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { listNames } from '../../data/list-names';
import type { WeightTable } from '../../data/networks/weights';
import { fileSize } from '../files/read-file';
import { isThere } from '../files/write-file';
import { malformedWeights, quoted } from './malformed-weights';
import { readSafetensors, writeSafetensors } from './safetensors-file';
import { malformedRecord } from './sealed-record';

/** The name of the weights in every folder that holds some. */
export const weightsFile = 'weights.safetensors';

/**
 * Writes the weights of a folder.
 *
 * @returns what a record beside them says of them: file, size, SHA-256, names and shapes
 * @throws ConcordError `unwritable-file`, `invalid-option`.
 */
export async function writeWeights(
  folder: string,
  table: WeightTable,
  metadata: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const seal = await writeSafetensors(join(folder, weightsFile), table, metadata);
  const arrays = Object.fromEntries([...table].map(([name, { shape }]) => [name, shape]));
  return { file: weightsFile, ...seal, arrays };
}

/**
 * Reads the weights of a folder and checks that they are what the record beside them says.
 *
 * @param said - what {@link writeWeights} returned
 * @param record - the path of the record, for messages
 * @throws ConcordError `malformed-model`, `unreadable-file`.
 */
export async function readWeights(
  folder: string,
  said: JsonValue | undefined,
  record: string,
): Promise<WeightTable> {
  const path = join(folder, weightsFile);
  if (!isJsonObject(said) || !isJsonObject(said['arrays']))
    throw malformedRecord(record, 'it does not describe its weights');
  if (!(await isThere(path))) throw malformedWeights(path, 'it is missing (copy the folder as a whole)');
  const size = await fileSize(path);
  if (size !== said['bytes']) {
    const cut = size < Number(said['bytes']) ? 'it is truncated: ' : '';
    const belongs = `${JSON.stringify(said['bytes'])} are expected`;
    throw malformedWeights(path, `${cut}it has ${size} bytes, and ${belongs} (copy it again)`);
  }
  const { table, seal } = await readSafetensors(path);
  requireArrays(table, said['arrays'], path);
  if (seal.sha256 !== said['sha256']) {
    throw malformedWeights(path, 'it was damaged or changed since it was written: its SHA-256 differs');
  }
  return table;
}

/**
 * Checks that a file of arrays has those that its record names, of these shapes.
 *
 * @throws ConcordError `malformed-model`.
 */
export function requireArrays(
  table: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  said: JsonObject,
  path: string,
): void {
  const missing = Object.keys(said).filter((name) => !table.has(name));
  const extra = [...table.keys()].filter((name) => !Object.hasOwn(said, name));
  if (missing.length > 0) throw malformedWeights(path, `it lacks ${listNames(missing)}`);
  if (extra.length > 0)
    throw malformedWeights(path, `it holds ${listNames(extra)}, which its record does not name`);
  for (const [name, { shape }] of table) {
    const found = JSON.stringify(shape);
    const expected = JSON.stringify(said[name]);
    if (found !== expected) {
      throw malformedWeights(path, `${quoted(name)} has the shape ${found}, and its record says ${expected}`);
    }
  }
}
