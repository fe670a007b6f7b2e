import type { Tensor } from '@tensorflow/tfjs-core';

/** The numbers of a tensor in an array of their own: some backends return a view of memory that they use again. */
export async function numbersOf(values: Tensor): Promise<Float32Array> {
  return Float32Array.from((await values.data()) as Float32Array);
}
