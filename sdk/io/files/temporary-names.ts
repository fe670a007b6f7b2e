import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { hasNumber, startOf, thisProcess } from './process-identity';

/**
 * Makes an id that distinguishes one unfinished file or folder from another, and says whose it is: in the form of a UUID,
 * the number of this process (8 digits), its machine (8), its start (4) and 12 random digits. Later runs see from it
 * whether the process is still running.
 */
export async function temporaryId(): Promise<string> {
  const { pid, place, started } = await thisProcess();
  const digits = [pid.toString(16).padStart(8, '0'), mark(place, 8), mark(started, 4)].join('');
  const all = digits + randomBytes(6).toString('hex');
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join('-');
}

/** A new name beside a file or folder, under which it is made until it is whole. */
export async function temporaryBeside(path: string): Promise<string> {
  return join(dirname(path), `.${basename(path)}.${await temporaryId()}.tmp`);
}

/**
 * Whether the process that made an unfinished file has ended; `undefined` where that cannot be known, as for processes of
 * other machines.
 */
export async function hasEnded(id: string): Promise<boolean | undefined> {
  const own = await thisProcess();
  const digits = id.replaceAll('-', '');
  if (digits.length !== 32 || digits.slice(8, 16) !== mark(own.place, 8)) return undefined;
  const pid = parseInt(digits.slice(0, 8), 16);
  if (pid === own.pid) return digits.slice(16, 20) !== mark(own.started, 4);
  const started = await startOf(pid);
  // Where the system does not say when a process started, any process of that number may be the one.
  if (started === undefined) return hasNumber(pid) ? undefined : true;
  return mark(started, 4) !== digits.slice(16, 20);
}

function mark(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** How long something unfinished, whose maker cannot be asked for, must be untouched before it is taken for left. */
const longLeft = 24 * 3_600_000;

/** The folders that this process has tidied already: one look is enough for what earlier runs left. */
const tidied = new Set<string>();

/**
 * Removes the unfinished files that killed runs left in a folder: those whose process has ended. A file of the name that
 * is about to be written goes also when nothing is known of its maker and it was not touched for a day.
 *
 * @param path - what is to be written; its folder is looked through once per process
 */
export async function removeLeftFiles(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  if (tidied.has(folder)) return;
  tidied.add(folder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, made, id] = /^\.(.+)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.tmp$/.exec(name) ?? [];
    if (made === undefined || id === undefined) continue;
    const full = join(folder, name);
    // Folders are removed by those who make them.
    const found = await stat(full).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    const ended = await hasEnded(id);
    const isLong = made === basename(path) && Date.now() - found.mtimeMs > longLeft;
    if (ended === true || (ended === undefined && isLong))
      await rm(full, { force: true }).catch(() => undefined);
  }
}
