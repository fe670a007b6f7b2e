import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { fileSize } from '../files/read-file';
import { isThere } from '../files/write-file';
import type { ConcordError } from '../../errors';
import { malformedWeights } from './malformed-weights';
import { malformedRecord } from './sealed-record';

/**
 * Finds the safetensors file that the record at a path names as beside it.
 *
 * @param said - what the record says of its arrays: `file`, and how many `bytes` it has
 * @throws ConcordError `malformed-model` where it says nothing of that kind, or the file is elsewhere, missing or of another size.
 */
export async function arraysBeside(path: string, said: JsonObject): Promise<string> {
  const { file, bytes } = said;
  if (typeof file !== 'string') throw malformedRecord(path, 'it does not describe its arrays');
  // A file that was renamed keeps the name of its arrays.
  const isName = file.length <= 255 && !/\p{Cc}/u.test(file) && file === basename(file);
  if (!isName || !file.endsWith('.safetensors')) throw malformedRecord(path, 'its arrays are elsewhere');
  const place = join(dirname(path), file);
  const both = `${basename(path)} and ${file} belong together`;
  if (!(await isThere(place))) throw malformedWeights(place, `it is missing (copy both: ${both})`);
  const size = await fileSize(place);
  if (size !== bytes) {
    throw malformedWeights(
      place,
      `it has ${size} bytes, and ${shortJson(bytes)} are expected (copy both again: ${both})`,
    );
  }
  return place;
}

/** The error for arrays whose digest is not that of the record. */
export function changedArrays(place: string): ConcordError {
  return malformedWeights(place, 'it was damaged or changed since it was written: its SHA-256 differs');
}
