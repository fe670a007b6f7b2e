import { engine, findBackend, setBackend } from '@tensorflow/tfjs-core';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import util from 'node:util';
import type { StartedBackend } from './backend-report';
import { processorName } from './start-cpu';
import { loadTensorflowKernels } from './tensorflow-kernels/load-tensorflow-kernels';
import type { TensorflowPackage } from './tensorflow-package';
import {
  findTensorflowPackages,
  hasBinding,
  requireSameCore,
  setupRemedy,
  tensorflowUnavailable,
} from './tensorflow-package';

/** What can be set about native TensorFlow. */
export interface StartTensorflowOptions {
  /**
   * The folders from which the packages are looked for.
   *
   * @defaultValue that of this package, then that of the running program
   */
  readonly from?: readonly string[];
}

/**
 * Starts native TensorFlow, on the processor or a CUDA device, from the user's `@tensorflow/tfjs-node-gpu` or
 * `@tensorflow/tfjs-node`, and registers it with tfjs as `tensorflow`. tfjs's current backend stays what it was.
 *
 * TensorFlow reads its settings from the environment: those the user has not set are set so that it logs nothing,
 * gives the same bits in every run on the same number of threads, and takes memory of a graphics card as it needs it.
 *
 * @throws ConcordError `unavailable-backend`: not installed, installed without its native binding, a binding that does
 * not load, or one that computes on another copy of tfjs-core.
 */
export async function startTensorflow(options: StartTensorflowOptions = {}): Promise<StartedBackend> {
  const chosen = choose(findTensorflowPackages(options.from));
  requireSameCore(chosen);
  if (engine().registryFactory['tensorflow'] === undefined) await load(chosen);
  const backend = findBackend('tensorflow') as Partial<NativeBackend> | null;
  if (backend?.binding === undefined)
    throw tensorflowUnavailable(`${chosen.name} did not register its backend`);
  const ownKernels = loadTensorflowKernels(chosen.binding);
  const started = { isUsingGpuDevice: backend.isUsingGpuDevice ?? false, binding: backend.binding };
  return report(chosen, started, ownKernels);
}

/** The part of the package's backend that says what it runs on. */
interface NativeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

function choose(packages: readonly TensorflowPackage[]): TensorflowPackage {
  const ready = packages.find(hasBinding);
  if (ready !== undefined) return ready;
  if (packages.length > 0) {
    const [{ name, version }] = packages;
    throw tensorflowUnavailable(
      `${name}@${version} is installed without its native binding (${setupRemedy})`,
    );
  }
  throw tensorflowUnavailable(
    `neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed (${setupRemedy})`,
  );
}

async function load(chosen: TensorflowPackage): Promise<void> {
  supplyRemovedUtilities();
  for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;
  const require = createRequire(chosen.binding);
  // The binding by itself first: when it fails, the package has registered nothing yet.
  try {
    require(chosen.binding);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw tensorflowUnavailable(
      `the native binding of ${chosen.name} does not load: ${why} (${setupRemedy})`,
      cause,
    );
  }
  // Loading the package makes its backend the current one.
  const before = engine().backendName;
  try {
    require(chosen.folder);
    await engine().ready();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw tensorflowUnavailable(`${chosen.name}@${chosen.version} does not start: ${why}`, cause);
  }
  if (typeof before === 'string' && before !== '') await setBackend(before);
}

/** Settings that TensorFlow reads when it is loaded. */
const environment: Readonly<Record<string, string>> = {
  TF_CPP_MIN_LOG_LEVEL: '3',
  TF_DETERMINISTIC_OPS: '1',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
};

/**
 * The package calls functions of `node:util` that Node 23 removed and Node 22 warns about. They are supplied here,
 * without the warning.
 */
function supplyRemovedUtilities(): void {
  const ours = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  Object.assign(util, ours);
}

function report(
  { name, version }: TensorflowPackage,
  backend: NativeBackend,
  ownKernels: boolean,
): StartedBackend {
  const tensorflow = `TensorFlow ${backend.binding.TF_Version}`;
  const packageName = `${name}@${version}`;
  if (backend.isUsingGpuDevice) {
    return { device: graphicsCardName(), package: packageName, notes: [`${tensorflow} with CUDA`] };
  }
  const kernels = ownKernels
    ? 'with kernels of our own'
    : `without kernels of our own, slower (${setupRemedy})`;
  return {
    device: processorName(),
    package: packageName,
    threads: threads(),
    notes: [`${tensorflow}, ${kernels}`],
  };
}

/** TensorFlow computes on every processor that this process may use, or as many as this variable says. */
function threads(): number {
  const chosen = Number(process.env['TF_NUM_INTRAOP_THREADS']);
  return Number.isInteger(chosen) && chosen > 0 ? chosen : availableParallelism();
}

function graphicsCardName(): string {
  const words = ['--query-gpu=name', '--format=csv,noheader'];
  try {
    const answer = execFileSync('nvidia-smi', words, { encoding: 'utf8', timeout: 10_000, stdio: 'pipe' });
    const names = [...new Set(answer.split('\n').filter((line) => line !== ''))];
    return names.length === 0 ? 'CUDA device' : names.join(' or ');
  } catch {
    return 'CUDA device';
  }
}
