import { addressesOfMemory, addressSpace, threadsWithin } from '../../address-space';
import { ownCores } from '../own-cores';
import { helpersAreBusy } from './background-team';
import { tableModule } from './compiled';
import type { ModuleMemory } from './start-team';
import { startTeam } from './start-team';
import type { ThreadTeam } from './thread-team';

/** The kernels of the module; their arguments are in the folder source. */
export type Float64KernelName = (typeof kernelNames)[number];

export const kernelNames = [
  'products',
  'ownBlocks',
  'solvePairs',
  'decidePairs',
  'siteSums',
  'siteSquares',
  'putBack',
  'shrinkSite',
  'fitPrior',
  'siteEffects',
  'siteIntercepts',
  'poolSites',
  'measureSites',
  'rangeOverSites',
  'siteCorrections',
  'siteDistances',
  'siteDrifts',
  'farRows',
  'tridiagonalize',
  'centerColumns',
  'centerByGroups',
  'groupMeans',
  'divideColumns',
  'columnNorms',
  'factorColumns',
  'thinBasis',
  'leastSquares',
  'turnTable',
  'turnPanels',
  'rowPanels',
  'columnPanels',
  'panelRows',
  'finishProducts',
  'standardizeLeftovers',
  'moveFeatures',
  'inverseIteration',
  'eigenvalues',
] as const;

/** Memory for one computation by kernels, which takes it piece by piece. */
export interface Float64Room {
  /** Takes so many bytes, at a multiple of 64; what is in them is not known. */
  take(bytes: number): number;
  doubles(address: number, count: number): Float64Array;
  integers(address: number, count: number): Int32Array;
  /** Runs a kernel with all arguments but the last three: `from`, `to` and `scratch`. */
  run(name: Float64KernelName, args: readonly number[], division: Float64Division): void;
}

/** How the work of a kernel is divided. */
export interface Float64Division {
  /** How many units of work there are. */
  readonly units: number;
  /** The memory that each thread needs for itself, in bytes. @defaultValue 0 */
  readonly scratchBytes?: number;
  /** What the calling thread does first, while its helpers are at work: anything but running a kernel. */
  readonly meanwhile?: () => void;
}

/** What a computation needs. */
export interface Float64Need {
  /** How much is taken at most, in bytes. */
  readonly bytes: number;
  /** How much each thread needs beside that. */
  readonly scratchBytes: number;
  /** How many multiplications there are, more or less: few are not worth threads. */
  readonly work: number;
}

/** Rows of a table that go into memory. */
export interface Float64Rows {
  /** Rows × width, row-major. */
  readonly values: Float64Array;
  readonly width: number;
  /** Which row comes where, −1 for a row of zeros; their number is a multiple of four. */
  readonly order: Int32Array;
}

/**
 * Puts rows into memory by fours, as kernels multiply them: the first values of four rows, the second ones, and so on.
 *
 * @returns their address
 */
export function putPanels(room: Float64Room, { values, width, order }: Float64Rows): number {
  const address = room.take(8 * order.length * width);
  const panels = room.doubles(address, order.length * width);
  order.forEach((row, place) => {
    const start = (place - (place % 4)) * width + (place % 4);
    for (let k = 0; k < width; k++) panels[start + k * 4] = row < 0 ? 0 : values[row * width + k];
  });
  return address;
}

/** Memory that can grow, by pages of 64 KiB. */
export interface GrowingMemory extends ModuleMemory {
  grow(pages: number): number;
}

/** What is started once and used again. */
interface Engine {
  readonly memory: GrowingMemory;
  readonly team: ThreadTeam;
}

// The library compiles without the types of browsers, where this one has its place.
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => GrowingMemory;
};

const page = 65536;
const mostPages = 65536;
/** Memory beyond this is given back after use. */
export const keptBytes: number = 2 ** 28;
/** Beyond this many threads there is little to gain. */
const manyThreads = 16;

/** A thread takes some milliseconds to start: this many multiplications are worth one. */
const worthAThread = 2e8;

/** By their number of threads. */
const engines = new Map<number, Engine>();

/**
 * Gives a computation memory and threads for the time that it takes.
 *
 * @returns what it returns; undefined, and nothing was done, where there is not as much memory for WebAssembly: it has 4 GB
 * at most, and where a process may use few addresses (`ulimit -v`) V8 has none for it
 */
