import { clipByValue, tensor } from '@tensorflow/tfjs-core';
import { assertAlike, someValues } from './on-both';

describe('clipByValue on wasm', () => {
  it('holds values between two others, in tensors of any size', async () => {
    for (const size of [1, 3, 4, 4096, 10_007]) {
      await assertAlike(() => [clipByValue(tensor(someValues([size]), [size]), -0.25, 0.5)]);
    }
  });

  it('keeps NaN', async () => {
    await assertAlike(() => [clipByValue(tensor([NaN, -Infinity, Infinity, 0, NaN]), -1, 1)]);
  });
});
