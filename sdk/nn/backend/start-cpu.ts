import { availableParallelism, cpus } from 'node:os';
import '@tensorflow/tfjs-backend-cpu';
import { findBackend, version_core } from '@tensorflow/tfjs-core';
import type { StartedBackend } from './backend-report';

/** The processor of this machine, in words. */
export function processorName(): string {
  const model = cpus().at(0)?.model.trim();
  return `${model === undefined || model === '' ? 'processor' : model} (${availableParallelism()} cores)`;
}

/** Starts the backend in plain JavaScript, which runs everywhere, slowly: for tests and where nothing else starts. */
export function startCpu(): Promise<StartedBackend> {
  // At its first use it would print an advertisement for native TensorFlow; what there is to say is in the report.
  const backend = findBackend('cpu') as { firstUse?: boolean };
  backend.firstUse = false;
  return Promise.resolve({
    device: processorName(),
    package: `@tensorflow/tfjs-backend-cpu@${version_core}`,
    threads: 1,
    simd: false,
    notes: [],
  });
}
