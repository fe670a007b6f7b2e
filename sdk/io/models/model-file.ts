import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JsonObject, JsonValue } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { ConcordError } from '../../errors';
import { version } from '../../version';
import { arraysBeside, changedArrays } from '../networks/arrays-beside';
import type { DoubleTable } from '../networks/safetensors-file';
import { readDoubles, writeSafetensors } from '../networks/safetensors-file';
import type { RecordFormat } from '../networks/sealed-record';
import {
  isSealed,
  malformedRecord,
  readRecordJson,
  recordContents,
  writeSealedRecord,
} from '../networks/sealed-record';
import { requireArrays } from '../networks/weights-file';
import { entriesOf } from '../networks/folder-entries';
import { readJsonFile } from '../files/read-file';
import type { WriteFileOptions } from '../files/write-file';
import { temporaryBeside } from '../files/temporary-names';
import { isThere, requireAbsent, unwritableFile, writeSafely } from '../files/write-file';

/** A model as it is kept: plain values, and the arrays that are too large to be among them. */
export interface StoredModel {
  readonly description: JsonObject;
  /** Empty for a small model, which is one file of text. */
  readonly arrays: DoubleTable;
}

/** The format of model files. A newer version of it is refused; files from before it have no seal. */
const modelFormat: RecordFormat = {
  format: 'concord-model',
  formatVersion: 1,
  name: 'a model of Concord',
};

/**
 * Writes a model as a sealed JSON file, and its arrays, if it has any, as float64 in a safetensors file beside it, which
 * the JSON names by its content. Both appear or neither; a model that is replaced stays whole until the new one is.
 *
 * @throws ConcordError `file-exists`, `unwritable-file`.
 */
export async function writeModelFile(
  path: string,
  { description, arrays }: StoredModel,
  options: WriteFileOptions = {},
): Promise<void> {
  if (Object.hasOwn(description, 'arrays')) {
    throw new ConcordError(
      'invalid-option',
      'invalid model: it has a part "arrays", a name that Concord itself writes',
    );
  }
  if (options.overwrite !== true) await requireAbsent(path);
  const before = await arraysOf(path);
  const beside = arrays.size === 0 ? undefined : await writeArrays(path, arrays);
  const contents = beside === undefined ? description : { ...description, arrays: beside.record };
  try {
    await writeSafely(path, (temporary) => writeSealedRecord(temporary, modelFormat, contents), options);
  } catch (cause) {
    if (beside !== undefined && beside.file !== before)
      await rm(join(dirname(path), beside.file), { force: true });
    throw cause;
  }
  // Only what the replaced file named itself.
  if (before !== undefined && before !== beside?.file) await rm(join(dirname(path), before), { force: true });
}

/**
 * Reads a model file.
 *
 * @returns its values and arrays; `sealed` is false for a file of version 0.1 and before, in which a changed number
 * cannot be noticed
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is damaged, incomplete or made by a newer version.
 */
export async function readModelFile(path: string): Promise<StoredModel & { readonly sealed: boolean }> {
  const json = await readRecordJson(path);
  if (!isJsonObject(json)) throw malformedRecord(path, 'it does not hold a JSON object');
  if (json['format'] === 'concord-network') {
    throw malformedRecord(path, 'it is one file of a network (load its folder, not the file in it)');
  }
  if (!isSealed(json)) return { description: json, arrays: new Map(), sealed: false };
  const { arrays, ...description } = recordContents(json, path, modelFormat);
  return {
    description,
    arrays: arrays === undefined ? new Map() : await readArrays(path, arrays),
    sealed: true,
  };
}

/** `model.json` has its arrays in `model.<digits of their SHA-256>.safetensors`. */
function arraysName(path: string, sha256: string): string {
  return `${basename(path).replace(/\.json$/i, '')}.${sha256.slice(0, 16)}.safetensors`;
}

function isArraysName(path: string, file: unknown): file is string {
  const digits = typeof file === 'string' ? /\.([0-9a-f]{16})\.safetensors$/.exec(file)?.[1] : undefined;
  return digits !== undefined && file === arraysName(path, digits);
}

async function writeArrays(
  path: string,
  arrays: DoubleTable,
): Promise<{ readonly file: string; readonly record: JsonObject }> {
  const temporary = await temporaryBeside(path);
  try {
    const seal = await writeSafetensors(temporary, arrays, { concord: version });
    const file = arraysName(path, seal.sha256);
    await rename(temporary, join(dirname(path), file));
    const shapes = Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape]));
    return { file, record: { file, ...seal, arrays: shapes } };
  } catch (cause) {
    throw unwritableFile(path, cause instanceof ConcordError ? cause.cause : cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The file of arrays of the model that is at `path`, if there is one. */
async function arraysOf(path: string): Promise<string | undefined> {
  if (!(await isThere(path))) return undefined;
  // Most models have none, and are not read for it.
  const names = (await entriesOf(dirname(path)).catch(() => undefined)) ?? [];
  if (!names.some((name) => isArraysName(path, name))) return undefined;
  const json = await readJsonFile(path).catch(() => undefined);
  const said = isJsonObject(json) && json['format'] === modelFormat.format ? json['arrays'] : undefined;
  return isJsonObject(said) && isArraysName(path, said['file']) ? said['file'] : undefined;
}

async function readArrays(path: string, said: JsonValue): Promise<DoubleTable> {
  if (!isJsonObject(said) || !isJsonObject(said['arrays'])) {
    throw malformedRecord(path, 'it does not describe its arrays');
  }
  const place = await arraysBeside(path, said);
  const { table, seal } = await readDoubles(place);
  requireArrays(table, said['arrays'], place);
  if (seal.sha256 !== said['sha256']) throw changedArrays(place);
  return table;
}
