import { realpath } from 'node:fs/promises';
import { ConcordError } from '../../errors';

/**
 * Checks that a file to be written is none of those that are read, whatever way each is named: `./a.csv`, `a.csv` or a
 * link to it. Measured data is never replaced by what was computed from it, not even where overwriting is allowed.
 *
 * @param sources - the files that are read; folders and files that are not there are no danger
 * @throws ConcordError `invalid-option`.
 */
export async function requireOtherFile(target: string, sources: readonly string[]): Promise<void> {
  const place = await realPath(target);
  if (place === undefined) return;
  for (const source of sources) {
    if ((await realPath(source)) !== place) continue;
    const name = source === target ? source : `${target} is ${source}`;
    throw new ConcordError(
      'invalid-option',
      `invalid output: ${name}, which is read here and is never overwritten (write to another file or folder)`,
      { where: { file: target } },
    );
  }
}

/** Whether two paths name the same file or folder, whatever way each is named. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const place = await realPath(one);
  return place !== undefined && place === (await realPath(other));
}

/** The path with every link followed; `undefined` when nothing is there. */
async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
