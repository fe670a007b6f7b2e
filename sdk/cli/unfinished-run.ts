import { requireAbsent } from '../io/files/write-file';
import { ConcordError } from '../errors';

/** Where the checkpoints of trainings are kept until the results are written. */
export function unfinishedFolder(out: string): string {
  return `${out}.unfinished`;
}

/**
 * Makes sure that no run was stopped whose checkpoints are there.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireNoRun(folder: string): Promise<void> {
  try {
    await requireAbsent(folder);
  } catch (cause) {
    if (!(cause instanceof ConcordError) || cause.code !== 'file-exists') throw cause;
    throw new ConcordError(
      'file-exists',
      `file exists: ${folder} holds a run that was stopped (continue it with --resume, or remove it)`,
      { where: { file: folder }, cause },
    );
  }
}
