import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dispose, slice } from '@tensorflow/tfjs-core';
import { peakMemory } from '../process-memory';
import type { Answer, KernelTime, ProfileName, Task, TaskName } from './tasks';

/** What a task came to. Its tensors are disposed once they have been written. */
export interface Outcome {
  readonly tensors?: Readonly<Record<string, Tensor>>;
  readonly loss?: number;
  readonly profile?: readonly KernelTime[];
}

/** What a program can do: each does its task once. */
export type Abilities = Readonly<Record<Exclude<TaskName, 'gan-step'>, () => Promise<Outcome> | Outcome>> &
  Readonly<Partial<Record<'gan-step', () => Promise<Outcome>>>> &
  Readonly<Partial<Record<ProfileName, () => Promise<Outcome>>>>;

/** Says what this program is, then does the tasks on the standard input, a line each, and answers each with a line. */
export async function serveTasks(about: string, abilities: Abilities): Promise<void> {
  console.log(JSON.stringify({ about }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, output } = JSON.parse(line) as Task;
    const work = abilities[task];
    if (work === undefined) throw new Error(`no ${task} here`);
    const before = process.cpuUsage();
    const started = performance.now();
    const { tensors = {}, ...outcome } = await work();
    // Where the backend computes by itself, its results are there when one of their numbers can be read.
    for (const tensor of Object.values(tensors)) await readOne(tensor);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    for (const [name, tensor] of Object.entries(tensors)) {
      if (output !== undefined) writeFileSync(`${output}.${name}.f32`, await tensor.data());
      dispose(tensor);
    }
    const answer: Answer = { seconds, processor: (user + system) / 1e6, memory: peakMemory(), ...outcome };
    console.log(JSON.stringify(answer));
  }
}

async function readOne(tensor: Tensor): Promise<void> {
  const one = slice(tensor, new Array<number>(tensor.rank).fill(0), new Array<number>(tensor.rank).fill(1));
  await one.data();
  one.dispose();
}
