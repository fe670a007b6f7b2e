import { ConcordError } from '../../errors';
import type { TensorflowPackage } from '../../nn/backend/tensorflow-package';
import { hasBinding, requireSameCore, tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { isThere } from '../../io/files/write-file';
import { bindingsFolder, compileBinding } from './compile-binding';
import { findPython } from './find-python';
import type { Python } from './find-python';
import { ensurePackage } from './install-package';
import { isCurrent, linkEntry, linkedEntry, unlinkEntry } from './link-entry';
import { prebuiltEntry } from './prebuilt-entry';
import { pythonEntry } from './python-entry';
import { runProgram } from './run-program';
import type { CacheEntry, TensorflowSource } from './setup-cache';
import { cacheEntries, dropLeftovers } from './setup-cache';
import type { SetupRun } from './setup-run';
import { requireUnix, thisMachine } from './tensorflow-build';
import type { TensorflowTrial } from './try-in-process';
import { wheelEntry } from './wheel-entry';

/** What the user asked of the setup. */
export interface SetupOptions {
  /**
   * Whether TensorFlow is to compute on CUDA devices.
   *
   * @defaultValue whether there is one
   */
  readonly cuda?: boolean;
  /**
   * Where TensorFlow is taken from.
   *
   * @defaultValue each in turn, until one works
   */
  readonly source?: TensorflowSource;
  /** The Python whose TensorFlow or pip is used. */
  readonly python?: string;
  /** The `node_modules` into which a missing package is put. */
  readonly modules?: string;
}

/**
 * Makes native TensorFlow work in the project: the npm package, a TensorFlow below it, and the binding between them.
 * Whatever an earlier run has done is used; a run that was cut short is continued.
 *
 * @throws ConcordError `unavailable-backend` with the reason why each way failed; `aborted`.
 */
export async function setupTensorflow(options: SetupOptions, run: SetupRun): Promise<TensorflowTrial> {
  requireUnix(process.platform);
  const cuda = options.cuda ?? (await hasCudaDevice(run.signal));
  const why = options.cuda === undefined ? `nvidia-smi names ${cuda ? 'a' : 'no'} device` : 'as asked for';
  run.say(`${cuda ? 'with CUDA' : 'for the processor, without CUDA'}: ${why}`);
  await dropLeftovers(run.cache);
  const native = await ensurePackage({ cuda, modules: options.modules }, run);
  requireSameCore(native);
  const works = await alreadyWorks(native, options, run);
  if (works !== undefined) return works;
  const failures: string[] = [];
  for (const { name, take } of await ways(native, { ...options, cuda }, run)) {
    try {
      return await put(await take(), native, run);
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code === 'aborted') throw error;
      const reason = error.message.replace(/^tensorflow: /, '');
      run.say(`${name}: ${reason}`);
      // The output of programs is below the first line, and has been printed.
      failures.push(`${name}: ${reason.split('\n')[0].replace(/:$/, '')}`);
    }
  }
  throw tensorflowUnavailable(`nothing tried here works: ${failures.join('; ')}`);
}

async function hasCudaDevice(signal?: AbortSignal): Promise<boolean> {
  const listed = await runProgram('nvidia-smi', ['-L'], { timeout: 30, signal });
  return listed?.status === 0 && listed.out.startsWith('GPU');
}

async function alreadyWorks(
  native: TensorflowPackage,
  { cuda, source }: SetupOptions,
  run: SetupRun,
): Promise<TensorflowTrial | undefined> {
  if (!hasBinding(native)) return undefined;
  const linked = await linkedEntry(native);
  const other =
    (source !== undefined && linked?.source !== source) || (cuda !== undefined && linked?.cuda !== cuda);
  if (other) return undefined;
  if (linked !== undefined && !(await isCurrent(linked, native))) {
    run.say('what is set up was made by another version of concord: its binding is rebuilt');
    return undefined;
  }
  const trial = await run.attempt(native.folder, run.signal);
  if ('failure' in trial) {
    run.say(`what is set up does not work: ${trial.failure}`);
    return undefined;
  }
  run.say('it is set up already');
  return trial;
}

interface Way {
  readonly name: string;
  readonly take: () => Promise<CacheEntry>;
}

/** The ways to a TensorFlow in the order they are tried: what the cache has needs no network. */
async function ways(
  native: TensorflowPackage,
  { cuda, source, python: named }: SetupOptions & { readonly cuda: boolean },
  run: SetupRun,
): Promise<readonly Way[]> {
  const suits = (way: TensorflowSource): boolean => source === undefined || source === way;
  const machine = thisMachine();
  const cached = (await cacheEntries(run.cache)).filter(
    (entry) =>
      suits(entry.source) &&
      entry.cuda === cuda &&
      entry.folder.endsWith(`-${machine.platform}-${machine.arch}`),
  );
  const needsPython = suits('python') || suits('wheel');
  const python = needsPython ? await findPython(named, run.signal) : undefined;
  const installed = python?.tensorflow;
  return [
    ...(named === undefined
      ? cached.map((entry) => ({ name: `the cache, ${entry.folder}`, take: () => Promise.resolve(entry) }))
      : []),
    ...(suits('prebuilt') && named === undefined
      ? [{ name: "the package's own download", take: () => prebuiltEntry(native, { cuda, run }) }]
      : []),
    ...(suits('python')
      ? [{ name: 'the TensorFlow of Python', take: () => fromPython(python, { cuda, run }) }]
      : []),
    ...(suits('wheel') && (installed === undefined || named === undefined || source === 'wheel')
      ? [{ name: 'the wheel of TensorFlow', take: () => wheelEntry(machine, { cuda, python, run }) }]
      : []),
  ];
}

async function fromPython(
  python: Python | undefined,
  { cuda, run }: { readonly cuda: boolean; readonly run: SetupRun },
): Promise<CacheEntry> {
  const installed = python?.tensorflow;
  if (python === undefined) throw tensorflowUnavailable('there is no Python on this machine');
  if (installed === undefined)
    throw tensorflowUnavailable(`${python.command} has no TensorFlow of version 2.12 or later`);
  if (cuda && !installed.cuda)
    throw tensorflowUnavailable(`TensorFlow ${installed.version} of ${python.command} is without CUDA`);
  run.say(`using TensorFlow ${installed.version} of ${python.command} in ${installed.folder}`);
  return pythonEntry(installed, run);
}

/** Puts a TensorFlow under the package and tries it. */
async function put(entry: CacheEntry, native: TensorflowPackage, run: SetupRun): Promise<TensorflowTrial> {
  if (entry.source === 'prebuilt' && !(await isThere(bindingsFolder(entry, native)))) {
    throw tensorflowUnavailable(`it was fetched for another version of ${native.name}`);
  }
  await compileBinding(entry, native, run);
  run.say(`linking TensorFlow ${entry.tensorflow} from ${entry.folder} into ${native.folder}`);
  await linkEntry(entry, native);
  run.say('trying it: a convolution and its gradients');
  const trial = await run.attempt(native.folder, run.signal);
  if (!('failure' in trial)) {
    // Only on the processor are threads counted.
    if (entry.cuda && trial.threads !== undefined)
      run.say('TensorFlow sees no CUDA device: check nvidia-smi');
    return trial;
  }
  await unlinkEntry(native);
  throw tensorflowUnavailable(
    `TensorFlow ${entry.tensorflow} in ${entry.folder} does not work:\n${trial.failure}`,
  );
}
