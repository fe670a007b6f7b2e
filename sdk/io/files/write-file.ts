import { access, link, rename, rm, writeFile } from 'node:fs/promises';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { removeLeftFiles, temporaryBeside } from './temporary-names';

/** Options of everything that writes a file. */
export interface WriteFileOptions {
  /**
   * Replace a file that is already there.
   *
   * @defaultValue `false`
   */
  readonly overwrite?: boolean;
}

/**
 * Writes a file whole or not at all: under a temporary name in the same folder, then renamed. A failure leaves
 * neither a half-written file nor the temporary one.
 *
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `unwritable-file` otherwise.
 */
export async function writeFileSafely(
  path: string,
  contents: string | Uint8Array,
  options: WriteFileOptions = {},
): Promise<void> {
  await writeSafely(path, (temporary) => writeFile(temporary, contents, { flag: 'wx' }), options);
}

/**
 * Lets `write` fill a temporary file, then puts that in the place of `path`.
 *
 * @param write - writes to the path it is given; what it throws is passed on
 * @throws ConcordError `file-exists` or `unwritable-file`.
 */
export async function writeSafely(
  path: string,
  write: (temporary: string) => Promise<void>,
  options: WriteFileOptions = {},
): Promise<void> {
  const overwrite = options.overwrite ?? false;
  if (!overwrite) await requireAbsent(path);
  await removeLeftFiles(path);
  const temporary = await temporaryBeside(path);
  try {
    await write(temporary);
    await (overwrite ? rename(temporary, path) : renameToNew(temporary, path));
  } catch (cause) {
    throw namingFile(path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What to throw when a file cannot be written: an error that names it, not the temporary name that it had. */
function namingFile(path: string, cause: unknown): ConcordError {
  if (!(cause instanceof ConcordError)) return unwritableFile(path, cause);
  return cause.code === 'unwritable-file' ? unwritableFile(path, cause.cause) : cause;
}

/**
 * Checks that nothing is at `path`, so that long work is not done for a file that may not be written.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireAbsent(path: string): Promise<void> {
  if (await isThere(path)) throw fileExists(path);
}

/** Whether there is a file or a folder at `path`. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Renames without replacing, even when another process makes the file in between: a hard link cannot replace. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'EEXIST') throw fileExists(path);
    // Some file systems (FAT, some network mounts) have no hard links.
    await requireAbsent(path);
    await rename(temporary, path);
  }
}

function fileExists(path: string): ConcordError {
  return new ConcordError('file-exists', `file exists: ${path}`, {
    where: { file: path },
    remedy: advise`choose another name, or allow it to be replaced with ${option('overwrite', true)}`,
  });
}

/** What the system's error codes mean to a person, and what can be done. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist: make it first',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'a folder of that name is there',
  EEXIST: 'a file of that name is there, and a folder is needed',
  EACCES: 'permission denied: check who may write there',
  EPERM: 'permission denied: check who may write there',
  EROFS: 'the disk is mounted read-only: choose a folder on another, or have it mounted for writing',
  ENOSPC: 'the disk is full: make room, or choose a folder on another',
  EDQUOT: 'your disk quota is used up: make room, or choose a folder on another disk',
};

/** The error for a file or folder that cannot be written, from what the file system said. */
export function unwritableFile(path: string, cause: unknown): ConcordError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new ConcordError('unwritable-file', `cannot write ${path}: ${reason}`, {
    where: { file: path },
    cause,
  });
}
