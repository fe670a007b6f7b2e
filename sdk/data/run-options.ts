import { ConcordError } from '../errors';

/** How far a long piece of work has come. */
export interface Progress {
  /** What is being done, in a few words. */
  readonly label: string;
  /** Units of work finished so far, from 0 to `total`. */
  readonly done: number;
  /** Units of work in all. */
  readonly total: number;
  /** Estimated seconds until the end, when an estimate can be made. */
  readonly secondsLeft?: number;
}

/** Options that every long-running call takes. */
export interface RunOptions {
  /** Cancels the work: the call rejects with a `ConcordError` of code `aborted`. */
  readonly signal?: AbortSignal;
  /** Called now and then with the progress made. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Lets the event loop run once, so that timers, signals and progress bars get their turn.
 *
 * @throws ConcordError `aborted` when `signal` has fired.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => setImmediate(resolve));
  throwIfAborted(signal);
}

/**
 * Throws when the caller has canceled.
 *
 * @throws ConcordError `aborted` when `signal` has fired.
 */
export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted === true) {
    throw new ConcordError('aborted', 'the work was canceled', { cause: signal.reason });
  }
}

/** Makes a reporter that turns counts of finished work into {@link Progress} with an estimate of time left. */
export function progressReporter(label: string, total: number, options: RunOptions): (done: number) => void {
  const started = performance.now();
  return (done: number): void => {
    if (options.onProgress === undefined) return;
    const elapsed = (performance.now() - started) / 1000;
    const secondsLeft = done > 0 ? (elapsed / done) * (total - done) : undefined;
    options.onProgress({ label, done, total, secondsLeft });
  };
}
