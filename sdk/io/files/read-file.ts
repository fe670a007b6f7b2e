import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { ErrorCode } from '../../errors';
import { ConcordError } from '../../errors';
import { deepestJson, isTooDeep } from './json-depth';

/** Options of {@link readJsonFile}. */
export interface ReadJsonOptions {
  /**
   * The code of the error thrown when the file is not valid JSON.
   *
   * @defaultValue `'malformed-model'`
   */
  readonly malformed?: ErrorCode;
  /**
   * The most bytes that the file may have.
   *
   * @defaultValue 128 MiB: the record of half a million slices
   */
  readonly most?: number;
}

/** The most bytes of a JSON file that describes one scan or one dataset. */
export const mostSidecar: number = 1 << 24;

/** What the system's error codes mean to a person, and what can be done. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder, and a file is needed',
  EACCES: 'permission denied: check who may read it',
  EPERM: 'permission denied: check who may read it',
  EMFILE: 'too many files are open',
};

/** The error for a file that cannot be read, from what the file system said. */
export function unreadableFile(path: string, cause: unknown): ConcordError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new ConcordError('unreadable-file', `cannot read ${path}: ${reason}`, {
    where: { file: path },
    cause,
  });
}

/**
 * The size of a file in bytes.
 *
 * @throws ConcordError `unreadable-file` when there is no such file or it is a folder.
 */
export async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (found.isDirectory()) {
    throw unreadableFile(path, Object.assign(new Error('folder'), { code: 'EISDIR' }));
  }
  return found.size;
}

/**
 * Reads a text file in UTF-8, with or without a byte order mark.
 *
 * @throws ConcordError `unreadable-file` when it cannot be read or is not UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConcordError('unreadable-file', `cannot read ${path}: it is not text in UTF-8`, {
      where: { file: path },
      cause,
    });
  }
}

/**
 * Reads a JSON file. What it holds is for the caller to check.
 *
 * @throws ConcordError `unreadable-file` when it cannot be read; `malformed-model`, or the code in
 * `options.malformed`, when it is not valid JSON, larger than allowed or nested too deeply.
 */
export async function readJsonFile(path: string, options: ReadJsonOptions = {}): Promise<unknown> {
  const { malformed = 'malformed-model', most = 1 << 27 } = options;
  const refuse = (why: string): never => {
    throw new ConcordError(malformed, `invalid JSON in ${path}: ${why}`, { where: { file: path } });
  };
  const size = await fileSize(path);
  if (size > most) refuse(`it has ${size} bytes, and at most ${most} are read (it is another kind of file)`);
  const text = await readTextFile(path);
  if (isTooDeep(text)) {
    refuse(`more than ${deepestJson} lists and objects are within each other (the file is damaged)`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // The parser quotes the file, line breaks and all.
    const said = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
    throw new ConcordError(
      malformed,
      `invalid JSON in ${path}: ${said} (the file is damaged or not a JSON file)`,
      { where: { file: path }, cause },
    );
  }
}

/**
 * Reads a file that came with an installed package, such as a script to be put into a page: as bytes, so that what is
 * packed does not become text in between.
 *
 * @param resolvedPath - where it is, for example from `require.resolve`
 * @throws ConcordError `unreadable-file` when it cannot be read.
 */
export function readAsset(resolvedPath: string): Buffer {
  try {
    return readFileSync(resolvedPath);
  } catch (cause) {
    throw unreadableFile(resolvedPath, cause);
  }
}
