// What happens to webgpu in a process of its own: run by start-webgpu.test.ts, which reads the line it prints.
import * as tf from '@tensorflow/tfjs-core';
import { startWebgpu } from '../../../sdk/nn/backend/start-webgpu';
import { offerSoftwareGraphics } from '../../support/software-graphics';

/** The message of what a promise fails with. */
async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
}

/** Computes enough for the graphics card to be needed, and reads it. */
async function compute(): Promise<number> {
  const result = tf.tidy(() => tf.sum(tf.relu(tf.matMul(tf.ones([50, 60]), tf.ones([60, 50])))));
  try {
    return (await result.data())[0];
  } finally {
    result.dispose();
  }
}

/** Runs on the graphics card, loses it, and starts anew. */
async function lose(): Promise<string[]> {
  const before = `${await compute()}`;
  const pending = tf.tidy(() => tf.relu(tf.matMul(tf.ones([50, 60]), tf.ones([60, 50]))));
  (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
  const whileReading = await messageOf(pending.data());
  const afterwards = await messageOf(compute());
  await startWebgpu();
  await tf.setBackend('webgpu');
  return [before, whileReading, afterwards, `${await compute()}`];
}

async function main(what: string | undefined): Promise<unknown> {
  offerSoftwareGraphics();
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  if (what === 'fail') return messageOf(startWebgpu());
  const reports = await Promise.all([startWebgpu(), startWebgpu()]);
  await tf.setBackend('webgpu');
  if (what === 'lose') return lose();
  const same =
    JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'navigator')) === JSON.stringify(navigator);
  return { sum: await compute(), devices: reports.map(({ device }) => device), navigatorUntouched: same };
}

void main(process.argv[2]).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
