import { createHash } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Python } from './find-python';
import type { CacheEntry } from './setup-cache';
import { entryAt, makeEntry } from './setup-cache';
import type { SetupRun } from './setup-run';

/** Makes an entry of the cache that points to the TensorFlow in the user's Python: nothing is copied. */
export async function pythonEntry(
  { version, folder: installed, cuda }: NonNullable<Python['tensorflow']>,
  run: SetupRun,
): Promise<CacheEntry> {
  const place = createHash('sha256').update(installed).digest('hex').slice(0, 8);
  const folder = join(run.cache, `${version}-python-${place}-${process.platform}-${process.arch}`);
  const ready = await entryAt(folder);
  if (ready !== undefined) return ready;
  const entry: CacheEntry = { folder, tensorflow: version, source: 'python', cuda };
  return makeEntry(entry, async (part) => {
    await mkdir(join(part, 'deps'));
    await symlink(join(installed, 'include'), join(part, 'deps', 'include'));
    await symlink(installed, join(part, 'deps', 'lib'));
  });
}
