import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import type { Python } from './find-python';
import { fetchWheel } from './fetch-wheels';
import type { CacheEntry } from './setup-cache';
import { entryAt, inUnits, makeEntry, requireRoom } from './setup-cache';
import type { SetupRun } from './setup-run';
import type { Machine } from './tensorflow-build';
import { tensorflowBuild, tensorflowLibraries, tensorflowVersion } from './tensorflow-build';
import { needsOfExtra, unpackWheel } from './unpack-wheel';

/** The folders of headers that the binding's sources reach, of 13,000 files in the wheel. */
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/', 'absl/'];

/**
 * Takes TensorFlow from its Python wheel into the cache, with CUDA's libraries where they are wanted.
 *
 * @throws ConcordError `unavailable-backend`; `aborted`.
 */
export async function wheelEntry(
  machine: Machine,
  {
    cuda,
    python,
    run,
  }: { readonly cuda: boolean; readonly python: Python | undefined; readonly run: SetupRun },
): Promise<CacheEntry> {
  const build = tensorflowBuild(machine, cuda);
  const { platform, arch } = machine;
  const kind = cuda ? 'cuda' : 'cpu';
  const folder = join(run.cache, `${tensorflowVersion}-${kind}-${platform}-${arch}`);
  const ready = await entryAt(folder);
  if (ready !== undefined) return ready;
  if (python === undefined) {
    throw tensorflowUnavailable(
      'there is no Python on this machine, whose pip fetches TensorFlow (install python3 with pip, or name one ' +
        'with --python)',
    );
  }
  await requireRoom(run.cache, build.downloadBytes + build.unpackedBytes);
  const entry: CacheEntry = { folder, tensorflow: tensorflowVersion, source: 'wheel', cuda };
  await makeEntry(entry, async (part) => {
    const site = join(part, 'site');
    const fetching = { python, run };
    run.say(`fetching ${build.requirement} with pip: ${inUnits(build.downloadBytes)} in all`);
    const wheel = await fetchWheel(build.requirement, build, fetching);
    run.say(`unpacking TensorFlow into ${folder}: ${inUnits(build.unpackedBytes)} in all`);
    const wanted = [
      ...headers.map((name) => `tensorflow/include/${name}`),
      ...tensorflowLibraries(platform).map((name) => `tensorflow/${name}`),
    ];
    const { needs } = await unpackWheel(wheel, site, { python, wanted, signal: run.signal });
    for (const requirement of cuda ? needsOfExtra(needs, 'and-cuda') : []) {
      run.say(`fetching and unpacking ${requirement}`);
      const library = await fetchWheel(requirement, build, fetching);
      // The libraries look for each other beside TensorFlow, as in Python's own folder of packages.
      await unpackWheel(library, site, { python, wanted: ['nvidia/'], signal: run.signal });
    }
    await mkdir(join(part, 'deps'));
    await symlink(join('..', 'site', 'tensorflow', 'include'), join(part, 'deps', 'include'));
    await symlink(join('..', 'site', 'tensorflow'), join(part, 'deps', 'lib'));
  });
  await rm(join(run.cache, 'downloads'), { recursive: true, force: true });
  return entry;
}
