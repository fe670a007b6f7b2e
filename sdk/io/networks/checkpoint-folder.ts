import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, CheckpointStore, FoundCheckpoint } from '../../data/networks/checkpoint';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { requireCount } from '../../data/require-count';
import { ConcordError } from '../../errors';
import { makeFolder } from '../files/make-folder';
import { isThere } from '../files/write-file';
import { checkpointFiles, readCheckpoint, writeCheckpoint } from './checkpoint-files';
import { entriesOf, removeFolderOf, syncFolder } from './folder-entries';
import type { FolderLock } from '../files/folder-lock';
import { lockFolder, removeDeadLocks } from '../files/folder-lock';
import { unwritableFolder } from './replace-folder';
import { NewerFormatError } from './sealed-record';
import { advise } from '../../remedy';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link checkpointFolder}. */
export interface CheckpointFolderOptions {
  /**
   * How many checkpoints stay: more than one, so that one remains when the newest is damaged.
   *
   * @defaultValue `2`
   */
  readonly keep?: number;
}

/** A store of checkpoints in a folder, see {@link checkpointFolder}. */
export type CheckpointFolder = Required<CheckpointStore>;

/** A checkpoint's folder: `step-00000500`, or `step-00000500.2` when that step was kept again. */
interface Kept {
  readonly name: string;
  readonly step: number;
  readonly edition: number;
}

/** Names in the folder that are the store's own besides {@link Kept}: unfinished checkpoints, locks, probes. */
const ownName = /^\.(step-\d{8,}(\.\d+)?\.[0-9a-f-]{36}\.tmp|lock(\..+)?|concord-.{6}|nfs.+)$/;

/**
 * Keeps the checkpoints of a training run in a folder, one folder each: `step-00000500/state.json` and
 * `weights.safetensors`. Each is written under a temporary name and renamed when it is on the disk, so that a run that is
 * killed at any moment loses no more than what it did since the last one. One run at a time writes there.
 *
 * @param path - a folder for checkpoints only; it is made when it is not there
 * @throws ConcordError `invalid-option`.
 */
export function checkpointFolder(path: string, options: CheckpointFolderOptions = {}): CheckpointFolder {
  requirePath('networks.checkpointFolder', path);
  requireCall('networks.checkpointFolder', { path, options });
  const { keep = 2 } = options;
  requireCount('keep', keep);
  let lock: Promise<FolderLock> | undefined;
  const opened = (): Promise<FolderLock> => {
    lock ??= takePlace(path).catch((cause: unknown) => {
      lock = undefined;
      throw cause;
    });
    return lock;
  };
  // Checkpoints that were passed over: they may go once there is a newer whole one.
  const damaged = new Set<string>();
  return {
    name: path,
    open: async () => {
      // Two runs with the same store in one process are as much in each other's way as two processes are.
      if (lock !== undefined) {
        throw new ConcordError('in-use', `folder in use: ${path}: another run of this process has it`, {
          where: { file: path },
          remedy: advise`choose another folder, or wait until it ends`,
        });
      }
      await opened();
    },
    latest: () => newestWhole(path, damaged),
    save: async (checkpoint) => {
      const held = await opened();
      if (!(await isThere(path))) await makeFolder(path);
      await held.check();
      await saveCheckpoint(path, checkpoint, damaged);
      await prune(path, keep, { newest: checkpoint.step, damaged });
    },
    close: async () => {
      const held = lock;
      lock = undefined;
      await (await held)?.release();
    },
  };
}

async function takePlace(path: string): Promise<FolderLock> {
  await listKept(path);
  await makeFolder(path);
  const lock = await lockFolder(path);
  try {
    // What runs left that were killed while they wrote or removed a checkpoint.
    for (const name of (await entriesOf(path)) ?? []) {
      if (name.startsWith('.step-')) await removeFolderOf(join(path, name), checkpointFiles);
    }
    await removeDeadLocks(path);
  } catch (cause) {
    await lock.release();
    throw cause;
  }
  return lock;
}

