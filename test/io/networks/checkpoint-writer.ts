// A program for the tests of checkpoint folders to kill: goes on from the newest checkpoint, keeps one after the other,
// and says so when each is safe. Every number of a checkpoint is its step.
import { checkpointFolder } from '../../../sdk/io/networks/checkpoint-folder';

async function main(path: string, interval: number): Promise<void> {
  const store = checkpointFolder(path);
  await store.open();
  const found = await store.latest();
  process.stdout.write(`from ${found?.step ?? 0}\n`);
  for (let step = (found?.step ?? 0) + interval; ; step += interval) {
    const fill = (size: number): Float32Array => new Float32Array(size).fill(step);
    const arrays = new Map([
      ['small', { shape: [3], data: fill(3) }],
      ['large', { shape: [256, 1024], data: fill(256 * 1024) }],
      ['other', { shape: [100, 1000], data: fill(100_000) }],
    ]);
    await store.save({ step, state: { step, history: Array.from({ length: 500 }, () => step) }, arrays });
    process.stdout.write(`kept ${step}\n`);
  }
}

void main(process.argv[2], Number(process.argv[3]));
