import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  kernelsCompilerWords,
  kernelsSource,
} from '../../../../sdk/nn/backend/tensorflow-kernels/kernels-source';
import {
  loadTensorflowKernels,
  tensorflowKernelsFile,
} from '../../../../sdk/nn/backend/tensorflow-kernels/load-tensorflow-kernels';
import { findTensorflowPackages, hasBinding } from '../../../../sdk/nn/backend/tensorflow-package';
import { useBackend } from '../../../../sdk/nn/backend/use-backend';
import { biasedConv2d } from '../../../../sdk/nn/blocks/biased-conv2d';
import { downsample, upsample } from '../../../../sdk/nn/blocks/resample';
import { resamplingConvolution } from '../../../../sdk/nn/blocks/resampling-convolution';
import { adaptiveGroupNorm } from '../../../../sdk/nn/ops/adaptive-group-norm';
import { adamUpdates } from '../../../../sdk/nn/ops/adam-update';
import { attend } from '../../../../sdk/nn/ops/attend';
import { blendAll } from '../../../../sdk/nn/ops/blend';
import { linearMap } from '../../../../sdk/nn/ops/linear-map';
import { scaleAll } from '../../../../sdk/nn/ops/scale-all';
import { silu } from '../../../../sdk/nn/ops/silu';
import { totalSquaredNorm } from '../../../../sdk/nn/ops/squared-norm';
import { steeredGroupNorm } from '../../../../sdk/nn/ops/steered-group-norm';
import { tensorflowOps } from '../../../../sdk/nn/ops/tensorflow/tensorflow-ops';
import { availableBackends } from '../../../support/backends';
import { assertClose, assertLeaksNothing, valuesOf, wave } from '../../ops/waves';
import { skipWithout } from '../../../support/skipping';

/** The gradients of an operation, and those of a penalty on its gradient by the first input, as R1 is one. */
function twice(apply: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): Tensor[] {
  const loss = (...all: Tensor[]): Tensor => {
    const y = apply(...all);
    return tf.sum(tf.mul(tf.square(y), wave(y.shape, { phase: 2.2 })));
  };
  const penalty = (first: Tensor, ...others: Tensor[]): Tensor =>
    tf.sum(tf.square(tf.grad((one) => loss(one, ...others))(first)));
  const every = (of: (...all: Tensor[]) => Tensor): Tensor[] =>
    // Each of their own size: a share of the largest.
    tf
      .grads((...all) => of(...all) as tf.Scalar)(inputs)
      .map((one) => tf.div(one, tf.max(tf.abs(one))));
  return [...every(loss), ...every(penalty)];
}

