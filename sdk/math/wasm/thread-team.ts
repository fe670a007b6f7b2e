import type { Worker } from 'node:worker_threads';
import { helperThreads } from './helper-threads';

/** A WebAssembly module and the memory that its instances share; the library compiles without the types of browsers. */
export interface SharedProgram {
  readonly module: object;
  readonly memory: object;
}

/** Work that several threads can share. */
export interface Job {
  /** The position of a kernel in the list of the team. */
  readonly kernel: number;
  /** All arguments but the last three. */
  readonly args: readonly number[];
  /** How many units of work there are. */
  readonly units: number;
  /** How many units are taken at a time. */
  readonly grain: number;
  /** Memory for each thread, one after the other. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** What the calling thread does first, such as copying, while its helpers are at work. */
  readonly meanwhile?: () => void;
}

type Kernel = (...args: number[]) => void;

/** What is where in the shared words. DONE counts the chunks that helpers have done. */
const NEXT = 0;
const DONE = 1;
const ASLEEP = 2;
const FAILED = 3;
const KERNEL = 4;
const ARGUMENTS = 5;
const UNITS = 6;
const GRAIN = 7;
const SCRATCH = 8;
const SCRATCH_BYTES = 9;
const WORDS = 16;
const MOST_ARGUMENTS = 32;

/**
 * In the word NEXT: the next chunk of work in the low bits, the number of the job above. A thread takes a chunk by
 * adding one to the very word that it had read before it read the arguments, so that one that comes late cannot take
 * the arguments of one job and a chunk of the next.
 */
const CHUNK_BITS = 10;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
/** The place of a chunk that says that the next job is being written down: nothing can be taken now. */
const CLOSED = CHUNK_MASK;
/** The most chunks that a job is divided into. */
const MOST_CHUNKS = 1000;

/**
 * How often an idle thread looks for work before it sleeps: some tens of microseconds, which is as long as waking it
 * takes.
 */
const LOOKS = 4000;

/** The program of the helping threads. It is text because a thread needs a program of its own. */
const workerProgram = `'use strict';
const { workerData: { module, memory, names, shared, values, index } } = require('node:worker_threads');
const words = new Int32Array(shared);
const numbers = new Float64Array(values);
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const kernels = names.map((name) => exports[name]);
for (;;) {
  const seen = Atomics.load(words, ${NEXT});
  const chunk = seen & ${CHUNK_MASK};
  const units = words[${UNITS}];
  const grain = words[${GRAIN}];
  if (chunk === ${CLOSED} || chunk * grain >= units) {
    let looks = ${LOOKS};
    while (looks > 0 && Atomics.load(words, ${NEXT}) === seen) looks--;
    if (looks > 0) continue;
    Atomics.add(words, ${ASLEEP}, 1);
    Atomics.wait(words, ${NEXT}, seen);
    Atomics.sub(words, ${ASLEEP}, 1);
    continue;
  }
  const kernel = kernels[words[${KERNEL}]];
  const args = Array.from(numbers.subarray(0, words[${ARGUMENTS}]));
  const scratch = words[${SCRATCH}] + index * words[${SCRATCH_BYTES}];
  if (Atomics.compareExchange(words, ${NEXT}, seen, seen + 1) !== seen) continue;
  try {
    kernel(...args, chunk * grain, Math.min((chunk + 1) * grain, units), scratch);
  } catch {
    Atomics.store(words, ${FAILED}, 1);
  }
  Atomics.add(words, ${DONE}, 1);
  Atomics.notify(words, ${DONE});
}`;

/** Threads that share the work of kernels: the calling one and its helpers. */
export class ThreadTeam {
  /** How many threads there are, the calling one included. */
  readonly size: number;
  private readonly kernels: readonly Kernel[];
  private readonly words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  private readonly values = new Float64Array(new SharedArrayBuffer(8 * MOST_ARGUMENTS));
  private readonly workers: readonly Worker[];
  private job = 0;

  /**
   * @param program - the module whose exports the kernels are
   * @param kernels - the kernels of the calling thread, by name
   * @param size - the number of threads
   */
  constructor(program: SharedProgram, kernels: ReadonlyMap<string, Kernel>, size: number) {
    this.size = size;
    this.kernels = [...kernels.values()];
    const names = [...kernels.keys()];
    const { words, values } = this;
    const data = { ...program, names, shared: words.buffer, values: values.buffer };
    this.workers = helperThreads(workerProgram, data, size - 1);
  }

  /** Does a job and returns when it is done. The calling thread works as well, so that a slow helper delays nothing. */
  run({ kernel, args, units, scratch, scratchBytes, meanwhile, ...job }: Job): void {
    if (units === 0) {
      meanwhile?.();
      return;
    }
    const grain = Math.max(job.grain, Math.ceil(units / MOST_CHUNKS));
    const chunks = Math.ceil(units / grain);
    const run = this.kernels[kernel];
    if (this.size === 1 || chunks === 1) {
      meanwhile?.();
      run(...args, 0, units, scratch);
      return;
    }
    const { words, values } = this;
    this.job = (this.job + 1) & (2 ** (32 - CHUNK_BITS) - 1);
    const first = this.job << CHUNK_BITS;
    Atomics.store(words, NEXT, first | CLOSED);
    values.set(args);
    words[KERNEL] = kernel;
    words[ARGUMENTS] = args.length;
    words[UNITS] = units;
    words[GRAIN] = grain;
    words[SCRATCH] = scratch;
    words[SCRATCH_BYTES] = scratchBytes;
    Atomics.store(words, DONE, 0);
    Atomics.store(words, NEXT, first);
    if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, NEXT);
    let done = 0;
    let failure: Error | undefined;
    try {
      meanwhile?.();
    } catch (error) {
      failure = error as Error;
    }
    for (;;) {
      const chunk = Atomics.add(words, NEXT, 1) & CHUNK_MASK;
      if (chunk >= chunks) break;
      done++;
      // After a failure the rest is taken and left undone, so that what waits below has an end.
      if (failure !== undefined) continue;
      try {
        run(...args, chunk * grain, Math.min((chunk + 1) * grain, units), scratch);
      } catch (error) {
        failure = error as Error;
      }
    }
    this.waitForHelpers(chunks - done);
    if (failure !== undefined) throw failure;
    if (Atomics.exchange(words, FAILED, 0) !== 0) throw new Error('a thread of a WebAssembly module failed');
  }

  /** Ends the helping threads. */
  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private waitForHelpers(chunks: number): void {
    const { words } = this;
    let looks = LOOKS;
    for (;;) {
      const done = Atomics.load(words, DONE);
      if (done === chunks) return;
      if (looks > 0) looks--;
      else Atomics.wait(words, DONE, done, 1000);
    }
  }
}
