import {
  addressSpace,
  addressesOfMemory,
  isWithoutTrapHandler,
  limitInWords,
  raiseLimit,
  threadsWithin,
  withoutTrapHandler,
} from '../../address-space';
import { findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { ownCores } from '../../math/own-cores';
import type { StartedBackend } from './backend-report';
import { processorName } from './start-cpu';
import { registerWasmKernels } from './wasm-kernels/register-wasm-kernels';
import { useKernels } from './wasm-kernels/wasm-kernel';
import { bytesReachable, openWasmMemory } from './wasm-memory';
import { startKernels } from './wasm-module/kernels';
import type { LoadedModule, WasmModule } from './wasm-threads';
import { knownVersion, loadSingleThreadedModule, loadThreadedModule } from './wasm-threads';

/** Options of {@link startWasm}. */
export interface StartWasmOptions {
  /**
   * How many threads compute, the calling one included.
   *
   * @defaultValue all cores that this process may use, 16 at most
   */
  readonly threads?: number;
}

/** A start, and the factory that it registered: tfjs loses that when somebody removes the backend. */
interface Start {
  readonly report: Promise<StartedBackend>;
  factory?: () => object;
}

let latest: Start | undefined;

/** Each thread takes about 10 MB; beyond this many, unasked, there is little to gain. */
const manyThreads = 16;

const mostThreads = 64;

/**
 * Starts the WebAssembly backend of tfjs and registers it as `wasm`: with SIMD, on all cores, and with kernels of our
 * own where tfjs has none, or slow ones. It starts once in a process: later calls, whatever their options, return what
 * the first one did.
 *
 * @throws ConcordError `unavailable-backend` when it cannot start; `invalid-option` for threads that are not a whole
 * number from 1 to 64.
 */
export async function startWasm(options: StartWasmOptions = {}): Promise<StartedBackend> {
  const { threads = Math.min(ownCores(), manyThreads) } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads) {
    throw new ConcordError(
      'invalid-option',
      `invalid threads: ${threads} (a whole number from 1 to ${mostThreads} is needed)`,
    );
  }
  const removed = latest?.factory !== undefined && findBackendFactory('wasm') !== latest.factory;
  if (latest === undefined || removed) {
    const start: Start = { report: startAndRegister(threads, (factory) => (start.factory = factory)) };
    latest = start;
  }
  const { report } = latest;
  try {
    return await report;
  } catch (cause) {
    if (latest.report === report) latest = undefined;
    throw new ConcordError('unavailable-backend', `wasm: ${whyNot(cause)}`, { cause });
  }
}

async function startAndRegister(
  threads: number,
  onRegister: (factory: () => object) => void,
): Promise<StartedBackend> {
  const tfjs = await import('@tensorflow/tfjs-backend-wasm');
  const notes: string[] = [];
  const possible = withinLimits(threads, notes);
  const { module, workers } = await load(possible, tfjs.version_wasm, notes);
  const memory = openWasmMemory(module);
  tfjs.setThreadsCount(possible);
  const backend = new tfjs.BackendWasm(withNames(module));
  // Helping threads must not keep the process alive.
  for (const worker of workers) worker.unref();
  const kernels = startKernels(memory, possible);
  useKernels(backend, kernels);
  registerWasmKernels();
  // Loading the package has registered its own way of starting.
  if (findBackendFactory('wasm') !== null) removeBackend('wasm');
  const factory = (): typeof backend => backend;
  registerBackend('wasm', factory, 2);
  onRegister(factory);
  return {
    device: processorName(),
    package: `@tensorflow/tfjs-backend-wasm@${tfjs.version_wasm}`,
    threads: kernels.threads,
    simd: true,
    memoryLimit: bytesReachable,
    notes,
  };
}

/** As many of the threads as the addresses of this process are enough for, with a note where that is fewer. */
function withinLimits(threads: number, notes: string[]): number {
  const space = addressSpace();
  const possible = Math.min(threads, 1 + threadsWithin(space, addressesOfMemory()));
  if (possible < threads && space !== undefined)
    notes.push(`${possible} of ${threads} threads: ${limitInWords(space)} (${raiseLimit})`);
  return possible;
}

/** Why it does not start, and the remedy: most often there is too little room, not too little of the package. */
function whyNot(cause: unknown): string {
  const reason = reasonOf(cause);
  const space = addressSpace();
  if (!/memory/i.test(reason)) return `${reason} (reinstall concord-mri and @tensorflow/tfjs-backend-wasm)`;
  if (space === undefined || isWithoutTrapHandler())
    return `no memory for it: ${reason} (close other programs)`;
  return (
    `${limitInWords(space)}, and V8 wants 11 GB of them for one memory of WebAssembly (${raiseLimit}; or start Node with ` +
    `${withoutTrapHandler}, as by NODE_OPTIONS=${withoutTrapHandler})`
  );
}

async function load(threads: number, version: string, notes: string[]): Promise<LoadedModule> {
  if (threads === 1) return loadSingleThreadedModule();
  // Its workers refuse what the script does to their scope, with an error that ends the process.
  if (process.versions['deno'] !== undefined) {
    notes.push('on one thread, because Deno does not run those of tfjs-backend-wasm');
    return loadSingleThreadedModule();
  }
  try {
    if (version !== knownVersion)
      throw new Error(`it is ${version}, and threads are known for ${knownVersion}`);
    return await loadThreadedModule(threads);
  } catch (cause) {
    notes.push(`on one thread, because those of tfjs-backend-wasm do not start: ${reasonOf(cause)}`);
    return loadSingleThreadedModule();
  }
}

/** Gives the functions that the backend calls the names under which it does; tfjs does so itself where it starts one. */
function withNames(module: WasmModule): WasmModule {
  const { cwrap } = module as unknown as {
    readonly cwrap: (name: string, result: 'number' | null, parameters: readonly 'number'[]) => never;
  };
  module.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
  return module;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