/** What the operations of our own compute, on whatever backend is current. */
const cases: Readonly<Record<string, () => Tensor[]>> = {
  'group normalization and its gradients': () =>
    (['none', 'silu', 'leaky-relu'] as const).flatMap((activation) =>
      [
        [2, 3, 5, 12],
        [1, 33, 40, 6],
        [5, 64, 8, 4],
      ].flatMap((shape) => {
        const [batch, , , channels] = shape;
        const x = wave<tf.Rank.R4>(shape, { phase: 0.3, offset: 100 });
        const w = wave(shape, { phase: 2 });
        const affine = [wave([batch, channels], { phase: 1, offset: 1 }), wave([channels], { phase: 2 })];
        const apply = (a: Tensor, scale: Tensor, shift: Tensor): Tensor4D =>
          adaptiveGroupNorm(a as Tensor4D, { scale, shift }, { groups: 2, activation });
        const gradients = tf.grads((a, b, c) => tf.sum(tf.mul(apply(a, b, c), w)))([x, ...affine]);
        return [apply(x, affine[0], affine[1]), ...gradients];
      }),
    ),
  'SiLU and its gradient': () => {
    const x = wave([100_003], { phase: 0.5, scale: 30 });
    return [silu(x), tf.grad((a) => tf.sum(tf.square(silu(a))))(x)];
  },
  'a step of the optimizer for tensors of any size': () => {
    const tensors = (phase: number): Tensor[] =>
      [1, 7, 40_000, 3].map((size, i) => wave([size], { phase: phase + i, offset: phase > 2 ? 2 : 0 }));
    const [params, gradients, first, second] = [0, 1, 2, 3].map(tensors);
    const options = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, step: 3 };
    const updated = adamUpdates(
      { params, gradients, first, second },
      { ...options, learningRates: [0.1, 0.2, 0.3, 0.4] },
    );
    const factor = tf.scalar(0.5);
    return [
      ...updated.flat(),
      ...scaleAll(params, factor),
      ...blendAll(params, gradients, 0.25),
      totalSquaredNorm(params),
    ];
  },
  'convolutions with a bias and what is added, of any window': () =>
    [
      // TensorFlow's own: too few channels, a larger step. Ours: same and valid, odd and even windows, rows that remain.
      { x: [2, 9, 8, 3], filter: [3, 3, 3, 5], stride: 1, pad: 'same' } as const,
      { x: [1, 9, 8, 8], filter: [3, 3, 8, 16], stride: 2, pad: 'same' } as const,
      { x: [1, 11, 13, 8], filter: [3, 3, 8, 20], stride: 1, pad: 'same' } as const,
      { x: [2, 9, 8, 10], filter: [4, 2, 10, 16], stride: 1, pad: 'same' } as const,
      { x: [3, 7, 12, 9], filter: [3, 5, 9, 33], stride: 1, pad: 'valid' } as const,
      { x: [2, 50, 7, 64], filter: [1, 1, 64, 17], stride: 1, pad: 'same' } as const,
      { x: [1, 70, 40, 32], filter: [7, 3, 32, 16], stride: 1, pad: 'same' } as const,
      // By tiles: rows and columns that remain, panels that remain, channels that are divided, several blocks of tiles.
      { x: [2, 9, 8, 16], filter: [3, 3, 16, 48], stride: 1, pad: 'same' } as const,
      { x: [3, 7, 12, 32], filter: [3, 3, 32, 16], stride: 1, pad: 'valid' } as const,
      { x: [1, 8, 8, 112], filter: [3, 3, 112, 16], stride: 1, pad: 'same' } as const,
      { x: [5, 12, 11, 16], filter: [3, 3, 16, 16], stride: 1, pad: 'same' } as const,
    ].flatMap(({ x: shape, filter: window, stride, pad }) => {
      const x = wave<tf.Rank.R4>([...shape], { phase: 0 });
      const filter = wave<tf.Rank.R4>([...window], { phase: 1, scale: 0.2 });
      const bias = wave<tf.Rank.R1>([window[3]], { phase: 2 });
      const plain = biasedConv2d(x, { filter, bias }, { stride, pad });
      const added = wave<tf.Rank.R4>(plain.shape, { phase: 3 });
      const before = added.clone();
      const weighted = (...[a, b, c, d]: Tensor[]): Tensor => {
        const weights = { filter: b as Tensor4D, bias: c as tf.Tensor1D, added: d as Tensor4D };
        return tf.sum(tf.square(biasedConv2d(a as Tensor4D, weights, { stride, pad })));
      };
      const gradients = window[0] < 5 ? tf.grads(weighted)([x, filter, bias, added]) : [];
      const sum = biasedConv2d(x, { filter, bias, added }, { stride, pad });
      return [plain, sum, tf.sub(added, before), ...gradients.map((one) => tf.div(one, 100))];
    }),
  'convolutions with a rectifier, a changed resolution and a factor, their gradients, and those once more':
    () =>
      [
        { shape: [2, 6, 4, 16], filter: [3, 3, 16, 16], resampling: 'up' } as const,
        { shape: [1, 5, 7, 16], filter: [3, 3, 16, 20], resampling: 'up' } as const,
        { shape: [3, 6, 10, 5], filter: [3, 3, 5, 16], resampling: 'down', slope: 0.2 } as const,
        { shape: [9, 4, 2, 16], filter: [3, 3, 16, 32], resampling: 'down' } as const,
        { shape: [2, 5, 3, 7], filter: [3, 3, 7, 16], resampling: 'none', slope: 0.1 } as const,
        { shape: [3, 7, 6, 16], filter: [3, 3, 16, 32], resampling: 'none', slope: 0.2 } as const,
        { shape: [2, 3, 4, 18], filter: [1, 1, 18, 48], resampling: 'none' } as const,
        { shape: [1, 6, 6, 4], filter: [4, 2, 4, 16], resampling: 'none', slope: 0.2 } as const,
      ].flatMap(({ shape, filter, resampling, slope }) => {
        const inputs = [
          wave([...shape], { phase: 0.4 }),
          wave([...filter], { phase: 1, scale: 0.3 }),
          wave([filter[3]], { phase: 2 }),
        ];
        const apply = (x: Tensor, kernel: Tensor, bias: Tensor, added?: Tensor): Tensor =>
          resamplingConvolution({ kernel, bias }, x as Tensor4D, {
            resampling,
            slope,
            factor: 0.7,
            added: added as Tensor4D | undefined,
          });
        const [x, kernel, bias] = inputs;
        const plain = apply(x, kernel, bias);
        const added = wave(plain.shape, { phase: 3 });
        const without = resamplingConvolution({ kernel }, x as Tensor4D, { resampling, slope });
        return [plain, without, ...twice(apply, [...inputs, added])];
      }),
  'the doubled and halved resolution, their gradients, and those once more': () => {
    const x = wave([2, 6, 4, 5], { phase: 0.3 });
    return [upsample, downsample].flatMap((change) => {
      const apply = (a: Tensor): Tensor => change(a as Tensor4D);
      return [apply(x), ...twice(apply, [x])];
    });
  },
  'steered normalizations and their gradients, and those once more': () =>
    [
      { shape: [2, 4, 3, 12], learned: true, sizes: [5, 7], wide: [24, 12], groups: 4 },
      { shape: [1, 20, 30, 16], learned: false, sizes: [9], wide: [32], groups: 16 },
      { shape: [3, 5, 1, 8], learned: true, sizes: [20, 3, 4], wide: [8, 16, 8], groups: 2 },
    ].flatMap(({ shape, learned, sizes, wide, groups }) => {
      const [batch, , , channels] = shape;
      const x = wave<tf.Rank.R4>(shape, { phase: 0.3, offset: 1 });
      const affine = learned
        ? [wave([channels], { phase: 1, offset: 1 }), wave([channels], { phase: 2 })]
        : [];
      const maps = sizes.flatMap((size, i) => [
        wave([batch, size], { phase: 3 + i }),
        wave([size, wide[i]], { phase: 4 + i, scale: 0.3 }),
        wave([wide[i]], { phase: 5 + i, scale: 0.2 }),
      ]);
      const apply = (a: Tensor, ...rest: Tensor[]): Tensor4D => {
        const [first, others] = learned ? [rest.slice(0, 2), rest.slice(2)] : [[], rest];
        const steering = {
          ...(learned ? { learned: { scale: first[0], shift: first[1] } } : {}),
          maps: sizes.map((_, i) => ({
            values: others[3 * i] as tf.Tensor2D,
            kernel: others[3 * i + 1] as tf.Tensor2D,
            bias: others[3 * i + 2],
          })),
        };
        return steeredGroupNorm(a as Tensor4D, steering, { groups, activation: 'silu' });
      };
      return [apply(x, ...affine, ...maps), ...twice(apply, [x, ...affine, ...maps])];
    }),
  'attention and its gradients, and those once more': () =>
    [
      { shape: [2, 3, 4, 24], heads: 2 },
      { shape: [1, 70, 18], heads: 1 },
      { shape: [3, 2, 2, 12], heads: 4 },
    ].flatMap(({ shape, heads }) => {
      const x = wave(shape, { phase: 0.2, scale: 1.5 });
      const apply = (a: Tensor): Tensor => attend(a, heads);
      return [apply(x), ...twice(apply, [x])];
    }),
  'linear maps and their gradients, and those once more': () =>
    [
      [2, 5, 7, 3, 20],
      [40, 3, 1, 6, 16],
      [1, 1, 3, 70, 96],
    ].flatMap(([a, b, c, ins, outs]) => {
      const inputs = [
        wave([a, b, c, ins], { phase: 0 }),
        wave([ins, outs], { phase: 1, scale: 0.5 }),
        wave([outs], { phase: 2 }),
        wave([a, b, c, outs], { phase: 3 }),
      ];
      const apply = (x: Tensor, kernel: Tensor, bias: Tensor, added?: Tensor): Tensor =>
        linearMap(x, { kernel: kernel as tf.Tensor2D, bias, added });
      const [x, kernel, bias] = inputs;
      return [apply(x, kernel, bias), apply(x, kernel, bias, inputs[3]), ...twice(apply, inputs)];
    }),
  'sums and means along any axes': () => {
    const of = (shape: number[], axes: number[]): Tensor[] => {
      const x = wave(shape, { phase: 0.1, offset: 3 });
      return [false, true].flatMap((keep) => [tf.sum(x, axes, keep), tf.mean(x, axes, keep)]);
    };
    return [
      // Few results of many terms, many of few, more columns than are added up at once, axes apart, all.
      ...[...of([40_000], [0]), ...of([3, 5000], [1]), ...of([5000, 3], [0]), ...of([900, 40, 2], [1])],
      ...[
        ...of([50, 700], [0]),
        ...of([2, 60, 300], [1]),
        ...of([40, 3, 50], [0, 2]),
        ...of([9, 8, 7, 6], [1, 3]),
      ],
      ...[...of([20, 3, 30, 4], [0, 2]), ...of([6, 7, 8, 5], [0, 1, 2]), ...of([30, 40, 5], [0, 1, 2])],
    ];
  },
  'nothing where a shape stays': () => {
    const x = wave([4, 3], { phase: 0 });
    return [tf.reshape(x, [4, 3]), tf.reshape(x, [3, 4])];
  },
};

