import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs-core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../math/random';

/** Standard normal noise, drawn from `random` in the order of the tensor. */
export function normalNoise<R extends Rank>(random: Random, shape: ShapeMap[R]): Tensor<R> {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor<R>(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}
