import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  add,
  avgPool,
  concat,
  conv2d,
  image,
  matMul,
  moments,
  mul,
  reshape,
  rsqrt,
  sigmoid,
  softmax,
  split,
  sub,
  tensor2d,
  transpose,
} from '@tensorflow/tfjs-core';
import type { UNetPlan } from './u-net';

/** The weights of the network of u-net.ts by their dotted paths. */
export type StockWeights = ReadonlyMap<string, Tensor>;

/** What goes in: images, the time step of each, and its code. */
export interface StockInputs {
  /** `[N, size, size, 1]` */
  readonly x: Tensor4D;
  readonly times: ArrayLike<number>;
  readonly code: Tensor;
}

/** The network of u-net.ts as one writes it in plain TensorFlow.js, with nothing of Concord. */
export function stockUNet(weights: StockWeights, { x, times, code }: StockInputs, plan: UNetPlan): Tensor4D {
  const { base, multipliers, blocksPerLevel, groups, heads } = plan;
  const at = (path: string): Tensor => weights.get(path) as Tensor;
  // Rows of a matrix: tfjs has no gradient of a product of a stack of matrices with one.
  const linear = (path: string, rows: Tensor): Tensor =>
    add(matMul(rows, at(`${path}.kernel`)), at(`${path}.bias`));
  const convolution = (path: string, images: Tensor4D): Tensor4D =>
    add(conv2d(images, at(`${path}.kernel`) as Tensor4D, 1, 'same'), at(`${path}.bias`));
  const norm = (path: string, images: Tensor4D): Tensor =>
    add(mul(normalized(images, groups), at(`${path}.scale`)), at(`${path}.shift`));

  const time = silu(linear('time.second', silu(linear('time.first', waves(times, base)))));
  const activeCode = silu(code);
  const perChannel = (values: Tensor): Tensor =>
    reshape(values, [x.shape[0], 1, 1, values.size / x.shape[0]]);
  const adaptiveNorm = (path: string, images: Tensor4D): Tensor => {
    const [scale, shift] = split(linear(`${path}.time`, time), 2, 1).map(perChannel);
    const byTime = add(mul(norm(path, images), add(scale, 1)), shift);
    return mul(byTime, add(perChannel(linear(`${path}.codes.0`, activeCode)), 1));
  };
  const residual = (path: string, input: Tensor4D, resampled: (images: Tensor) => Tensor4D): Tensor4D => {
    const inner = convolution(`${path}.inConv`, resampled(silu(norm(`${path}.inNorm`, input))));
    const outer = convolution(`${path}.outConv`, silu(adaptiveNorm(`${path}.outNorm`, inner)) as Tensor4D);
    const beside = resampled(input);
    return add(outer, weights.has(`${path}.skip.kernel`) ? convolution(`${path}.skip`, beside) : beside);
  };
  const attention = (path: string, input: Tensor4D): Tensor4D => {
    const [batch, height, width, channels] = input.shape;
    const rows = reshape(norm(`${path}.norm`, input), [batch * height * width, channels]);
    const queriesKeysValues = linear(`${path}.queriesKeysValues`, rows);
    const found = attend(reshape(queriesKeysValues, [batch, height * width, 3 * channels]), heads);
    return add(input, reshape(linear(`${path}.output`, found), input.shape));
  };
  const step = (path: string, input: Tensor4D, resampled = unchanged): Tensor4D => {
    const h = residual(`${path}.residual`, input, resampled);
    return weights.has(`${path}.attention.norm.scale`) ? attention(`${path}.attention`, h) : h;
  };

  let h = convolution('first', x);
  const kept = [h];
  let next = 0;
  multipliers.forEach((_, level) => {
    for (let block = 0; block < blocksPerLevel; block++) kept.push((h = step(`down.${next++}`, h)));
    if (level < multipliers.length - 1) kept.push((h = step(`down.${next++}`, h, halved)));
  });
  h = step('middle.1', step('middle.0', h));
  next = 0;
  for (let level = multipliers.length - 1; level >= 0; level--) {
    for (let block = 0; block <= blocksPerLevel; block++) {
      h = step(`up.${next++}`, concat([h, kept.pop() as Tensor4D], 3));
    }
    if (level > 0) h = step(`up.${next++}`, h, doubled);
  }
  return convolution('lastConv', silu(norm('lastNorm', h)) as Tensor4D);
}

function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** Groups of channels with mean 0 and variance 1 in each image. */
function normalized(x: Tensor4D, groups: number): Tensor {
  const [batch, height, width, channels] = x.shape;
  const grouped = reshape(x, [batch, height * width, groups, channels / groups]);
  const { mean, variance } = moments(grouped, [1, 3], true);
  return reshape(mul(sub(grouped, mean), rsqrt(add(variance, 1e-5))), x.shape);
}

function unchanged(x: Tensor): Tensor4D {
  return x as Tensor4D;
}

function halved(x: Tensor): Tensor4D {
  return avgPool(x as Tensor4D, 2, 2, 'valid');
}

function doubled(x: Tensor): Tensor4D {
  const [, height, width] = (x as Tensor4D).shape;
  return image.resizeNearestNeighbor(x as Tensor4D, [2 * height, 2 * width]);
}

function attend(queriesKeysValues: Tensor3D, heads: number): Tensor {
  const [batch, positions, all] = queriesKeysValues.shape;
  const [queries, keys, values] = split(queriesKeysValues, 3, 2).map((part) =>
    transpose(reshape(part, [batch, positions, heads, all / 3 / heads]), [0, 2, 1, 3]),
  );
  const likeness = matMul(mul(queries, 1 / Math.sqrt(all / 3 / heads)), keys, false, true);
  const found = transpose(matMul(softmax(likeness), values), [0, 2, 1, 3]);
  return reshape(found, [batch * positions, all / 3]);
}

function waves(times: ArrayLike<number>, count: number): Tensor {
  const half = count / 2;
  const rows = Array.from(times, (time) => {
    const angles = Array.from({ length: half }, (_, wave) => time * 10000 ** (-wave / half));
    return [...angles.map(Math.cos), ...angles.map(Math.sin)];
  });
  return tensor2d(rows);
}
