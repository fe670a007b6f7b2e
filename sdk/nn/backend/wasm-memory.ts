import { ConcordError } from '../../errors';
import type { BackendMemory } from './wasm-module/kernels';
import type { WasmModule } from './wasm-threads';
import { advise, option } from '../../remedy';

/** What 32-bit addresses reach: the most memory that the tensors of the wasm backend can take together. */
export const bytesReachable: number = 2 ** 32;

/** What Emscripten makes of the module, as far as it is used here. */
interface EmscriptenModule {
  /** The memory of the threaded code, which is given it; the other brings its own. */
  readonly wasmMemory?: BackendMemory['memory'];
  readonly asm: {
    readonly memory?: BackendMemory['memory'];
    readonly malloc: (bytes: number) => number;
    readonly free: (address: number) => void;
  };
  _malloc: (bytes: number) => number;
}

/**
 * Opens the memory of a module, and makes both tfjs and us notice when there is no more of it: tfjs would continue
 * writing at address 0, over its own data.
 *
 * @throws Error when the module lacks what is expected of it
 */
export function openWasmMemory(module: WasmModule): BackendMemory {
  const opened = module as unknown as EmscriptenModule;
  const memory = opened.wasmMemory ?? opened.asm.memory;
  if (memory === undefined) throw new Error('the module of tfjs-backend-wasm does not show its memory');
  const { malloc, free } = opened.asm;
  const mallocOrThrow = (bytes: number): number => {
    const address = malloc(bytes) >>> 0;
    if (address === 0 && bytes > 0) throw outOfMemory(bytes, memory.buffer.byteLength);
    return address;
  };
  opened._malloc = mallocOrThrow;
  return { memory, malloc: mallocOrThrow, free };
}

function outOfMemory(wanted: number, held: number): ConcordError {
  const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new ConcordError('out-of-memory', `wasm: no memory for ${inMebibytes(wanted)} more`, {
    remedy: advise`it holds ${inMebibytes(held)} of the ${inMebibytes(bytesReachable)} that it can reach; take smaller images, smaller batches with ${option('batchSize')}, or ${option('backend', 'tensorflow')}`,
  });
}
