import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { checkout } from '../../scripts/checkout';

/** What one repeat of a task took. */
export interface Repeat {
  readonly seconds: number;
  /** Processor time, the operating system's work included: on a machine that others use it is the steadier figure. */
  readonly processor: number;
}

/** A program kept running, warm, that does tasks on request. */
export interface Worker {
  readonly name: string;
  /** Sends a task as one line of JSON and waits for the answer, one line too. */
  ask(task: Readonly<Record<string, unknown>>): Promise<Repeat>;
  stop(): Promise<void>;
}

const oneThread = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'VECLIB_MAXIMUM', 'NUMEXPR'].map((name) => [`${name}_NUM_THREADS`, '1']),
);

/** Starts a program that answers tasks on its standard output. */
export function startWorker(name: string, command: string, args: readonly string[]): Worker {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: checkout,
    env: { ...process.env, ...oneThread },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    async ask(task) {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error(`${name} ended without an answer to ${JSON.stringify(task)}`);
      return JSON.parse(answer.value) as Repeat;
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/**
 * Lets workers do the same task by turns, after one repeat each that is not counted. While one works the others wait,
 * and who comes first changes.
 */
export async function takeTurns(
  workers: readonly Worker[],
  task: Readonly<Record<string, unknown>>,
  repeats: number,
): Promise<ReadonlyMap<Worker, readonly Repeat[]>> {
  const taken = new Map<Worker, Repeat[]>(workers.map((worker) => [worker, []]));
  for (const worker of workers) await worker.ask(task);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < workers.length; turn++) {
      const worker = workers[(repeat + turn) % workers.length];
      taken.get(worker)?.push(await worker.ask(task));
    }
  }
  return taken;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
