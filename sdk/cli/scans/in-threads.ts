import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { UnfinishedScan, WrittenScans } from '../../io/bids/written/write-scans';
import { writeScans } from '../../io/bids/written/write-scans';
import type { PostedError } from '../../io/files/posted-error';
import { threadProgram } from '../../io/files/thread-program';
import { advise, option } from '../../remedy';
import type { ScanThreadNews, ThreadOrder, ThreadStart } from './scan-thread';
import type { ThreadTask } from './thread-task';

/**
 * Writes the scans of a dataset in threads, each of which makes one after the other, as a thread alone would: the files have
 * the same bytes.
 *
 * @param count - how many threads
 */
export function inThreads(task: ThreadTask, count: number): typeof writeScans {
  return async (cohort, todo, into) => {
    if (Math.min(count, todo.length) < 2) return writeScans(cohort, todo, into);
    const {
      root,
      options: { signal, onProgress },
    } = into;
    throwIfAborted(signal);
    const report = progressReporter('writing scans', todo.length, { onProgress });
    const made: WrittenScans[] = [];
    let finished = 0;
    const queue = todo.entries();
    const failed = new AbortController();
    const threads = Array.from({ length: Math.min(count, todo.length) }, () => {
      const next = (): readonly [number, UnfinishedScan] | undefined => queue.next().value;
      const keep = (at: number, written: WrittenScans): void => {
        made[at] = written;
        report(++finished);
      };
      return oneThread({ task, root }, { next, keep, signals: [failed.signal, signal] });
    });
    const fail = (error: unknown): void => failed.abort(error);
    for (const thread of threads) thread.catch(fail);
    await Promise.allSettled(threads);
    throwIfAborted(signal);
    if (failed.signal.aborted) throw failed.signal.reason;
    return {
      done: made.flatMap(({ done }, at) => (done.length === 0 ? [] : [at])),
      issues: made.map(({ issues }) => issues.flat()),
      files: made.flatMap(({ files }) => files),
    };
  };
}

interface ThreadWork {
  /** The next scan that no thread has, with its number; `undefined` when there is none. */
  readonly next: () => readonly [number, UnfinishedScan] | undefined;
  readonly keep: (at: number, written: WrittenScans) => void;
  /** Any of them ends the thread, once it has come to a place where nothing is half done. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Has a thread make scans until there are none left. */
function oneThread(start: ThreadStart, { next, keep, signals }: ThreadWork): Promise<void> {
  const program = join(__dirname, `scan-thread${extname(__filename)}`);
  const thread = new Worker(threadProgram(program), { eval: true, workerData: start });
  const order = (given: ThreadOrder): void => thread.postMessage(given);
  const stop = (): void => order('stop');
  for (const signal of signals) signal?.addEventListener('abort', stop);
  const ended = new Promise<void>((resolve, reject) => {
    let current: number | undefined;
    thread.on('message', (news: ScanThreadNews) => {
      if (news.kind === 'error') return reject(errorOf(news));
      if (current !== undefined && news.written !== undefined) keep(current, news.written);
      const free = signals.some((signal) => signal?.aborted) ? undefined : next();
      if (free === undefined) return resolve();
      const [at, { plan, recipe }] = free;
      current = at;
      order({ row: plan.row, id: plan.scan.id, recipe });
    });
    thread.on('error', (cause) => reject(brokenThread(cause)));
    thread.on('exit', () => reject(brokenThread(undefined)));
  });
  return ended.finally(async () => {
    for (const signal of signals) signal?.removeEventListener('abort', stop);
    await thread.terminate();
  });
}

function errorOf({ code, problem, remedy, where, stack }: PostedError): Error {
  return code === undefined
    ? new Error(stack ?? problem)
    : new ConcordError(code, problem, { remedy, where });
}

function brokenThread(cause: unknown): ConcordError {
  const why = cause instanceof Error ? cause.message : 'it ended';
  return new ConcordError('out-of-memory', `a thread that made scans broke down: ${why}`, {
    cause,
    remedy: advise`make fewer scans at once with ${option('threads', 1)}`,
  });
}
