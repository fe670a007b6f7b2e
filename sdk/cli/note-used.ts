import { appendFileSync } from 'node:fs';
import type { Progress, RunOptions } from '../data/run-options';

/** The variable that names a file for what a run used. */
export const usedFile = 'CONCORD_USED';

/**
 * Adds a line to the file that `CONCORD_USED` names: `used`, the seconds since this process started, and the most memory it
 * had, in kilobytes, separated by tabs.
 */
export function noteUsed(): void {
  const { maxRSS } = process.resourceUsage();
  note(`used\t${process.uptime().toFixed(1)}\t${maxRSS}`);
}

/**
 * Has a training note there how far it is: `step`, how many are done, of how many, and the seconds since this process started.
 * Lines become rarer as it runs, a few dozen in a day.
 */
export function notingSteps<Run extends RunOptions>(run: Run): Run {
  if (usedPath() === undefined) return run;
  let next = 0;
  const onProgress = (progress: Progress): void => {
    run.onProgress?.(progress);
    const { label, done, total } = progress;
    const seconds = process.uptime();
    if (!label.startsWith('training') || seconds < next) return;
    note(`step\t${done}\t${total}\t${seconds.toFixed(2)}`);
    next = 1.1 * seconds;
  };
  return { ...run, onProgress };
}

function usedPath(): string | undefined {
  const file = process.env[usedFile];
  return file === '' ? undefined : file;
}

function note(line: string): void {
  const file = usedPath();
  if (file === undefined) return;
  try {
    appendFileSync(file, `${line}\n`);
  } catch {
    // What a run used is nice to know; its results are there without.
  }
}
