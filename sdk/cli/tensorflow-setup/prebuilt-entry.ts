import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import type { TensorflowPackage } from '../../nn/backend/tensorflow-package';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { isThere } from '../../io/files/write-file';
import { bindingsFolder } from './compile-binding';
import { lastLines, runProgram } from './run-program';
import type { CacheEntry } from './setup-cache';
import { entryAt, inParts, makeEntry, requireRoom } from './setup-cache';
import type { SetupRun } from './setup-run';

/** What the package fetches when it is left to itself. */
const prebuilt = { tensorflow: '2.9.1', cpuBytes: 500e6, cudaBytes: 1500e6, seconds: 600 } as const;

/**
 * Lets the package fetch its own prebuilt TensorFlow (2.9.1; with CUDA 11.2), into the cache.
 *
 * @throws ConcordError `unavailable-backend` with the reason why not; `aborted`.
 */
export async function prebuiltEntry(
  native: TensorflowPackage,
  { cuda, run }: { readonly cuda: boolean; readonly run: SetupRun },
): Promise<CacheEntry> {
  const kind = cuda ? 'cuda' : 'cpu';
  const name = `prebuilt-${native.version}-${kind}-${process.platform}-${process.arch}`;
  const folder = join(run.cache, name);
  const ready = await entryAt(folder);
  if (ready !== undefined) return ready;
  await requireUse(cuda, run.signal);
  const bytes = cuda ? prebuilt.cudaBytes : prebuilt.cpuBytes;
  await requireRoom(run.cache, 2 * bytes);
  run.say(
    `fetching the package's own prebuilt TensorFlow ${prebuilt.tensorflow} (at most ${prebuilt.seconds} s)`,
  );
  const entry: CacheEntry = { folder, tensorflow: prebuilt.tensorflow, source: 'prebuilt', cuda };
  await makeEntry(entry, (part) => fetchInto(part, native, { kind, signal: run.signal }));
  return entry;
}

/** Checks what would make the download useless before it is begun. */
async function requireUse(cuda: boolean, signal?: AbortSignal): Promise<void> {
  if (process.platform === 'win32' || (process.platform === 'linux' && process.arch !== 'x64')) {
    throw tensorflowUnavailable(`the package has none for ${process.platform}-${process.arch}`);
  }
  const libraries = cuda ? await runProgram('ldconfig', ['-p'], { signal }) : undefined;
  if (cuda && libraries?.out.includes('libcudart.so.11') !== true) {
    throw tensorflowUnavailable('it needs CUDA 11 and cuDNN 8, which this machine lacks');
  }
  const {
    TFJS_NODE_CDN_STORAGE: own,
    npm_config_TFJS_NODE_CDN_STORAGE: ofNpm,
    CDN_STORAGE: short,
  } = process.env;
  const { hostname } = new URL(own ?? ofNpm ?? short ?? 'https://storage.googleapis.com/');
  await lookup(hostname).catch((cause: unknown) => {
    throw tensorflowUnavailable(`there is no way to ${hostname} from here`, cause);
  });
}

/** Runs the package's installer on a copy beside the package, so that a run cut short leaves the package alone. */
async function fetchInto(
  target: string,
  native: TensorflowPackage,
  { kind, signal }: { readonly kind: 'cpu' | 'cuda'; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const scratch = join(dirname(native.folder), `.${basename(native.folder)}-concord`);
  await rm(scratch, { recursive: true, force: true });
  await inParts(scratch, async (part) => {
    for (const name of ['package.json', 'scripts', 'binding', 'binding.gyp', 'node_modules']) {
      const from = join(native.folder, name);
      if (await isThere(from)) await cp(from, join(part, name), { recursive: true });
    }
    await linkProgram('@mapbox/node-pre-gyp/bin/node-pre-gyp', { native, folder: join(part, 'programs') });
    const path = `${join(part, 'programs')}${delimiter}${process.env['PATH'] ?? ''}`;
    const words = [join('scripts', 'install.js'), kind === 'cuda' ? 'gpu' : 'cpu', 'download'];
    const options = { cwd: part, env: { PATH: path }, timeout: prebuilt.seconds, signal };
    const result = await runProgram(process.execPath, words, options);
    const lib = join(part, 'lib');
    const binding = join(lib, basename(dirname(native.binding)), basename(native.binding));
    if (result?.status !== 0 || !(await isThere(binding))) {
      const said = result === undefined ? '' : lastLines(result, 3);
      throw tensorflowUnavailable(
        result?.status === null ? `it took longer than ${prebuilt.seconds} s` : `it failed:\n${said}`,
      );
    }
    await cp(join(part, 'deps'), join(target, 'deps'), { recursive: true, verbatimSymlinks: true });
    await cp(lib, bindingsFolder({ folder: target, source: 'prebuilt' }, native), { recursive: true });
  }).finally(() => rm(scratch, { recursive: true, force: true }));
}

async function linkProgram(
  request: string,
  { native, folder }: { readonly native: TensorflowPackage; readonly folder: string },
): Promise<void> {
  await mkdir(folder);
  const program = createRequire(join(native.folder, 'package.json')).resolve(request);
  await symlink(program, join(folder, basename(program)));
}
