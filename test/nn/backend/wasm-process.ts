// Starts the wasm backend in a process of its own and prints what it does, see start-wasm.test.ts:
//   wasm-process.ts <threads> [bits | worker | no-workers | remove]
import { createHash } from 'node:crypto';
import workerThreads from 'node:worker_threads';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { backend, conv2d, grads, ones, removeBackend, setBackend, sum, tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { startWasm } from '../../../sdk/nn/backend/start-wasm';

const { argv, isMainThread } = { argv: process.argv.slice(2), ...workerThreads };
const threads = Number(argv[0]);
const variant = argv.at(1);

/** A digest of a convolution and its gradients that several threads share. */
function bitsOfConvolution(): string {
  const some = (...shape: [number, number, number, number]): Tensor4D =>
    tensor<Rank.R4>(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(0.7 * i)),
      shape,
    );
  const convolve = (x: Tensor, filter: Tensor): Tensor =>
    conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same');
  const [x, filter, dy] = [some(2, 33, 32, 32), some(3, 3, 32, 24), some(2, 33, 32, 24)];
  const hash = createHash('sha256');
  for (const made of [convolve(x, filter), ...grads(convolve)([x, filter], dy)]) {
    hash.update(made.dataSync<'float32'>());
  }
  return hash.digest('hex');
}

/** The sum of a convolution of ones, and how the backend came up. */
async function compute(): Promise<string> {
  await startWasm({ threads });
  if (variant === 'remove') removeBackend('wasm');
  const report = await startWasm({ threads });
  await setBackend('wasm');
  const images = conv2d(ones<Rank.R4>([1, 18, 18, 1]), ones<Rank.R4>([1, 1, 1, 16]), 1, 'valid');
  const { wasm } = backend() as unknown as { wasm: { PThread?: { runningWorkers: readonly object[] } } };
  return JSON.stringify({
    sum: (await sum(images).data())[0],
    threads: report.threads,
    notes: report.notes,
    bits: variant === 'bits' ? bitsOfConvolution() : undefined,
    pthreads: wasm.PThread?.runningWorkers.length ?? 0,
  });
}

if (variant === 'worker' && isMainThread) {
  const program = `require('tsx/cjs'); require(${JSON.stringify(__filename)});`;
  new workerThreads.Worker(program, { eval: true, argv, execArgv: [] });
} else {
  if (variant === 'no-workers') {
    workerThreads.Worker = class {
      constructor() {
        throw new Error('no workers here');
      }
    } as unknown as typeof workerThreads.Worker;
  }
  void compute().then((text) => process.stdout.write(text));
}
