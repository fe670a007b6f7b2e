import { mkdir, readFile, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { makeFolder } from '../../io/files/make-folder';
import { isThere, unwritableFile } from '../../io/files/write-file';
import { homeFolder } from '../../own-folders';

/** Where a TensorFlow in the cache came from. */
export type TensorflowSource = 'prebuilt' | 'python' | 'wheel';

/**
 * A TensorFlow in the cache, laid out as the npm package wants it: `deps/include`, `deps/lib`, and the compiled
 * bindings in `binding-<version of the package>-<ours>/napi-v8`.
 */
export interface CacheEntry {
  readonly folder: string;
  readonly tensorflow: string;
  readonly source: TensorflowSource;
  readonly cuda: boolean;
}

/**
 * The folder that keeps what was fetched and compiled, so that it outlasts `node_modules`:
 * `$CONCORD_TENSORFLOW_CACHE`, else `concord/tensorflow` in the user's cache folder.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env['CONCORD_TENSORFLOW_CACHE'];
  if (own !== undefined && own !== '') return resolve(own);
  const caches = env['XDG_CACHE_HOME'];
  const base = caches === undefined || caches === '' ? join(homeFolder(), '.cache') : caches;
  return join(base, 'concord', 'tensorflow');
}

/** The file that makes a folder of the cache a complete entry. */
const mark = 'entry.json';

/** The complete entries of a cache. */
export async function cacheEntries(cache: string): Promise<readonly CacheEntry[]> {
  const names = await readdir(cache).catch(() => []);
  const entries = await Promise.all(
    names.filter((name) => !name.includes('.part-')).map((name) => entryAt(join(cache, name))),
  );
  return entries.flatMap((entry) => (entry === undefined ? [] : [entry]));
}

/** The complete entry in a folder, if there is one. */
export async function entryAt(folder: string): Promise<CacheEntry | undefined> {
  const words = await readFile(join(folder, mark), 'utf8').then(recordIn, () => undefined);
  const { tensorflow, source, cuda } = words ?? {};
  // A mark that was cut short or overwritten says nothing of what is beside it.
  if (typeof tensorflow !== 'string' || typeof cuda !== 'boolean' || !isSource(source)) return undefined;
  return { folder, tensorflow, source, cuda };
}

function recordIn(text: string): Partial<Record<keyof CacheEntry, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSource(value: unknown): value is TensorflowSource {
  return value === 'prebuilt' || value === 'python' || value === 'wheel';
}

/** Whether a folder was an entry once, whole or not. */
export async function wasEntry(folder: string): Promise<boolean> {
  return isThere(join(folder, mark));
}

/** Makes an entry: `fill` puts `deps` (and, where it has them, bindings) into the folder it is given. */
export async function makeEntry(
  entry: CacheEntry,
  fill: (folder: string) => Promise<void>,
): Promise<CacheEntry> {
  const { folder, ...words } = entry;
  // What is there without the mark is not an entry of ours, or not a whole one.
  if ((await entryAt(folder)) === undefined) await rm(folder, { recursive: true, force: true });
  await inParts(folder, async (part) => {
    await fill(part);
    await writeFile(join(part, mark), `${JSON.stringify(words)}\n`);
  });
  return entry;
}

/**
 * Makes a folder whole or not at all: under a temporary name beside it, then renamed. What earlier runs left under
 * temporary names is removed.
 *
 * @throws ConcordError `unwritable-file`, and what `fill` throws.
 */
export async function inParts(target: string, fill: (part: string) => Promise<void>): Promise<void> {
  const place = dirname(target);
  const name = basename(target);
  const part = join(place, `${name}.part-${process.pid}`);
  await makeFolder(place);
  try {
    await dropLeftovers(place);
    await mkdir(part);
  } catch (cause) {
    throw unwritableFile(part, cause);
  }
  try {
    await fill(part);
    // Another run may have been faster: what it made is as good.
    if (!(await isThere(target))) await rename(part, target);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Removes what runs that were killed have left in a folder under temporary names. */
export async function dropLeftovers(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const pid = Number(/\.part-(\d+)$/.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    // A program that the killed run had started may still be writing there: the next run gets the rest.
    await rm(join(place, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

/**
 * Checks that a folder's disk has room.
 *
 * @throws ConcordError `unavailable-backend`; `unwritable-file` where the folder cannot be made.
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  await makeFolder(folder);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw tensorflowUnavailable(
    `the disk of ${folder} has ${inUnits(bavail * bsize)} left and ${inUnits(bytes)} are needed (make room, or ` +
      'name a folder on another disk in the environment variable CONCORD_TENSORFLOW_CACHE)',
  );
}

/** A number of bytes as people read it. */
export function inUnits(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

/** How many bytes the files of a folder take, links left aside. */
export async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) =>
      stat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}
