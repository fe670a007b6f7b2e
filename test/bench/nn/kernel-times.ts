import {
  backend,
  getBackend,
  getKernelsForBackend,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { tensorflowKernelsOn } from '../../../sdk/nn/backend/tensorflow-kernels/tensorflow-kernels';
import { kernelsOn } from '../../../sdk/nn/backend/wasm-kernels/wasm-kernel';
import type { KernelTime } from './tasks';

/** What the time between kernels is called: the work of tfjs and of the library in JavaScript. */
export const betweenKernels = 'between kernels';

/**
 * Does some work and tells how long each kernel of the current backend took, those of tfjs and those that the library
 * calls by itself on wasm. From then on every kernel of the process is timed.
 *
 * @throws Error on webgpu, whose kernels run after the calls have returned
 */
export async function kernelTimes(work: () => Promise<unknown>): Promise<readonly KernelTime[]> {
  if (getBackend() === 'webgpu') throw new Error('kernels on webgpu run after the calls have returned');
  const times = new Map<string, { calls: number; seconds: number; processor: number }>();
  let inside = false;
  const timed =
    <Args extends readonly unknown[], Result>(run: (...args: Args) => Result, name: (args: Args) => string) =>
    (...args: Args): Result => {
      // A kernel may call others: the time is that of the outermost.
      if (inside) return run(...args);
      inside = true;
      const started = timesNow();
      try {
        return run(...args);
      } finally {
        inside = false;
        add(name(args), started);
      }
    };
  const add = (name: string, started: Times): void => {
    const { calls, seconds, processor } = times.get(name) ?? { calls: 0, seconds: 0, processor: 0 };
    const passed = since(started);
    times.set(name, {
      calls: calls + 1,
      seconds: seconds + passed.seconds,
      processor: processor + passed.processor,
    });
  };

  for (const config of getKernelsForBackend(getBackend())) {
    unregisterKernel(config.kernelName, config.backendName);
    registerKernel({ ...config, kernelFunc: timed(config.kernelFunc, () => config.kernelName) });
  }
  // The kernels of our own are also called past tfjs.
  for (const own of [kernelsOn(backend()), tensorflowKernelsOn(backend())]) {
    if (own === undefined) continue;
    const run = own.run.bind(own) as (name: string, ...rest: readonly unknown[]) => unknown;
    Object.assign(own, { run: timed(run, ([name]) => `${name} (called directly)`) });
  }

  await work();
  times.clear();
  const started = timesNow();
  await work();
  const all = since(started);
  const found = [...times].map(([name, time]) => ({ name, ...time }));
  const rest = found.reduce(
    (left, { seconds, processor }) => ({
      seconds: left.seconds - seconds,
      processor: left.processor - processor,
    }),
    all,
  );
  return [...found, { name: betweenKernels, calls: 0, ...rest }];
}

/** Both in seconds. */
interface Times {
  readonly seconds: number;
  readonly processor: number;
}

function timesNow(): Times {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, processor: (user + system) / 1e6 };
}

function since(started: Times): Times {
  const now = timesNow();
  return { seconds: now.seconds - started.seconds, processor: now.processor - started.processor };
}