export function withFloat64Kernels<Result extends object>(
  need: Float64Need,
  work: (room: Float64Room) => Result,
): Result | undefined {
  const apart = roundUp(need.scratchBytes, 128);
  const most = threadsFor(need);
  if (most < 1) return undefined;
  // Helpers that are at work elsewhere are not disturbed.
  const engine = helpersAreBusy() ? engineOf(1) : (startedEngine(most, need) ?? engineOf(most));
  if (engine === undefined || !reserve(engine.memory, need.bytes + apart * engine.team.size))
    return undefined;
  try {
    return work(roomOf(engine));
  } finally {
    if (engine.memory.buffer.byteLength > keptBytes) {
      forget(engine);
      void engine.team.end();
    }
  }
}

/**
 * Starts the threads that a computation will be worth, so that they are there when it comes: they start while something else is
 * done. Nothing where they are there already, or it is worth none.
 */
export function startThreads(need: Float64Need): void {
  const threads = threadsFor(need);
  if (threads > 1 && startedEngine(threads, need) === undefined) engineOf(threads);
}

/** What was started for as many threads or more: its memory and its kernels, fast by now, serve fewer threads as well. */
function startedEngine(threads: number, { bytes, scratchBytes }: Float64Need): Engine | undefined {
  const fits = (size: number): boolean => bytes + roundUp(scratchBytes, 128) * size <= mostPages * page;
  const sizes = [...engines.keys()].filter((size) => size >= threads && fits(size));
  return sizes.length === 0 ? undefined : engines.get(Math.min(...sizes));
}

function engineOf(threads: number): Engine | undefined {
  const engine = engines.get(threads) ?? start(threads);
  if (engine !== undefined) engines.set(threads, engine);
  return engine;
}

function forget(engine: Engine): void {
  for (const [threads, own] of engines) if (own === engine) engines.delete(threads);
}

/** How many threads a computation is worth, as far as there are cores and memory; none where there is not enough. */
export function threadsFor({ bytes, scratchBytes, work }: Float64Need): number {
  const free = mostPages * page - bytes;
  const worth = Math.max(1, Math.ceil(work / worthAThread));
  // How many there may be takes reading of files: not for what one does.
  return Math.min(
    worth,
    worth === 1 ? 1 : threadsHere(),
    Math.floor(free / Math.max(roundUp(scratchBytes, 128), 1)),
  );
}

/** Whether some computation started kernels before, so that another can use them for nothing. */
export function kernelsStarted(): boolean {
  return engines.size > 0;
}

let possibleThreads: number | undefined;

/** The threads that this process may have, the calling one included. */
export function threadsHere(): number {
  possibleThreads ??= Math.min(
    ownCores(),
    manyThreads,
    1 + threadsWithin(addressSpace(), addressesOfMemory()),
  );
  return possibleThreads;
}

function start(threads: number): Engine | undefined {
  try {
    const memory = makeMemory(threads);
    return { memory, team: startTeam(tableModule.code, kernelNames, { memory, threads }) };
  } catch {
    return undefined;
  }
}

/** Memory that so many threads share. */
export function makeMemory(threads: number): GrowingMemory {
  return new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: threads > 1 });
}

/** Lets memory grow to so many bytes; whether there are as many. */
export function reserve(memory: GrowingMemory, bytes: number): boolean {
  const missing = Math.ceil(bytes / page) - memory.buffer.byteLength / page;
  try {
    if (missing > 0) memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}

function roomOf({ memory, team }: Engine): Float64Room {
  const { end, ...pieces } = piecesOf(memory, 0);
  return {
    ...pieces,
    run: (name, args, { units, scratchBytes = 0, meanwhile }) => {
      // Threads that write to neighboring bytes would wait for each other.
      const apart = roundUp(scratchBytes, 128);
      const job = { kernel: kernelNames.indexOf(name), args, units, grain: 1, meanwhile };
      team.run({ ...job, scratch: roundUp(end(), 128), scratchBytes: apart });
    },
  };
}

/** Memory from an address on, to be taken piece by piece; `end` is the first byte that was not taken. */
export function piecesOf(
  memory: GrowingMemory,
  first: number,
): Omit<Float64Room, 'run'> & { readonly end: () => number } {
  let next = first;
  return {
    take: (bytes) => {
      const address = next;
      next = roundUp(next + bytes, 64);
      return address;
    },
    doubles: (address, count) => new Float64Array(memory.buffer, address, count),
    integers: (address, count) => new Int32Array(memory.buffer, address, count),
    end: () => next,
  };
}

/** The least multiple that is not below a count. */
export function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}
