import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TensorflowPackage } from '../../nn/backend/tensorflow-package';
import { isThere } from '../../io/files/write-file';
import { bindingsFolder } from './compile-binding';
import type { CacheEntry } from './setup-cache';
import { entryAt } from './setup-cache';

/** What is added to the name of a folder of the package while a link of ours is in its place. */
const aside = '.before-concord';

/** The two places inside the package, and where they lead. */
function placesOf(native: TensorflowPackage): { readonly deps: string; readonly lib: string } {
  // lib/napi-v8/tfjs_binding.node
  return { deps: join(native.folder, 'deps'), lib: dirname(dirname(native.binding)) };
}

/** Makes the package use a TensorFlow of the cache. What was there before is put aside. */
export async function linkEntry(entry: CacheEntry, native: TensorflowPackage): Promise<void> {
  const { deps, lib } = placesOf(native);
  await linkTo(join(entry.folder, 'deps'), deps);
  // Last: with this link the binding is there, and the package counts as set up.
  await linkTo(bindingsFolder(entry, native), lib);
}

/** The TensorFlow of the cache that the package uses, if it does. */
export async function linkedEntry(native: TensorflowPackage): Promise<CacheEntry | undefined> {
  const target = await readlink(placesOf(native).deps).catch(() => undefined);
  return target === undefined ? undefined : entryAt(dirname(target));
}

/** Whether the package uses the bindings that this version of Concord would make for that TensorFlow. */
export async function isCurrent(entry: CacheEntry, native: TensorflowPackage): Promise<boolean> {
  const target = await readlink(placesOf(native).lib).catch(() => undefined);
  return target === bindingsFolder(entry, native);
}

/**
 * Removes the links and puts back what was there before.
 *
 * @returns whether there were any
 */
export async function unlinkEntry(native: TensorflowPackage): Promise<boolean> {
  const { deps, lib } = placesOf(native);
  const undone = [await unlink(lib), await unlink(deps)];
  return undone.includes(true);
}

async function linkTo(target: string, path: string): Promise<void> {
  const isLink = await lstat(path).then(
    (it) => it.isSymbolicLink(),
    () => undefined,
  );
  if (isLink === true) await rm(path);
  if (isLink === false) {
    await rm(`${path}${aside}`, { recursive: true, force: true });
    await rename(path, `${path}${aside}`);
  }
  await symlink(target, path);
}

async function unlink(path: string): Promise<boolean> {
  const isLink = await lstat(path).then(
    (it) => it.isSymbolicLink(),
    () => false,
  );
  if (isLink) await rm(path);
  const before = await isThere(`${path}${aside}`);
  if (before && !(await isThere(path))) await rename(`${path}${aside}`, path);
  return isLink;
}
