import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwritableFile } from './write-file';

/**
 * Makes an empty folder among the system's temporary files, for what another program leaves behind while it works.
 *
 * @throws ConcordError `unwritable-file` where the system has no room for it.
 */
export async function makeScratchFolder(name: string): Promise<string> {
  const path = join(tmpdir(), `${name}-`);
  return mkdtemp(path).catch((cause: unknown) => {
    throw unwritableFile(path, cause);
  });
}

/** Removes such a folder at once, also while a program that was ended a moment ago still lets go of it. */
export function removeScratchFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  } catch {
    // It stays among the temporary files, which the system removes.
  }
}