describe('operations of our own in native TensorFlow', function () {
  let folder = '';

  before('compile them', async function () {
    const native = findTensorflowPackages().find(hasBinding);
    if (!(await availableBackends()).includes('tensorflow') || native === undefined) {
      skipWithout(this, 'native TensorFlow');
    }
    folder = mkdtempSync(join(tmpdir(), 'concord-kernels-'));
    const source = join(folder, 'kernels.cc');
    writeFileSync(source, kernelsSource);
    const words = kernelsCompilerWords(source, join(folder, tensorflowKernelsFile), {
      headers: join(native.folder, 'deps', 'include'),
      library: join(native.folder, 'deps', 'lib', 'libtensorflow_framework.so.2'),
    });
    try {
      execFileSync('g++', ['-shared', '-fPIC', '-std=c++17', '-Wall', '-Werror', ...words], {
        stdio: 'pipe',
      });
    } catch (error) {
      // Without a compiler, or the headers of TensorFlow, there are none to test.
      if (/ENOENT|No such file/.test(String(error))) skipWithout(this, 'a C++ compiler', String(error));
      throw error;
    }
    await useBackend('tensorflow');
    assert.equal(loadTensorflowKernels(join(folder, 'binding.node')), true);
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('are not there where the setup has not put them', () => {
    assert.equal(loadTensorflowKernels(join(tmpdir(), 'nowhere', 'binding.node')), false);
  });

  it('are not taken from another version of the package, which names them otherwise', () => {
    const other = mkdtempSync(join(tmpdir(), 'concord-kernels-'));
    for (const name of ['concord_kernels.node', 'concord_kernels-00000000.node']) {
      copyFileSync(join(folder, tensorflowKernelsFile), join(other, name));
    }
    assert.equal(loadTensorflowKernels(join(other, 'binding.node')), false);
    rmSync(other, { recursive: true });
  });

  for (const [title, run] of Object.entries(cases)) {
    it(`compute ${title} like JavaScript`, async () => {
      await useBackend('cpu');
      assert.equal(tensorflowOps(), undefined);
      const expected = await valuesOf(run);
      await useBackend('tensorflow');
      assert.notEqual(tensorflowOps(), undefined);
      const found = await valuesOf(run);
      assert.equal(found.length, expected.length);
      found.forEach((values, i) => assertClose(values, expected[i], 3e-5));
    });
  }

  it('give the same bits every time, and leave no tensors behind', async () => {
    await useBackend('tensorflow');
    for (const run of Object.values(cases)) {
      const once = await valuesOf(run);
      const again = await valuesOf(run);
      assert.deepEqual(once, again);
    }
    const x = wave<tf.Rank.R4>([2, 4, 4, 4], { phase: 0 });
    const affine = { scale: tf.ones([4]), shift: tf.zeros([4]) };
    assertLeaksNothing(() => [adaptiveGroupNorm(x, affine, { groups: 2 }), silu(x), tf.reshape(x, x.shape)]);
    const many = wave([40, 3, 50], { phase: 0 });
    assertLeaksNothing(() => [tf.sum(many), tf.mean(many, [0, 2]), tf.sum(many, 0)]);
    tf.dispose([x, many, affine.scale, affine.shift]);
  });
});
