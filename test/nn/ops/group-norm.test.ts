import assert from 'node:assert/strict';
import type { Rank, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from '../../../sdk/nn/ops/group-norm';
import { onEachBackend } from '../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from './waves';

onEachBackend('groupNorm', () => {
  it('normalizes sequences as PyTorch does', async () => {
    const [y] = await valuesOf(() => {
      const x = wave<Rank.R3>([1, 5, 8], { phase: 0.3, scale: 2, offset: 1 });
      const normalized: Tensor3D = groupNorm(x, 2);
      return [tf.slice(normalized, [0, 0, 0], [1, 1, 8])];
    });
    // PyTorch 2.13.0 (CPU, float64): torch.nn.functional.group_norm(x.permute(0, 2, 1), 2), first position.
    const expected = [
      0.4254198, 1.1932763, 1.4045175, 0.9597934, -0.1545437, -1.0956969, -1.6223777, -1.48688,
    ];
    assertClose(y, expected, 2e-6);
  });

  it('normalizes each channel, or all of them together', async () => {
    const [each, all] = await valuesOf(() => {
      const x = wave<Rank.R4>([2, 3, 3, 4], { phase: 0, scale: 3, offset: 7 });
      return [groupNorm(x, 4), groupNorm(x, 1)];
    });
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const ofImage = (y: Float32Array, channel?: number): Float32Array =>
      y.slice(36).filter((_, i) => channel === undefined || i % 4 === channel);
    for (const part of [...[0, 1, 2, 3].map((channel) => ofImage(each, channel)), ofImage(all)]) {
      assert.ok(Math.abs(mean(part)) < 1e-6);
      assert.ok(Math.abs(mean(part.map((value) => value ** 2)) - 1) < 1e-4);
    }
  });

  it('gives 0 for images without contrast, and leaves no tensors behind', async () => {
    const [y] = await valuesOf(() => [groupNorm(tf.fill<Rank.R4>([1, 4, 4, 8], 0.1), 2)]);
    assertClose(y, new Float32Array(128), 1e-4);
    const x = wave<Rank.R4>([1, 2, 2, 4], { phase: 1 });
    assertLeaksNothing(() => [groupNorm(x, 2), tf.grad((one) => tf.sum(groupNorm(one as typeof x, 2)))(x)]);
    x.dispose();
  });
});
