import assert from 'node:assert/strict';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { memory, ones, tensor, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { criticResidualBlock, initCriticResidualBlock } from '../../../sdk/nn/blocks/critic-residual-block';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import {
  initInstanceResidualBlock,
  instanceResidualBlock,
} from '../../../sdk/nn/blocks/instance-residual-block';
import type { InitResidualBlockOptions, ResidualBlock } from '../../../sdk/nn/blocks/residual-block';
import { initResidualBlock, residualBlock } from '../../../sdk/nn/blocks/residual-block';
import { toTensors } from '../../../sdk/nn/parameters';
import { flattenTree } from '../../../sdk/nn/weight-trees';

function draw(shape: readonly number[]): Tensor {
  return tensor(initialize(makeRandom(2), shape, { name: 'normal', deviation: 1 }).data, [...shape]);
}

function weightsOf(options: InitResidualBlockOptions): ResidualBlock<Tensor> {
  return toTensors(initResidualBlock(makeRandom(1), options));
}

describe('residual block', () => {
  before(() => useBackend('cpu'));

  it('starts as the identity, whatever steers it', () => {
    tidy(() => {
      const x = draw([2, 4, 4, 4]) as Tensor4D;
      const weights = weightsOf({ inChannels: 4, timeSize: 3, codeSizes: [2] });
      const time = ones<Tensor2D['rankType']>([2, 3]);
      const codes = [ones<Tensor2D['rankType']>([2, 2])];
      assert.deepEqual(residualBlock(weights, x, { time, codes, groups: 2 }).dataSync(), x.dataSync());
    });
  });

  it('has names for every weight, and a skip only where the channels change', () => {
    const names = (options: InitResidualBlockOptions): string[] => [
      ...flattenTree<WeightArray>(initResidualBlock(makeRandom(1), options)).keys(),
    ];
    const path = ['inNorm.scale', 'inNorm.shift', 'inConv.kernel', 'inConv.bias', 'outNorm.scale'];
    const rest = ['outConv.kernel', 'outConv.bias'];
    assert.deepEqual(names({ inChannels: 4 }), [...path, 'outNorm.shift', ...rest]);
    assert.deepEqual(names({ inChannels: 4, outChannels: 2, timeSize: 3, codeSizes: [2] }), [
      ...path,
      'outNorm.shift',
      'outNorm.time.kernel',
      'outNorm.time.bias',
      'outNorm.codes.0.kernel',
      'outNorm.codes.0.bias',
      ...rest,
      'skip.kernel',
      'skip.bias',
    ]);
  });

  it('gives the same bits for the same seed', () => {
    const options = { inChannels: 4, outChannels: 2, timeSize: 3 };
    assert.deepEqual(initResidualBlock(makeRandom(1), options), initResidualBlock(makeRandom(1), options));
    assert.notDeepEqual(initResidualBlock(makeRandom(1), options), initResidualBlock(makeRandom(2), options));
  });

  it('drops values by the passed source, and none without', () => {
    tidy(() => {
      const x = draw([1, 4, 4, 4]) as Tensor4D;
      const started = weightsOf({ inChannels: 4 });
      const weights = { ...started, outConv: started.inConv };
      const run = (seed?: number): ArrayLike<number> => {
        const random = seed === undefined ? undefined : makeRandom(seed);
        const dropout = random === undefined ? undefined : { rate: 0.5, random };
        return residualBlock(weights, x, { groups: 2, dropout }).dataSync();
      };
      assert.deepEqual(run(7), run(7));
      assert.notDeepEqual(run(7), run(8));
      assert.notDeepEqual(run(7), run());
    });
  });

  it('says what steers it wrongly', () => {
    tidy(() => {
      const x = draw([2, 4, 4, 4]) as Tensor4D;
      const weights = weightsOf({ inChannels: 4, timeSize: 3, codeSizes: [2] });
      const vectors = (...shape: [number, number]): Tensor2D => ones(shape);
      const block = 'adaptive group norm';
      const held = memory().numTensors;
      const failures: readonly (readonly [object, string])[] = [
        [{}, `${block}: no time was given, but the weights expect one`],
        [{ time: vectors(2, 3) }, `${block}: 0 codes were given, but the weights expect 1`],
        [
          { time: vectors(2, 4), codes: [vectors(2, 2)] },
          `${block}: time has shape [2, 4], expected [2, 3] (one row per image)`,
        ],
        [
          { time: vectors(2, 3), codes: [vectors(1, 2)] },
          `${block}: code 0 has shape [1, 2], expected [2, 2] (one row per image)`,
        ],
      ];
      for (const [conditions, message] of failures) {
        assert.throws(() => residualBlock(weights, x, { ...conditions, groups: 2 }), {
          code: 'invalid-option',
          message,
        });
      }
      assert.equal(memory().numTensors, held + 5, 'only the conditions are left');
      assert.throws(
        () => residualBlock(weightsOf({ inChannels: 4 }), x, { time: vectors(2, 3), groups: 2 }),
        {
          message: `${block}: a time was given, but the weights expect none`,
        },
      );
    });
  });

  it('says what does not fit', () => {
    tidy(() => {
      const x = draw([1, 4, 4, 4]) as Tensor4D;
      assert.throws(() => residualBlock(weightsOf({ inChannels: 8 }), x), {
        message: 'residual block: input has 4 channels, the kernel expects 8',
      });
      assert.throws(() => residualBlock(weightsOf({ inChannels: 4, dimensions: 1 }), x), {
        message: 'residual block: input has shape [1, 4, 4, 4], expected sequences [N, length, channels]',
      });
      assert.throws(() => residualBlock(weightsOf({ inChannels: 4 }), x, { groups: 3 }), {
        message: 'invalid groups: 3 (a whole number that divides the 4 channels is needed)',
      });
    });
  });
});

describe('instance and critic residual blocks', () => {
  before(() => useBackend('cpu'));

  it('work on sequences', () => {
    tidy(() => {
      const x = ones<Tensor4D['rankType']>([2, 8, 4] as never);
      const instance = toTensors(
        initInstanceResidualBlock(makeRandom(1), { channels: 4, styleSize: 3, dimensions: 1 }),
      );
      assert.deepEqual(instanceResidualBlock(instance, x, { style: ones([2, 3]) }).shape, [2, 8, 4]);
      const critic = toTensors(
        initCriticResidualBlock(makeRandom(1), { inChannels: 4, outChannels: 6, dimensions: 1 }),
      );
      assert.deepEqual(criticResidualBlock(critic, x).shape, [2, 4, 6]);
      assert.deepEqual(criticResidualBlock(critic, x, { resampling: 'none' }).shape, [2, 8, 6]);
    });
  });

  it('keep the variance of what flows through a critic', () => {
    tidy(() => {
      const x = draw([8, 16, 16, 16]) as Tensor4D;
      const weights = toTensors(initCriticResidualBlock(makeRandom(1), { inChannels: 16, outChannels: 32 }));
      const values = criticResidualBlock(weights, x, { resampling: 'none' }).dataSync() as Float32Array;
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      assert.ok(variance > 0.7 && variance < 1.4, `${variance}`);
    });
  });

  it('say what does not fit', () => {
    tidy(() => {
      const x = draw([2, 4, 4, 4]) as Tensor4D;
      const plain = toTensors(initInstanceResidualBlock(makeRandom(1), { channels: 4 }));
      const styled = toTensors(initInstanceResidualBlock(makeRandom(1), { channels: 4, styleSize: 3 }));
      const block = 'instance residual block';
      assert.throws(() => instanceResidualBlock(styled, x), {
        message: `${block}: no style was given, but the weights expect one`,
      });
      assert.throws(() => instanceResidualBlock(plain, x, { style: ones([2, 3]) }), {
        message: `${block}: a style was given, but the weights expect none`,
      });
      assert.throws(() => instanceResidualBlock(styled, x, { style: ones([2, 2]) }), {
        message: 'adaptive instance norm: style has shape [2, 2], expected [2, 3] (one row per image)',
      });
      const critic = toTensors(initCriticResidualBlock(makeRandom(1), { inChannels: 3 }));
      assert.throws(() => criticResidualBlock(critic, x), {
        message: 'critic residual block: input has 4 channels, the kernel expects 3',
      });
    });
  });
});
