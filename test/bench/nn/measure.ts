import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFloats } from '../bias-field-cases';
import type { Peer } from './peer';
import type { Answer, Task, TaskName } from './tasks';

/** How a program did a task. */
export interface Measurement {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly processor: readonly number[];
  /** The losses of its training steps, from the first one on. */
  readonly losses: readonly number[];
  /** The most memory that it ever had resident, in bytes. */
  readonly memory: number;
  readonly note?: string;
}

/** What is measured and how often. */
export interface MeasureOptions {
  readonly task: TaskName;
  readonly repeats: number;
  /** Where the results go, to be compared. */
  readonly folder: string;
}

/**
 * Lets programs do the same task by turns, after one time each that is not counted and whose results are kept. While one
 * works the others wait, and who comes first changes.
 */
export async function measure(
  peers: readonly Peer[],
  { task, repeats, folder }: MeasureOptions,
): Promise<Measurement[]> {
  const answers = new Map<Peer, Answer[]>();
  for (const peer of peers) {
    answers.set(peer, [await askAlone(peer, { task, output: outputOf(folder, peer.name, task) })]);
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < peers.length; turn++) {
      const peer = peers[(repeat + turn) % peers.length];
      if (repeat < (peer.program.most?.[task] ?? repeats))
        answers.get(peer)?.push(await askAlone(peer, { task }));
    }
  }
  return [...answers].map(([{ name }, given]) => {
    const counted = given.length > 1 ? given.slice(1) : given;
    return {
      name,
      seconds: counted.map(({ seconds }) => seconds),
      processor: counted.map(({ processor }) => processor),
      losses: given.flatMap(({ loss }) => (loss === undefined ? [] : [loss])),
      memory: given[given.length - 1].memory,
      note: given[0].note,
    };
  });
}

/**
 * How long all rest before a program works, in milliseconds: threads of the one before it look for more work for a while
 * (those of OpenMP some milliseconds, each on a core of its own) before they sleep.
 */
const rest = 60;

async function askAlone(peer: Peer, task: Task): Promise<Answer> {
  await sleep(rest);
  return peer.ask(task);
}

/** The numbers that each task results in. */
const resultsOf: Readonly<Record<TaskName, readonly string[]>> = {
  'conv-forward': ['y'],
  'conv-training': ['dx', 'dkernel'],
  inference: ['output'],
  latency: ['output'],
  step: [],
  'gan-step': [],
};

/**
 * How far the results of two programs lie apart: the largest difference as a share of the root mean square, and of
 * losses as a share of the loss.
 */
export function largestDifference(
  [one, other]: readonly [Measurement, Measurement],
  { task, folder }: MeasureOptions,
): number {
  if (task === 'step' || task === 'gan-step') {
    const steps = Math.min(one.losses.length, other.losses.length);
    const shares = Array.from({ length: steps }, (_, step) => {
      return Math.abs(one.losses[step] - other.losses[step]) / Math.abs(other.losses[step]);
    });
    return Math.max(...shares);
  }
  const shares = resultsOf[task].map((name) => {
    const [found, expected] = [one, other].map((measurement) =>
      readFloats(`${outputOf(folder, measurement.name, task)}.${name}.f32`),
    );
    return found.length === expected.length ? shareApart(found, expected) : NaN;
  });
  return Math.max(...shares);
}

function shareApart(found: Float32Array, expected: Float32Array): number {
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i] - expected[i]);
    // A value that is not a number shows up instead of being passed over.
    if (!(apart <= largest)) largest = apart;
    squares += expected[i] ** 2;
  }
  return largest / Math.sqrt(squares / expected.length);
}

function outputOf(folder: string, name: string, task: TaskName): string {
  return join(folder, `${name.replace(/\W+/g, '-')}-${task}`);
}
