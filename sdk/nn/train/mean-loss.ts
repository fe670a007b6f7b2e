import type { Scalar } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';

/**
 * The mean of a loss over images, batch by batch, each image counting as much: what a plan validates networks with.
 *
 * @param loss - the mean over the images of a batch; it runs within `tidy`
 */
export async function meanLoss<Batch extends { readonly count: number }>(
  batches: readonly Batch[],
  loss: (batch: Batch) => Scalar,
): Promise<number> {
  let sum = 0;
  let images = 0;
  for (const batch of batches) {
    const value = tidy(() => loss(batch));
    sum += (await value.data())[0] * batch.count;
    images += batch.count;
    value.dispose();
  }
  return sum / images;
}
