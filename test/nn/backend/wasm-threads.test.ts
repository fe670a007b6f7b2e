import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import * as tfjs from '@tensorflow/tfjs-backend-wasm';
import {
  knownTexts,
  knownVersion,
  loadSingleThreadedModule,
  loadThreadedModule,
} from '../../../sdk/nn/backend/wasm-threads';

/** What the threaded module shows of its threads. */
interface ThreadedModule {
  readonly PThread: {
    readonly runningWorkers: readonly object[];
    readonly unusedWorkers: readonly object[];
    terminateAllThreads(): void;
  };
  readonly asm: {
    init_with_threads_count(threads: number): void;
    get_threads_count(): number;
  };
  readonly wasmMemory: { readonly buffer: ArrayBufferLike };
}

describe('the threads of tfjs-backend-wasm', () => {
  // When one of these fails, tfjs-backend-wasm has changed: see whether wasm-threads.ts still says what its scripts do.
  describe('upstream is as it is known', () => {
    const file = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
    const script = readFileSync(createRequire(__filename).resolve(file), 'utf8');

    it('its version', () => assert.equal(tfjs.version_wasm, knownVersion));

    for (const text of knownTexts) {
      it(`its start-up script has once: ${text}`, () => assert.equal(script.split(text).length, 2));
    }

    it('its script says what its workers run, newlines unescaped', () => {
      const { wasmWorkerContents } = createRequire(__filename)(
        '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js',
      ) as { wasmWorkerContents: string };
      assert.match(wasmWorkerContents, /^"use strict";var Module=/);
      assert.equal(wasmWorkerContents.split('\n').length, 2);
    });

    it('it offers the backend as a class, and a choice of threads', () => {
      assert.equal(typeof tfjs.BackendWasm, 'function');
      assert.equal(typeof tfjs.setThreadsCount, 'function');
    });
  });

  it('start, as many as asked for, and leave the process as it was', async () => {
    const before = traces();
    const { module, workers } = await loadThreadedModule(3);
    const { PThread, asm, wasmMemory } = module as unknown as ThreadedModule;
    try {
      assert.equal(workers.length, 2);
      assert.ok(wasmMemory.buffer instanceof SharedArrayBuffer);
      asm.init_with_threads_count(3);
      assert.equal(asm.get_threads_count(), 3);
      assert.equal(PThread.runningWorkers.length, 2);
      assert.deepEqual(traces(), before);
    } finally {
      PThread.terminateAllThreads();
    }
  });

  it('are not needed for the single-threaded code', async () => {
    const before = traces();
    const { workers } = await loadSingleThreadedModule();
    assert.equal(workers.length, 0);
    assert.deepEqual(traces(), before);
  });
});

/** What the start-up script would change if it were left alone. */
function traces(): unknown[] {
  const listeners = (['uncaughtException', 'unhandledRejection'] as const).map((event) =>
    process.listenerCount(event),
  );
  return [...listeners, os.cpus().length, 'Worker' in globalThis, process.exitCode];
}
