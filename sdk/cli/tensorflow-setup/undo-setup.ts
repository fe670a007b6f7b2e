import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findTensorflowPackages, hasBinding } from '../../nn/backend/tensorflow-package';
import { placedPackage, removePackage } from './install-package';
import { linkedEntry, unlinkEntry } from './link-entry';
import { bytesIn, cacheEntries, inUnits, wasEntry } from './setup-cache';
import type { SetupRun } from './setup-run';

/**
 * Undoes what the setup did to the project; with `cache` also removes what it keeps for another time.
 *
 * @param options - `modules` is the `node_modules` of the project
 */
export async function undoSetup(
  options: { readonly cache: boolean; readonly modules?: string },
  run: SetupRun,
): Promise<void> {
  for (const native of packagesOf(options.modules)) {
    if (await unlinkEntry(native)) run.say(`removed TensorFlow from ${native.folder}`);
  }
  if (await removePackage(options.modules)) run.say('removed the package that the setup had put there');
  if (!options.cache) return;
  const freed = await bytesIn(run.cache);
  for (const name of await ourFolders(run.cache))
    await rm(join(run.cache, name), { recursive: true, force: true });
  await rmdir(run.cache).catch(() => undefined);
  run.say(`emptied ${run.cache}: ${inUnits(freed)}`);
}

/** Only what the setup makes: the folder may be one that the user named and that holds other things. */
async function ourFolders(cache: string): Promise<readonly string[]> {
  const names = await readdir(cache).catch(() => []);
  const marked = await Promise.all(names.map((name) => wasEntry(join(cache, name))));
  const kept = /^(downloads|tfjs-node(-gpu)?-\d[\d.]*|node-api-headers-[\d.]+|.+\.part-\d+)$/;
  return names.filter((name, at) => kept.test(name) || marked[at]);
}

/** Says what has been set up so far. */
export async function setupStatus(options: { readonly modules?: string }, run: SetupRun): Promise<void> {
  const packages = packagesOf(options.modules);
  if (packages.length === 0) run.say('package: none installed');
  for (const native of packages) {
    const linked = await linkedEntry(native);
    const binding = hasBinding(native) ? 'with its native binding' : 'without its native binding';
    const below = linked === undefined ? '' : `, TensorFlow ${linked.tensorflow} in ${linked.folder}`;
    run.say(`package: ${native.name}@${native.version} in ${native.folder}, ${binding}${below}`);
  }
  const placed = await placedPackage(options.modules);
  if (placed !== undefined) run.say(`put there by this program: ${placed}`);
  run.say(`cache: ${run.cache}, ${inUnits(await bytesIn(run.cache))}`);
  for (const { folder, tensorflow, source, cuda } of await cacheEntries(run.cache)) {
    run.say(`  TensorFlow ${tensorflow} from ${source}${cuda ? ', with CUDA' : ''}: ${folder}`);
  }
  const waiting = await readdir(join(run.cache, 'downloads')).catch(() => []);
  for (const name of waiting) run.say(`  fetched and not yet unpacked: ${name}`);
}

function packagesOf(modules: string | undefined): ReturnType<typeof findTensorflowPackages> {
  return modules === undefined ? findTensorflowPackages() : findTensorflowPackages([modules]);
}
