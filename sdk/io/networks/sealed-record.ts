import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { JsonObject, JsonValue } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { ConcordError } from '../../errors';
import { version } from '../../version';
import { readJsonFile } from '../files/read-file';
import { unwritableFile } from '../files/write-file';
import { shortJson } from '../../data/short-json';
import { syncFile } from '../files/sync-file';

/** What a kind of record calls itself in its file. */
export interface RecordFormat {
  /** As it is under `format`, for example `concord-network`. */
  readonly format: string;
  /** The version of the format that this package writes, the newest that it reads. */
  readonly formatVersion: number;
  /** What it is, for messages: "a network of Concord". */
  readonly name: string;
}

/** The names that a record has besides those of its contents. */
const ownNames = ['format', 'formatVersion', 'concord', 'sha256'] as const;

/** The cause of an error about a record that a newer version of this package made: it is whole, and not ours to judge. */
export class NewerFormatError extends Error {
  override readonly name: string = 'NewerFormatError';
}

/**
 * Writes a record into a new JSON file to be read by eye and by other programs: what it is, the version of this package,
 * the contents, and a SHA-256 of all of them, so that damage is noticed. Waits until it is on the disk.
 *
 * @throws ConcordError `invalid-option` when the contents cannot be written as JSON; `unwritable-file`.
 */
export async function writeSealedRecord(
  path: string,
  { format, formatVersion }: RecordFormat,
  contents: JsonObject,
): Promise<void> {
  const taken = ownNames.find((name) => Object.hasOwn(contents, name));
  if (taken !== undefined) {
    throw new ConcordError('invalid-option', `invalid record: "${taken}" is written by Concord itself`);
  }
  requireFinite(contents, '');
  const record = JSON.parse(
    JSON.stringify({ format, formatVersion, concord: version, ...contents }),
  ) as JsonObject;
  const text = pretty({ ...record, sha256: sealOf(record) });
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${text}\n`);
      await syncFile(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unwritableFile(path, cause);
  }
}

/**
 * Reads the contents of a record back.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is something else, was changed since it was written,
 * or is of a version of the format that this package cannot read (its cause is a {@link NewerFormatError} then).
 */
export async function readSealedRecord(path: string, format: RecordFormat): Promise<JsonObject> {
  return recordContents(await readRecordJson(path), path, format);
}

/**
 * Reads the JSON of a file that should hold a record; what is not text is damage here.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model`.
 */
export async function readRecordJson(path: string): Promise<unknown> {
  return readJsonFile(path).catch((cause: unknown) => {
    throw isNotText(cause) ? malformedRecord(path, 'it is damaged: it is not text in UTF-8', cause) : cause;
  });
}

/** Whether JSON has anything that only sealed records have, so that one whose name was damaged is not taken for another. */
export function isSealed(json: JsonObject): boolean {
  return ownNames.some((name) => Object.hasOwn(json, name));
}

/**
 * The contents of a record that was read, once its seal is checked.
 *
 * @throws ConcordError `malformed-model` as {@link readSealedRecord}.
 */
export function recordContents(json: unknown, path: string, format: RecordFormat): JsonObject {
  if (!isJsonObject(json) || json['format'] !== format.format) {
    throw malformedRecord(path, `it is not the record of ${format.name}`);
  }
  requireReadableVersion(json, path, format);
  const { sha256, ...rest } = json;
  if (sha256 !== sealOf(rest)) {
    throw malformedRecord(path, 'it was damaged or changed since it was written: its SHA-256 differs');
  }
  const contents = Object.entries(rest).filter(([name]) => !ownNames.some((own) => own === name));
  return Object.fromEntries(contents);
}

/** Whether the file is a record of this format, whole or not. */
export async function isRecordOf(path: string, { format }: RecordFormat): Promise<boolean> {
  const json = await readJsonFile(path).catch(() => undefined);
  return isJsonObject(json) && json['format'] === format;
}

/** The error for a record that is damaged or not one. */
export function malformedRecord(path: string, what: string, cause?: unknown): ConcordError {
  return new ConcordError('malformed-model', `malformed model: ${path}: ${what}`, {
    where: { file: path },
    cause,
  });
}

function isNotText(error: unknown): boolean {
  const cause = error instanceof ConcordError ? error.cause : undefined;
  return cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
}

function requireReadableVersion(json: JsonObject, path: string, { formatVersion }: RecordFormat): void {
  const found = json['formatVersion'];
  if (found === formatVersion) return;
  if (typeof found === 'number' && found > formatVersion) {
    const maker = typeof json['concord'] === 'string' ? ` (${json['concord'].slice(0, 40)})` : '';
    const cause = new NewerFormatError(`format version ${found}`);
    const what = `it was made by a newer concord${maker}: its format version is ${found}, and this one reads ${formatVersion}`;
    throw malformedRecord(path, `${what} (update concord-mri, this is ${version})`, cause);
  }
  throw malformedRecord(path, `its format version is ${shortJson(found)}, not ${formatVersion}`);
}

/** JSON has no NaN and no infinities: they would silently become null. */
function requireFinite(value: JsonValue | undefined, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ConcordError(
      'invalid-option',
      `invalid record: ${path} is ${value} (JSON holds finite numbers only)`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    requireFinite(child, path === '' ? name : `${path}.${name}`);
  }
}

function sealOf(record: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

/** JSON in lines, with lists of numbers on one line each. No text holds a line break of its own in JSON. */
function pretty(record: JsonObject): string {
  return JSON.stringify(record, null, 2).replaceAll(
    /\[\n\s*([^[\]{}"]*?)\n\s*\]/g,
    (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`,
  );
}
