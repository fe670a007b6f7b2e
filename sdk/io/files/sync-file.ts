import { fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

const fsyncOf = promisify(fsync);

/**
 * Waits until what was written to a file is on the disk. By its number, not by `handle.sync()`: yarn's Plug'n'Play gives
 * handles of its own, which do not have that.
 */
export async function syncFile(handle: FileHandle): Promise<void> {
  await fsyncOf(handle.fd);
}
