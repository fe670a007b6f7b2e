import type { Worker } from 'node:worker_threads';
import { helperThreads } from './helper-threads';
import type { Job, SharedProgram } from './thread-team';

type Kernel = (...args: number[]) => void;

/** What is where in the shared words of a task: for each of its jobs the next unit to be taken and how many are done. */
const NEXT = 0;
const DONE = 1;
const WORDS = 2;
/** Before the words of the first job: whether a helper failed. */
const FAILED = 0;
const FIRST = 1;
/** Nobody takes a unit from here on. */
const NONE_LEFT = 2 ** 30;

/** A job as helpers get it. */
export type StepOfTask = Omit<Job, 'grain' | 'meanwhile'>;

/** The program of the helping threads. It is text because a thread needs a program of its own. */
const workerProgram = `'use strict';
const { parentPort, workerData: { module, memory, names, index } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', ({ shared, steps }) => {
  const words = new Int32Array(shared);
  steps.forEach(({ kernel, args, units, scratch, scratchBytes }, step) => {
    const next = ${FIRST} + ${WORDS} * step + ${NEXT};
    const done = ${FIRST} + ${WORDS} * step + ${DONE};
    for (;;) {
      const unit = Atomics.add(words, next, 1);
      if (unit >= units) break;
      try {
        exports[names[kernel]](...args, unit, unit + 1, scratch + index * scratchBytes);
      } catch {
        Atomics.store(words, ${FAILED}, 1);
      }
      Atomics.add(words, done, 1);
      Atomics.notify(words, done);
    }
    for (let so; (so = Atomics.load(words, done)) < units; ) Atomics.wait(words, done, so, 1000);
  });
});`;

/** Jobs that follow each other, done by helpers while the calling thread does something else. */
export interface BackgroundTask {
  /** Whether nothing is left to do. */
  isDone(): boolean;
  /** Does what is left, with the helpers, and returns when all is done. */
  finish(): void;
  /** Leaves undone what nobody has begun, and returns when nobody is at work on it. */
  drop(): void;
}

/** Tasks that nobody has asked the results of yet. */
const underWay = new Set<BackgroundTask>();

/** Whether helping threads are at work on something that was started before. */
export function helpersAreBusy(): boolean {
  return [...underWay].some((task) => !task.isDone());
}

/** Threads that do tasks in the order in which they are given, by themselves, until the calling one comes to help. */
export class BackgroundTeam {
  /** How many threads there are, the calling one included. */
  readonly size: number;
  private readonly kernels: readonly Kernel[];
  private readonly workers: readonly Worker[];

  /**
   * @param program - the module whose exports the kernels are
   * @param kernels - the kernels of the calling thread, by name
   * @param size - the number of threads
   */
  constructor(program: SharedProgram, kernels: ReadonlyMap<string, Kernel>, size: number) {
    this.size = size;
    this.kernels = [...kernels.values()];
    this.workers = helperThreads(workerProgram, { ...program, names: [...kernels.keys()] }, size - 1);
  }

  /** Gives helpers jobs to do, one after the other, the units of each on all threads. */
  start(steps: readonly StepOfTask[]): BackgroundTask {
    const words = new Int32Array(new SharedArrayBuffer(4 * (FIRST + WORDS * steps.length)));
    for (const worker of this.workers) worker.postMessage({ shared: words.buffer, steps });
    const place = (step: number): number => FIRST + WORDS * step;
    const task: BackgroundTask = {
      isDone: () => steps.every(({ units }, step) => Atomics.load(words, place(step) + DONE) >= units),
      finish: () => {
        underWay.delete(task);
        steps.forEach((step, at) => this.workOn(step, words, place(at)));
        if (Atomics.load(words, FAILED) !== 0) throw new Error('a thread of a WebAssembly module failed');
      },
      drop: () => {
        underWay.delete(task);
        steps.forEach(({ units }, step) => {
          const taken = Math.min(units, Atomics.exchange(words, place(step) + NEXT, NONE_LEFT));
          waitForDone(words, place(step) + DONE, taken);
          Atomics.store(words, place(step) + DONE, units);
          Atomics.notify(words, place(step) + DONE);
        });
      },
    };
    underWay.add(task);
    return task;
  }

  /** Ends the helping threads. */
  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private workOn({ kernel, args, units, scratch }: StepOfTask, words: Int32Array, place: number): void {
    for (;;) {
      const unit = Atomics.add(words, place + NEXT, 1);
      if (unit >= units) break;
      try {
        this.kernels[kernel](...args, unit, unit + 1, scratch);
      } catch (error) {
        Atomics.store(words, FAILED, 1);
        throw error;
      } finally {
        Atomics.add(words, place + DONE, 1);
        Atomics.notify(words, place + DONE);
      }
    }
    waitForDone(words, place + DONE, units);
  }
}

function waitForDone(words: Int32Array, place: number, units: number): void {
  for (;;) {
    const done = Atomics.load(words, place);
    if (done >= units) return;
    Atomics.wait(words, place, done, 1000);
  }
}