async function newestWhole(path: string, damaged: Set<string>): Promise<FoundCheckpoint | undefined> {
  const issues: Issue[] = [];
  const kept = await listKept(path);
  for (const { name } of kept) {
    const folder = join(path, name);
    try {
      return { ...(await readCheckpoint(folder)), issues };
    } catch (cause) {
      // A run that is at work has newer ones by now.
      if (!(await isThere(folder))) return newestWhole(path, damaged);
      if (!isDamage(cause)) throw cause;
      damaged.add(name);
      issues.push(
        makeIssue(
          'damaged-checkpoint',
          `${name} is passed over: ${cause.problem}`,
          { file: folder },
          cause.remedy,
        ),
      );
    }
  }
  if (issues.length === 0) return undefined;
  throw new ConcordError(
    'malformed-model',
    `no checkpoint in ${path} can be read: ${issues[0].message} (choose another folder to begin anew)`,
    { where: { file: path } },
  );
}

/** Whether an error means damage: what is of a newer version, or may not be read here, can be whole. */
function isDamage(cause: unknown): cause is ConcordError {
  if (!(cause instanceof ConcordError) || cause.cause instanceof NewerFormatError) return false;
  return cause.code === 'malformed-model' || cause.code === 'unsupported-format';
}

async function saveCheckpoint(
  path: string,
  checkpoint: Checkpoint,
  damaged: ReadonlySet<string>,
): Promise<void> {
  const { step } = checkpoint;
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new ConcordError('invalid-option', `invalid step: ${step} (a whole number from 0)`);
  }
  const kept = await listKept(path);
  const ahead = kept.find((other) => other.step > step && !damaged.has(other.name));
  if (ahead !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `cannot keep step ${step} in ${path}: step ${ahead.step} is there (continue from it, or choose another folder)`,
      { where: { file: path } },
    );
  }
  // What is there is never replaced, not even for a moment: a second edition is beside it.
  const edition =
    Math.max(0, ...kept.filter((other) => other.step === step).map((other) => other.edition)) + 1;
  const base = `step-${String(step).padStart(8, '0')}`;
  const name = edition === 1 ? base : `${base}.${edition}`;
  const temporary = temporaryName(path, name);
  try {
    await writeCheckpoint(temporary, checkpoint);
    await rename(temporary, join(path, name));
    await syncFolder(path);
  } catch (cause) {
    throw unwritableFolder(path, cause);
  } finally {
    await removeFolderOf(temporary, checkpointFiles);
  }
}

/** Removes the checkpoints that newer ones replace: damaged ones, earlier editions, all but the newest few. */
async function prune(
  path: string,
  keep: number,
  { newest, damaged }: { readonly newest: number; readonly damaged: Set<string> },
): Promise<void> {
  const kept = await listKept(path);
  const whole = kept
    .filter(({ name, step }) => step <= newest && !damaged.has(name))
    .filter(({ step }, i, all) => all[i - 1]?.step !== step);
  const staying = new Set(whole.slice(0, keep).map(({ name }) => name));
  for (const { name } of kept) {
    if (staying.has(name)) continue;
    // Under a temporary name first: half removed it would look damaged.
    const temporary = temporaryName(path, name);
    await rename(join(path, name), temporary).catch(() => undefined);
    await removeFolderOf(temporary, checkpointFiles);
    damaged.delete(name);
  }
}

/**
 * The checkpoints in a folder, newest first.
 *
 * @throws ConcordError `invalid-option` when it holds anything else; `unreadable-file`.
 */
async function listKept(path: string): Promise<readonly Kept[]> {
  const names = (await entriesOf(path)) ?? [];
  const kept = names.map(keptOf).filter((found) => found !== undefined);
  const others = names.filter((name) => keptOf(name) === undefined && !ownName.test(name));
  if (others.length > 0) {
    throw new ConcordError(
      'invalid-option',
      `cannot keep checkpoints in ${path}: it holds ${listNames(others)} (choose a folder for checkpoints only)`,
      { where: { file: path } },
    );
  }
  return kept.sort((one, other) => other.step - one.step || other.edition - one.edition);
}

function keptOf(name: string): Kept | undefined {
  const [, step, edition = '1'] = /^step-(\d{8,15})(?:\.(\d{1,9}))?$/.exec(name) ?? [];
  return step === undefined ? undefined : { name, step: Number(step), edition: Number(edition) };
}

function temporaryName(path: string, name: string): string {
  return join(path, `.${name}.${randomUUID()}.tmp`);
}
