import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBackend, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../../sdk/errors';
import { startWasm } from '../../../sdk/nn/backend/start-wasm';

const run = promisify(execFile);

/** Runs wasm-process.ts, which starts the backend and computes, in a process of its own, and reads what it reports. */
async function inProcess(...args: string[]): Promise<Record<string, unknown>> {
  const program = join(__dirname, 'wasm-process.ts');
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', program, ...args], {
    timeout: 300_000,
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('startWasm', () => {
  const previous = getBackend() as string | undefined;
  after(async () => void (previous !== undefined && (await setBackend(previous))));

  it('registers a backend that computes, and answers later calls alike', async () => {
    const report = await startWasm();
    assert.equal(report.simd, true);
    assert.deepEqual(report.notes, []);
    assert.match(report.package, /^@tensorflow\/tfjs-backend-wasm@\d/);
    assert.equal(report.memoryLimit, 2 ** 32);
    assert.equal(await setBackend('wasm'), true);
    const backend = findBackend('wasm');
    assert.equal(await startWasm({ threads: 1 }), report);
    assert.equal(findBackend('wasm'), backend);
  });

  it('refuses a number of threads that is none', async () => {
    for (const threads of [0, 1.5, -1, NaN]) {
      const refused = (error: unknown): boolean =>
        error instanceof ConcordError && error.code === 'invalid-option';
      await assert.rejects(() => startWasm({ threads }), refused);
    }
  });

  const computed = { sum: 5184, threads: 1, notes: [] as string[], pthreads: 0 };

  it('computes on one thread and on several, to the same bits, and the process ends by itself', async () => {
    const { bits, ...alone } = await inProcess('1', 'bits');
    assert.deepEqual(alone, computed);
    assert.match(String(bits), /^[0-9a-f]{64}$/);
    assert.deepEqual(await inProcess('3', 'bits'), { ...computed, threads: 3, pthreads: 2, bits });
  });

  it('works in a worker', async () => {
    assert.deepEqual(await inProcess('2', 'worker'), { ...computed, threads: 2, pthreads: 1 });
  });

  it('says why where threads cannot start, and computes all the same', async () => {
    const { notes, ...rest } = await inProcess('2', 'no-workers');
    assert.deepEqual(rest, { sum: 5184, threads: 1, pthreads: 0 });
    assert.match((notes as string[])[0], /^on one thread, because .*no workers here/);
  });

  it('starts again when somebody has removed it', async () => {
    assert.deepEqual(await inProcess('1', 'remove'), computed);
  });
});
