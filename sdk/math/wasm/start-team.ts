import { ThreadTeam } from './thread-team';

// The library compiles without the types of browsers, where these have their place.
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...args: number[]) => void>> };
};

/** Memory of WebAssembly, as far as it is used here. */
export interface ModuleMemory {
  readonly buffer: ArrayBufferLike;
}

/**
 * Makes a module of ours work on a memory, with a team of threads where the memory can be shared.
 *
 * @param compiled - the module, in base64; its only import is the memory
 * @param kernels - its exports that the team is to run, in the order in which jobs number them
 */
export function startTeam(
  compiled: string,
  kernels: readonly string[],
  { memory, threads }: { readonly memory: ModuleMemory; readonly threads: number },
): ThreadTeam {
  const loaded = loadModule(compiled, kernels, memory);
  return new ThreadTeam({ module: loaded.module, memory }, loaded.kernels, isShared(memory) ? threads : 1);
}

/** A module on a memory, and its exports by name. */
export function loadModule(
  compiled: string,
  names: readonly string[],
  memory: ModuleMemory,
): { readonly module: object; readonly kernels: ReadonlyMap<string, (...args: number[]) => void> } {
  const code = Buffer.from(compiled, 'base64');
  const module = new WebAssembly.Module(isShared(memory) ? importingSharedMemory(code) : code);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { module, kernels: new Map(names.map((name) => [name, exports[name]])) };
}

function isShared({ buffer }: ModuleMemory): boolean {
  return !(buffer instanceof ArrayBuffer);
}

// The import section of the module: its only import is env.memory, with these limits (WebAssembly specification,
// 5.3.10 and 5.5.5).
const importOfMemory = [0x01, 0x03, ...Buffer.from('env'), 0x06, ...Buffer.from('memory'), 0x02];
const atLeastNothing = [0x00, 0x00];
const sharedUpToAll = [0x03, 0x00, 0x80, 0x80, 0x04];

/** The same module importing the memory that threads share: that is another type, and the code does not differ. */
function importingSharedMemory(compiled: Buffer): Buffer {
  const section = (limits: readonly number[]): Buffer =>
    Buffer.from([0x02, importOfMemory.length + limits.length, ...importOfMemory, ...limits]);
  const plain = section(atLeastNothing);
  const at = compiled.indexOf(plain);
  return Buffer.concat([
    compiled.subarray(0, at),
    section(sharedUpToAll),
    compiled.subarray(at + plain.length),
  ]);
}
