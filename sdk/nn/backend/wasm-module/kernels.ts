import type { ModuleMemory } from '../../../math/wasm/start-team';
import { startTeam } from '../../../math/wasm/start-team';
import { networkModule } from './compiled';

/** A place in the memory of the backend: a byte offset. */
export type Address = number;

/** The kernels of the module; their arguments are in the folder source. */
export type KernelName = (typeof kernelNames)[number];

/** What of tfjs's module is used: its memory and how to get some. */
export interface BackendMemory {
  readonly memory: ModuleMemory;
  readonly malloc: (bytes: number) => Address;
  readonly free: (address: Address) => void;
}

/** How the work of a kernel is divided. */
export interface Division {
  /** How many units of work there are. */
  readonly units: number;
  /** How many are worth handing to another thread. @defaultValue 1 */
  readonly grain?: number;
  /** The memory that each thread needs for itself, in bytes. @defaultValue 0 */
  readonly scratchBytes?: number;
}

/** The kernels of our own on the memory of a backend. */
export interface Kernels {
  readonly threads: number;
  /** Runs a kernel with all arguments but the last three: `from`, `to` and `scratch`. */
  run(name: KernelName, args: readonly number[], division: Division): void;
  /** Runs `work` with memory that is freed afterwards, at a multiple of 64 bytes: no other thread writes beside it. */
  withMemory<Result>(bytes: number, work: (address: Address) => Result): Result;
  /** Values in memory, to be read and written; until memory is asked for next. */
  floats(address: Address, count: number): Float32Array;
  integers(address: Address, count: number): Int32Array;
  /** At least that many zeros, which must stay zeros. */
  zeros(count: number): Address;
}

const kernelNames = [
  'packPanels',
  'convolve',
  'transformFilter',
  'convolveTiles',
  'sumTiles',
  'filterOfSums',
  'convolveWeights',
  'unpackWeights',
  'multiplyEach',
  'sumMiddle',
  'sumLast',
  'addTo',
  'steer',
  'attend',
  'copyBox',
  'clip',
  'siluForward',
  'siluBackward',
  'normalizeGroups',
  'normalizeGroupsGradient',
  'adam',
  'blend',
  'sumOfSquares',
] as const;

/** Makes the kernels work on a memory, with a team of threads where the memory can be shared. */
export function startKernels({ memory, malloc, free }: BackendMemory, threads: number): Kernels {
  const team = startTeam(networkModule.code, kernelNames, { memory, threads });

  const withMemory = <Result>(bytes: number, work: (address: Address) => Result): Result => {
    const start = malloc(bytes + 64);
    try {
      return work(((start + 63) & ~63) >>> 0);
    } finally {
      free(start);
    }
  };
  let zeros = { address: 0, count: 0 };
  return {
    threads: team.size,
    withMemory,
    run: (name, args, { units, grain = 1, scratchBytes = 0 }) => {
      // Threads that write to neighboring bytes would wait for each other.
      const apart = (scratchBytes + 127) & ~127;
      withMemory(apart * team.size, (scratch) => {
        const kernel = kernelNames.indexOf(name);
        team.run({ kernel, args, units, grain, scratch, scratchBytes: apart });
      });
    },
    floats: (address, count) => new Float32Array(memory.buffer, address, count),
    integers: (address, count) => new Int32Array(memory.buffer, address, count),
    zeros: (count) => {
      if (count > zeros.count) {
        free(zeros.address);
        zeros = { address: malloc(4 * count), count };
        new Float32Array(memory.buffer, zeros.address, count).fill(0);
      }
      return zeros.address;
    },
  };
}
