import { randomUUID } from 'node:crypto';
import { link, open, readFile, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConcordError } from '../../errors';
import { unwritableFile } from './write-file';
import type { ProcessIdentity } from './process-identity';
import { isRunning, thisProcess } from './process-identity';

/** The name of the lock inside the folder, and the start of its temporary names. */
const lockFile = '.lock';

/** The right of one run to write into a folder. */
export interface FolderLock {
  /**
   * Checks that it still holds: a machine that slept may find that another run continued without it.
   *
   * @throws ConcordError `in-use`.
   */
  check(): Promise<void>;
  /** Frees the folder. Harmless when it is free already. */
  release(): Promise<void>;
}

/** Options of {@link lockFolder}. */
export interface FolderLockOptions {
  /**
   * Seconds without a sign of life after which a holder on another machine is taken for dead. Whether a holder on this
   * machine lives is known at once, from its process.
   *
   * @defaultValue `120`
   */
  readonly deadAfter?: number;
  /**
   * Seconds between two signs of life.
   *
   * @defaultValue `10`
   */
  readonly pulse?: number;
}

/** Who holds a lock, as it is in the lock's file. */
interface Holder extends ProcessIdentity {
  readonly id: string;
  /** When the lock was taken, as ISO 8601. */
  readonly since: string;
}

/**
 * Takes the right to write into a folder. A process that dies, by `kill -9` too, leaves no lock that counts.
 *
 * @throws ConcordError `in-use` when another run has it; `unwritable-file`.
 */
export async function lockFolder(folder: string, options: FolderLockOptions = {}): Promise<FolderLock> {
  const { deadAfter = 120, pulse = 10 } = options;
  const path = join(folder, lockFile);
  const holder: Holder = { ...(await thisProcess()), id: randomUUID(), since: new Date().toISOString() };
  try {
    for (let tries = 0; !(await placeLock(path, holder)); tries++) {
      await requireDead(folder, holder, deadAfter);
      if (tries >= 20) throw inUse(folder, 'other runs keep taking it', 'try again');
    }
    return heldLock(folder, holder, pulse);
  } catch (cause) {
    throw cause instanceof ConcordError ? cause : unwritableFile(path, cause);
  }
}

function heldLock(folder: string, holder: Holder, pulse: number): FolderLock {
  const path = join(folder, lockFile);
  const timer = setInterval(() => void giveSign(path, holder).catch(() => undefined), pulse * 1000);
  // A process that has nothing else to do may end.
  timer.unref();
  return {
    check: async () => {
      const found = await readHolder(path);
      if (found?.id === holder.id) return;
      // Somebody may have tidied up; a run that continues is not stopped for that.
      if (found === undefined && (await placeLock(path, holder))) return;
      const other = found === undefined ? 'another run' : nameOf(found, holder);
      throw inUse(folder, `${other} took it over`, 'stop one of the two');
    },
    release: async () => {
      clearInterval(timer);
      if ((await readHolder(path))?.id === holder.id) await unlink(path).catch(() => undefined);
    },
  };
}

/** Writes the first byte of the lock again, so that the file's time says that its holder lives. */
async function giveSign(path: string, { id }: Holder): Promise<void> {
  if ((await readHolder(path))?.id !== id) return;
  const file = await open(path, 'r+');
  try {
    await file.write('{', 0);
  } finally {
    await file.close();
  }
}

/**
 * Makes the lock's file, complete from the first moment, unless there is one.
 *
 * @returns whether it was made
 */
async function placeLock(path: string, holder: Holder): Promise<boolean> {
  const own = `${path}.${holder.id}`;
  const text = `${JSON.stringify(holder)}\n`;
  try {
    await writeFile(own, text, { flag: 'wx' });
    await link(own, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Over a network, a link whose answer was lost is made, asked for again, and then there already: by ourselves.
    if (code === 'EEXIST') return (await readHolder(path))?.id === holder.id;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(String(code))) throw cause;
    // Some file systems (FAT, some network mounts) have no hard links.
    return writeFile(path, text, { flag: 'wx' }).then(
      () => true,
      (second: NodeJS.ErrnoException) => {
        if (second.code === 'EEXIST') return false;
        throw second;
      },
    );
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Removes the lock of a holder that is dead.
 *
 * @throws ConcordError `in-use` when it lives, or may live.
 */
async function requireDead(folder: string, own: Holder, deadAfter: number): Promise<void> {
  const path = join(folder, lockFile);
  const silent = await secondsSilent(path);
  const holder = await readHolder(path);
  if (silent === undefined) return;
  if (holder === undefined) {
    // Half written, which takes a moment and no more, or gone by now.
    if (silent < 2) await wait(100);
    else await removeLock(path, undefined);
    return;
  }
  const running = await isRunning(holder);
  if (running === true)
    throw inUse(folder, `${nameOf(holder, own)} writes there`, 'wait for it, or choose another folder');
  if (running === undefined && silent < deadAfter) {
    const left = Math.ceil(deadAfter - silent);
    throw inUse(folder, `${nameOf(holder, own)} writes there`, `if that run is dead, try again in ${left} s`);
  }
  await removeLock(path, holder.id);
}

/** Seconds since the last sign of life; `undefined` when there is no lock. */
async function secondsSilent(path: string): Promise<number | undefined> {
  const probe = `${path}.${randomUUID()}`;
  try {
    // By the clock of the file system, which may be on another machine than this one.
    await writeFile(probe, '');
    const [now, then] = await Promise.all([stat(probe), stat(path).catch(() => undefined)]);
    return then === undefined ? undefined : (now.mtimeMs - then.mtimeMs) / 1000;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Removes the lock of that holder and no other's: two runs may be about to do so at once. */
async function removeLock(path: string, id: string | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    // When another run was quicker, this is its lock.
    if ((await readHolder(aside))?.id !== id) await link(aside, path);
  } catch (cause) {
    if (!['ENOENT', 'EEXIST'].includes(String((cause as NodeJS.ErrnoException).code))) throw cause;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder> | null;
    const whole = typeof found?.pid === 'number' && typeof found.id === 'string';
    return whole ? ({ host: '', place: '', started: '', since: '', ...found } as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf({ pid, host, place, since }: Holder, own: Holder): string {
  const isOwn = pid === own.pid && place === own.place;
  return `${isOwn ? 'another run in this process' : `process ${pid} on ${host}`} (since ${since})`;
}

function inUse(folder: string, why: string, remedy: string): ConcordError {
  return new ConcordError('in-use', `folder in use: ${folder}: ${why} (${remedy})`, {
    where: { file: folder },
  });
}

/** Removes what runs that were killed while they took the lock of the folder left in it. */
export async function removeDeadLocks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${lockFile}.`)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > 3_600_000) await rm(path, { force: true });
  }
}
