import assert from 'node:assert/strict';
import { ConcordError } from '../../../sdk/errors';
import { openWasmMemory } from '../../../sdk/nn/backend/wasm-memory';
import type { WasmModule } from '../../../sdk/nn/backend/wasm-threads';

function moduleWith(malloc: (bytes: number) => number): WasmModule {
  const memory = { buffer: new ArrayBuffer(64) };
  return { asm: { memory, malloc, free: () => undefined } } as unknown as WasmModule;
}

describe('openWasmMemory', () => {
  it('answers addresses above 2 GiB as positive numbers', () => {
    assert.equal(openWasmMemory(moduleWith(() => -16)).malloc(4), 2 ** 32 - 16);
  });

  it('throws, to us and to tfjs, when there is no more memory', () => {
    const module = moduleWith(() => 0);
    const { malloc } = openWasmMemory(module);
    const noMore = (error: unknown): boolean =>
      error instanceof ConcordError &&
      error.code === 'out-of-memory' &&
      error.message.includes('for 3 MiB more');
    assert.throws(() => malloc(3 * 2 ** 20), noMore);
    const { _malloc: mallocOfTfjs } = module as unknown as { _malloc: (bytes: number) => number };
    assert.throws(() => mallocOfTfjs(3 * 2 ** 20), noMore);
  });

  it('asks nothing for tensors without values', () => {
    assert.equal(openWasmMemory(moduleWith(() => 0)).malloc(0), 0);
  });
});
