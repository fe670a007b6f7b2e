import { setTimeout as wait } from 'node:timers/promises';
import { throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { lockFolder, removeDeadLocks } from './folder-lock';

/** Options of {@link takingTurns}. */
export interface TakingTurnsOptions {
  readonly signal?: AbortSignal;
  /**
   * Seconds to wait for runs that live.
   *
   * @defaultValue `600`
   */
  readonly patience?: number;
}

/**
 * Does short work on files that several runs share, while no other does: each reads what is there, adds its own, and puts
 * the whole in its place, so that what two did at once would lose what one of them added. A run that died is not waited for.
 * `proper-lockfile` was declined: it knows a dead holder by the age of a folder only, for lack of who it was.
 *
 * @throws ConcordError `in-use` when others have the folder for longer than `patience`; `unwritable-file`; `aborted`; and
 * what the work throws.
 */
export async function takingTurns<Result>(
  folder: string,
  work: () => Promise<Result>,
  { signal, patience = 600 }: TakingTurnsOptions = {},
): Promise<Result> {
  const last = performance.now() + 1000 * patience;
  for (;;) {
    throwIfAborted(signal);
    const lock = await lockFolder(folder).catch((error: unknown) => {
      const waits = error instanceof ConcordError && error.code === 'in-use' && performance.now() < last;
      if (!waits) throw error;
    });
    if (lock === undefined) {
      // Runs that began together are not to ask together for ever.
      await wait(20 + 80 * Math.random());
      continue;
    }
    try {
      await removeDeadLocks(folder);
      await lock.check();
      return await work();
    } finally {
      await lock.release();
    }
  }
}
