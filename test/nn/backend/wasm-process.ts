// Starts the wasm backend in a process of its own and prints what it does, see start-wasm.test.ts:
//   wasm-process.ts <threads> [worker | no-workers | remove]
import workerThreads from 'node:worker_threads';
import type { Rank } from '@tensorflow/tfjs-core';
import { backend, conv2d, ones, removeBackend, setBackend, sum } from '@tensorflow/tfjs-core';
import { startWasm } from '../../../sdk/nn/backend/start-wasm';

const { argv, isMainThread } = { argv: process.argv.slice(2), ...workerThreads };
const threads = Number(argv[0]);
const variant = argv.at(1);

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
