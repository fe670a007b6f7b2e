import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '../../../scripts/checkout';
import type { WantedBackend } from './start-backend';
import { backendWords } from './start-backend';

/** What memory-run.ts prints on the way, a line each. */
interface Held {
  readonly step: number;
  readonly seconds: number;
  readonly numTensors: number;
  readonly numBytes: number;
  /** Bytes of the whole process. */
  readonly resident: number;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Trains on each backend in a process of its own, and prints what is held on the way. */
export function benchMemory(backends: readonly WantedBackend[]): Promise<void> {
  for (const wanted of backends) {
    const script = join(__dirname, 'memory-run.ts');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', script, ...backendWords(wanted)],
      { encoding: 'utf8', cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    if (status !== 0) throw new Error(`memory-run.ts failed on ${wanted.backend}`);
    const lines = stdout.trim().split('\n');
    print(
      wanted.backend,
      lines.map((line) => JSON.parse(line) as Held),
    );
  }
  return Promise.resolve();
}

function print(backend: string, held: readonly Held[]): void {
  const last = held[held.length - 1];
  console.log(`\nMemory on ${backend}: ${last.step} training steps in ${last.seconds.toFixed(0)} s`);
  console.log('| steps | tensors | MB of tensors | MB of the process |\n|---|---|---|---|');
  for (const { step, numTensors, numBytes, resident } of held) {
    console.log(`| ${step} | ${numTensors} | ${megabytes(numBytes)} | ${megabytes(resident)} |`);
  }
  for (const from of [held[0], held[(held.length >> 1) - 1]]) {
    console.log(
      `  growth from step ${from.step} to ${last.step}: ${last.numTensors - from.numTensors} tensors, ` +
        `${megabytes(last.numBytes - from.numBytes)} MB of tensors, ` +
        `${megabytes(last.resident - from.resident)} MB of the process`,
    );
  }
}
