import type { RunOptions } from './run-options';

/** Deals one total of progress out to the parts of a piece of work. */
export interface SharedProgress {
  /** The options of the next part, which is so much of the whole; what came before is done. */
  next(weight: number): RunOptions;
  /** Says that all is done. */
  finish(): void;
}

/**
 * Makes one total, with the time left, of the progress of several parts, each of which counts for itself, some several
 * times from the beginning.
 *
 * @param label - what the whole is called; without it, each part has its own label
 * @param total - the sum of the weights of all parts
 */
export function sharedProgress(
  label: string | undefined,
  total: number,
  options: RunOptions,
): SharedProgress {
  const { signal, onProgress } = options;
  const started = performance.now();
  let before = 0;
  let weight = 0;
  let share = 0;
  let ofPart = 'preparing';
  const say = (): void => {
    const done = Math.min(total, before + weight * share);
    const elapsed = (performance.now() - started) / 1000;
    const secondsLeft = done > 0 ? (elapsed / done) * (total - done) : undefined;
    // Counts are whole numbers for whoever reads them.
    onProgress?.({ label: label ?? ofPart, done: Math.floor(done), total, secondsLeft });
  };
  return {
    next: (next) => {
      [before, weight, share] = [before + weight, next, 0];
      say();
      return {
        signal,
        onProgress: ({ label: own, done, total: of }) => {
          ofPart = own;
          const now = of > 0 ? done / of : 0;
          // A part that begins to count anew has not gone back.
          if (now <= share) return;
          share = Math.min(1, now);
          say();
        },
      };
    },
    finish: () => {
      [before, weight, share] = [total, 0, 0];
      say();
    },
  };
}
