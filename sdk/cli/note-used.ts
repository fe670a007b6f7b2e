import { appendFileSync } from 'node:fs';

/** The variable that names a file for what a run used. */
export const usedFile = 'CONCORD_USED';

/**
 * Adds a line to the file that `CONCORD_USED` names: `used`, the seconds since this process started, and the most memory it
 * had, in kilobytes, separated by tabs.
 */
export function noteUsed(): void {
  const file = process.env[usedFile];
  if (file === undefined || file === '') return;
  const { maxRSS } = process.resourceUsage();
  try {
    appendFileSync(file, `used\t${process.uptime().toFixed(1)}\t${maxRSS}\n`);
  } catch {
    // What a run used is nice to know; its results are there without.
  }
}
