import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { packageText } from '../../parts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The compiled code of tfjs-backend-wasm, running, with the memory that holds the tensors. */
export type WasmModule = BackendWasm['wasm'];

/** Running code that no backend has taken over yet. */
export interface LoadedModule {
  readonly module: WasmModule;
  /** The threads that wait to help the calling one. */
  readonly workers: readonly Worker[];
}

/** What Emscripten's start-up script takes. */
interface ScriptConfig {
  readonly locateFile: (file: string) => string;
  readonly mainScriptUrlOrBlob: string;
  readonly print: () => void;
  readonly printErr: () => void;
}

type StartUp = (config: ScriptConfig) => Promise<WasmModule>;

/** What the start-up script finds in the place of the names it would take from Node. */
interface Surroundings {
  readonly processors: number;
  readonly Worker: () => Worker;
}

/** The version of tfjs-backend-wasm whose scripts this file knows. */
export const knownVersion = '4.22.0';

/** The texts of the threaded start-up script that are replaced, or that the replacements rely on. */
export const knownTexts: readonly string[] = [
  'var pthreadPoolSize=8;',
  'new Worker(pthreadMainJs)',
  'require("os").cpus().length',
  'global.Worker=nodeWorkerThreads.Worker',
];

/** The most threads that its compiled code uses. */
const mostThreads = 8;

const fromHere = createRequire(__filename);
const scripts = '@tensorflow/tfjs-backend-wasm/wasm-out';

/**
 * Starts the code of tfjs-backend-wasm that computes on several threads, which upstream keeps for browsers. Nothing in
 * it is against Node, except that its start-up script hands its workers their program as blob URLs, which
 * worker_threads refuses, that its workers keep the process alive, and that its compiled code takes half of
 * `os.cpus()`. The text of the script therefore runs in a scope where these names are ours.
 *
 * @param threads - how many threads compute, the calling one included; 2 or more
 * @throws Error when the script is not the one known, or a worker cannot start
 */
export async function loadThreadedModule(threads: number): Promise<LoadedModule> {
  const name = 'tfjs-backend-wasm-threaded-simd';
  const script = scriptText(name);
  const strange = knownTexts.filter((text) => !script.includes(text));
  if (strange.length > 0) throw new Error(`its start-up script has changed (no ${strange.join(', no ')})`);
  // It starts eight workers whatever is asked for.
  const helpers = Math.min(threads, mostThreads) - 1;
  const sized = script.replace(knownTexts[0], `var pthreadPoolSize=${helpers};`);

  const workers: Worker[] = [];
  let fail: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => (fail = reject));
  // A function that can be called with `new`.
  function makeWorker(): Worker {
    const worker = newWorker(fail);
    workers.push(worker);
    return worker;
  }
  try {
    const startUp = inItsOwnScope(sized, name, { processors: 2 * threads, Worker: makeWorker });
    const module = await Promise.race([startUp(configOf(name, name)), failure]);
    return { module, workers };
  } catch (error) {
    for (const worker of workers) void worker.terminate();
    throw error;
  }
}

/** Starts the code of tfjs-backend-wasm that computes on the calling thread only. */
export async function loadSingleThreadedModule(): Promise<LoadedModule> {
  const name = 'tfjs-backend-wasm';
  const script = scriptText(name);
  const refuse = (): never => {
    throw new Error('the single-threaded code of tfjs-backend-wasm asks for a worker');
  };
  const startUp = inItsOwnScope(script, name, { processors: 1, Worker: refuse });
  return { module: await startUp(configOf(name, 'tfjs-backend-wasm-simd')), workers: [] };
}

/** The text of a start-up script: that of its file, since not every engine prints a function as it was written. */
function scriptText(name: string): string {
  return packageText(fromHere.resolve(`${scripts}/${name}.js`));
}

/**
 * Runs a start-up script where the names through which it would change the process are ours. Left alone, it puts a
 * `Worker` into the global scope, and reacts to every unhandled error of the whole process by throwing it again.
 */
function inItsOwnScope(script: string, name: string, surroundings: Surroundings): StartUp {
  const path = fromHere.resolve(`${scripts}/${name}.js`);
  const scope = {
    __filename: path,
    __dirname: dirname(path),
    Worker: surroundings.Worker,
    global: { performance },
    process: {
      versions: process.versions,
      argv: [],
      hrtime: process.hrtime,
      listeners: () => [],
      on: () => undefined,
      removeListener: () => undefined,
      exit: (status: number) => {
        throw new Error(`tfjs-backend-wasm ended with status ${status}`);
      },
    },
    require: (wanted: string): unknown => {
      if (wanted === 'os') return { cpus: () => new Array<object>(surroundings.processors) };
      if (wanted === 'worker_threads') return { Worker: surroundings.Worker };
      return fromHere(wanted);
    },
    window: undefined,
    document: undefined,
    importScripts: undefined,
  };
  const module = { exports: {} };
  const names = [...Object.keys(scope), 'module', 'exports'];
  const evaluate = compileFunction(script, names, { filename: path }) as (
    ...values: readonly unknown[]
  ) => void;
  evaluate(...Object.values(scope), module, module.exports);
  return module.exports as StartUp;
}

function configOf(script: string, code: string): ScriptConfig {
  const folder = dirname(fromHere.resolve(`${scripts}/${script}.js`));
  return {
    locateFile: (file) => join(folder, file.endsWith('.wasm') ? `${code}.wasm` : file),
    // What each worker runs, to be on the same code.
    mainScriptUrlOrBlob: join(folder, `${script}.js`),
    print: () => undefined,
    printErr: () => undefined,
  };
}

/**
 * A worker that reports its errors to `fail`. The start-up script would turn them into an error that nobody can catch.
 */
function newWorker(fail: (reason: unknown) => void): Worker {
  const { wasmWorkerContents } = fromHere(`${scripts}/tfjs-backend-wasm-threaded-simd.worker.js`) as {
    wasmWorkerContents: string;
  };
  // It was a template literal: its line breaks were escapes.
  const program = wasmWorkerContents.replaceAll('\n', '\\n');
  const worker = new Worker(program, { eval: true, execArgv: [], name: 'tfjs-backend-wasm' });
  const listen = worker.on.bind(worker) as (event: string, listener: (...values: never[]) => void) => Worker;
  worker.on = ((event: string, listener: (...values: never[]) => void) =>
    listen(event, event === 'error' ? fail : listener)) as typeof worker.on;
  return worker;
}
