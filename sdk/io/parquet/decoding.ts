import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { requireThread } from '../../address-space';
import { throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { threadProgram } from '../files/thread-program';
import { damagedParquet } from './damaged-parquet';
import type { DecodingNews, DecodingTask } from './decode-parquet';
import type { ThreadNews } from './decoding-thread';

/** Options of {@link decoding}. */
export interface DecodingOptions {
  readonly signal?: AbortSignal;
  /**
   * Seconds of work without a sign of life after which the decoder is stopped; one more is added for each megabyte of the
   * largest column of a row group.
   *
   * @defaultValue `60`
   */
  readonly patience?: number;
  /** The program of the thread, for tests. */
  readonly program?: string;
}

/**
 * Decodes a Parquet file in a thread of its own, which can be stopped: by the caller's signal at once, and when it does
 * not come back. A decoder is one call that nothing else can interrupt, and a damaged file can keep it for hours.
 *
 * @returns the messages of the thread, one row group whenever the caller asks for the next
 * @throws ConcordError `aborted`; `out-of-memory` where there is no room for a thread; `malformed-table` when the decoder
 * does not come back or takes all memory; and those of the thread.
 */
export async function* decoding(
  task: DecodingTask,
  options: DecodingOptions = {},
): AsyncGenerator<Exclude<DecodingNews, { kind: 'alive' | 'end' }>> {
  const { signal, program = join(__dirname, `decoding-thread${extname(__filename)}`) } = options;
  throwIfAborted(signal);
  requireThread(`reading ${task.path}`);
  const worker = new Worker(threadProgram(program), { eval: true, workerData: task });
  const inbox = threadInbox(worker, task, options);
  try {
    for (;;) {
      const news = await inbox.next();
      if (news.kind === 'end') return;
      if (news.kind === 'error') {
        const { code = 'malformed-table', problem, remedy, where } = news;
        throw new ConcordError(code, problem, { where, remedy });
      }
      if (news.kind === 'alive') continue;
      yield news;
      if (news.kind === 'plan') return;
      worker.postMessage('next');
    }
  } finally {
    inbox.close();
    await worker.terminate();
  }
}

/** The messages of a thread one by one, and whatever else ends the wait for the next. */
function threadInbox(
  worker: Worker,
  { path, plan }: DecodingTask,
  { signal, patience = 60 }: DecodingOptions,
): { next(): Promise<ThreadNews>; close(): void } {
  const waiting: ThreadNews[] = [];
  let wake: (() => void) | undefined;
  let failure: Error | undefined;
  let silent = 0;
  const chunks = plan?.groups.flatMap((group) => group.chunks) ?? [];
  const limit = patience + chunks.reduce((most, { bytes }) => Math.max(most, bytes), 0) / 2 ** 20;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  const fail = (error: Error): void => {
    failure ??= error;
    notify();
  };
  // Counted in ticks: while a computer sleeps, or a caller does something else, no time passes here.
  const timer = setInterval(() => {
    if (wake === undefined) silent = 0;
    else if (++silent >= 10 * limit) {
      fail(damagedParquet(path, `its decoder was stopped after ${Math.round(limit)} s without a result`));
    }
  }, 100);
  const onAbort = (): void =>
    fail(new ConcordError('aborted', 'the work was canceled', { cause: signal?.reason }));
  signal?.addEventListener('abort', onAbort);
  worker.on('message', (news: ThreadNews) => {
    silent = 0;
    waiting.push(news);
    notify();
  });
  worker.on('error', (cause: Error) => {
    const isFull = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const what = 'its decoder took all memory (if the file is whole, write it in smaller row groups)';
    // All else that is wrong with a file, the thread says itself.
    fail(isFull ? damagedParquet(path, what, cause) : cause);
  });
  worker.on('exit', (code) => fail(damagedParquet(path, `its decoder ended early (${code})`)));
  return {
    async next() {
      while (waiting.length === 0 && failure === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (failure !== undefined) throw failure;
      return waiting.shift() as ThreadNews;
    },
    close() {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
