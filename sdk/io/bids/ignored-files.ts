import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takingTurns } from '../files/taking-turns';
import { writeFileSafely } from '../files/write-file';

/** The file in which a validator reads what in a dataset is not part of it. */
const ignoreFile = '.bidsignore';

/**
 * Adds patterns to the `.bidsignore` of a dataset, for reports and pictures that BIDS has no names for. Lines that are
 * there stay. A folder is named without a slash at the end: with one, the validator (3.0.2) passes over what is in
 * `slices/`, but complains of the folder itself.
 *
 * @throws ConcordError `unwritable-file`.
 */
export async function ignoreInBids(root: string, patterns: readonly string[]): Promise<void> {
  const path = join(root, ignoreFile);
  if ((await missingOf(path, patterns)).missing.length === 0) return;
  await takingTurns(root, async () => {
    const { there, missing } = await missingOf(path, patterns);
    if (missing.length === 0) return;
    const before = there === '' || there.endsWith('\n') ? there : `${there}\n`;
    await writeFileSafely(path, `${before}${missing.join('\n')}\n`, { overwrite: true });
  });
}

/** What is in the file, and which patterns are not. */
async function missingOf(
  path: string,
  patterns: readonly string[],
): Promise<{ readonly there: string; readonly missing: readonly string[] }> {
  const there = await readFile(path, 'utf8').catch(() => '');
  const lines = new Set(there.split(/\r?\n/).map((line) => line.trim()));
  return { there, missing: patterns.filter((pattern) => !lines.has(pattern)) };
}
