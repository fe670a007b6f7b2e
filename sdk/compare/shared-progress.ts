import type { RunOptions } from '../data/run-options';

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
 * @param total - the sum of the weights of all parts
 */
export function sharedProgress(label: string, total: number, options: RunOptions): SharedProgress {
  const { signal, onProgress } = options;
  const started = performance.now();
  let before = 0;
  let weight = 0;
  let share = 0;
  const say = (): void => {
    const done = Math.min(total, before + weight * share);
    const elapsed = (performance.now() - started) / 1000;
    const secondsLeft = done > 0 ? (elapsed / done) * (total - done) : undefined;
    onProgress?.({ label, done, total, secondsLeft });
  };
  return {
    next: (own) => {
      [before, weight, share] = [before + weight, own, 0];
      say();
      return {
        signal,
        onProgress: ({ done, total: of }) => {
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
