import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { fileDigest } from '../files/file-digest';
import { fileSize } from '../files/read-file';
import { temporaryBeside } from '../files/temporary-names';
import { unwritableFile, writeSafely } from '../files/write-file';
import { arraysBeside, changedArrays } from '../networks/arrays-beside';
import type { RecordFormat } from '../networks/sealed-record';
import { malformedRecord, readSealedRecord, writeSealedRecord } from '../networks/sealed-record';

const format: RecordFormat = {
  format: 'concord-maps-model',
  formatVersion: 1,
  name: 'a model of whole maps',
};

/**
 * Keeps a model of whole maps: a sealed record, and beside it a copy of its arrays under a name made of their digest. Both appear
 * or neither; what is replaced stays whole until the new one is.
 *
 * @param arrays - the safetensors file
 * @throws ConcordError `file-exists`, `unwritable-file`.
 */
export async function storeMapsModel(
  path: string,
  { contents, arrays }: { readonly contents: JsonObject; readonly arrays: string },
  options: { readonly overwrite: boolean },
): Promise<void> {
  const sha256 = await fileDigest(arrays);
  const bytes = await fileSize(arrays);
  const file = `${basename(path, '.json')}.${sha256.slice(0, 16)}.safetensors`;
  const place = join(dirname(path), file);
  const temporary = await temporaryBeside(place);
  const before = await arraysOf(path);
  try {
    await copyFile(arrays, temporary);
    await rename(temporary, place);
  } catch (cause) {
    throw unwritableFile(place, cause);
  } finally {
    await rm(temporary, { force: true });
  }
  const record = { ...contents, arrays: { file, bytes, sha256 } };
  await writeSafely(path, (own) => writeSealedRecord(own, format, record), options);
  if (before !== undefined && before !== file) await rm(join(dirname(path), before), { force: true });
}

/** The arrays that the model at a path names as its own. */
async function arraysOf(path: string): Promise<string | undefined> {
  const before = await readSealedRecord(path, format).catch(() => undefined);
  const said = before?.['arrays'];
  const file = isJsonObject(said) ? said['file'] : undefined;
  return typeof file === 'string' && isName(path, file) ? file : undefined;
}

function isName(path: string, file: string): boolean {
  return (
    file === basename(file) &&
    file.startsWith(`${basename(path, '.json')}.`) &&
    /\.[0-9a-f]{16}\.safetensors$/.test(file)
  );
}

/**
 * Reads the record of a model of whole maps, and makes sure that its arrays are as they were written.
 *
 * @returns what is in it, and the path of its arrays
 * @throws ConcordError `unreadable-file`, `malformed-model`.
 */
export async function openMapsModel(
  path: string,
): Promise<{ readonly contents: JsonObject; readonly arrays: string; readonly sha256: string }> {
  const { arrays: said, ...contents } = await readSealedRecord(path, format);
  if (!isJsonObject(said)) throw malformedRecord(path, 'it does not describe its arrays');
  const { sha256 } = said;
  if (typeof sha256 !== 'string') throw malformedRecord(path, 'it does not describe its arrays');
  const place = await arraysBeside(path, said);
  if ((await fileDigest(place)) !== sha256) throw changedArrays(place);
  return { contents, arrays: place, sha256 };
}
