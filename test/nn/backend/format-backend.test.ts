import assert from 'node:assert/strict';
import { formatBackend } from '../../../sdk/nn/backend/format-backend';

describe('formatBackend', () => {
  it('says what was chosen, on what it runs, and why the others were not', () => {
    const text = formatBackend({
      backend: 'wasm',
      requested: 'auto',
      device: 'Some processor (2 cores)',
      package: '@tensorflow/tfjs-backend-wasm@4.22.0',
      threads: 2,
      simd: true,
      memoryLimit: 4294901760,
      notes: ['nothing special'],
      failed: [
        { backend: 'tensorflow', reason: 'tensorflow: not installed (npm run setup:tensorflow)' },
        { backend: 'webgpu', reason: 'no adapter' },
      ],
      memoryInUse: 1_234_000,
      tensors: 12,
    });
    assert.equal(
      text,
      [
        'backend  wasm (the first that starts)',
        'device   Some processor (2 cores)',
        'package  @tensorflow/tfjs-backend-wasm@4.22.0',
        'threads  2, SIMD',
        'memory   1.23 MB in 12 tensors of at most 4.29 GB',
        'note     nothing special',
        'not      tensorflow: not installed (npm run setup:tensorflow)',
        'not      webgpu: no adapter',
      ].join('\n'),
    );
  });

  it('leaves out what is not known', () => {
    const text = formatBackend({
      backend: 'cpu',
      requested: 'cpu',
      device: 'd',
      package: 'p@1',
      notes: [],
      failed: [],
      memoryInUse: 0,
      tensors: 0,
    });
    assert.equal(text, 'backend  cpu (asked for)\ndevice   d\npackage  p@1\nmemory   0 bytes in 0 tensors');
  });
});
