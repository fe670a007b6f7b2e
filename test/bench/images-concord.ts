// Child process of images.bench.ts: does the tasks it reads, a line of JSON each, with Concord, and answers with the
// time each took. A task with `output` has its result written there as raw 32-bit floats, x fastest.
//     node --import tsx images-concord.ts
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { zScore } from '../../sdk/intensity/z-score';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { reorient } from '../../sdk/preprocess/reorient';
import { resample } from '../../sdk/preprocess/resample';
import { nonZeroMask } from '../../sdk/math/images/non-zero-mask';
import { readFloats } from './bias-field-cases';
import type { ResampleCase } from './images-cases';
import type { Repeat } from './images-worker';

/** Load, reorient to RAS and z-score the voxels that are not 0, file after file. */
interface NormalizeTask {
  readonly task: 'normalize';
  readonly files: readonly string[];
  readonly output?: string;
}

interface ResampleTask extends ResampleCase {
  readonly task: 'resample';
  /** The image as raw 32-bit floats, x fastest. */
  readonly input: string;
  readonly output?: string;
}

let held: { readonly input: string; readonly volume: Volume } | undefined;

/** The image of a task; the last one is kept, since reading it is not measured. */
function imageOf({ input, shape, affine }: ResampleTask): Volume {
  if (held?.input !== input) held = { input, volume: makeVolume(readFloats(input), { shape, affine }) };
  return held.volume;
}

async function work(task: NormalizeTask | ResampleTask): Promise<Repeat> {
  const image = task.task === 'resample' ? imageOf(task) : undefined;
  const before = process.cpuUsage();
  const started = performance.now();
  let result: Volume | undefined;
  if (task.task === 'normalize') {
    for (const file of task.files) result = zScore(nonZeroMask(reorient(await readVolume(file))));
  } else if (image !== undefined) {
    const { target: grid, interpolation, antialias } = task;
    result = resample(image, { grid, interpolation, antialias, fill: 0 });
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (task.output !== undefined && result !== undefined) writeFileSync(task.output, result.data);
  return { seconds, processor: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await work(JSON.parse(line) as NormalizeTask | ResampleTask)));
  }
}

void main();
