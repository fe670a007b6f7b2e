import type { Tensor4D } from '@tensorflow/tfjs-core';
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core';

/**
 * Takes what was made only where there is something to see: the background of a translated image is that of its source,
 * in training and after it. A generator that had to make it would round off the border of the brain, and be
 * recognized by that.
 *
 * @param images - what was translated, `[N, H, W, channels]`
 * @param made - what was made of it, of its shape
 * @param inside - 1 where `images` are not background, else 0; of their shape
 */
export function keepBackground(images: Tensor4D, made: Tensor4D, inside: Tensor4D | undefined): Tensor4D {
  if (inside === undefined) return made;
  return tidy(() => add<Tensor4D>(images, mul(inside, sub(made, images))));
}
