import type { Rank, Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { avgPool, customGrad, image, reshape, tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { tensorflowOps } from '../ops/tensorflow/tensorflow-ops';
import { times } from '../ops/times';
import { checkInput } from './check-input';
import type { Features } from './convolution';

/** Changes the resolution by a factor of two. */
export type Resampling = 'up' | 'down' | 'none';

/**
 * Doubles the resolution by repeating each value (nearest neighbor).
 *
 * @param x - `[N, H, W, C]`, or `[N, length, C]`
 * @returns `[N, 2H, 2W, C]`, or `[N, 2·length, C]`
 * @throws ConcordError `invalid-option` for an input of another rank
 */
export function upsample<X extends Features>(x: X): X {
  checkInput('upsample', x, { ranks: [3, 4] });
  return doubled(x, 1) as X;
}

/**
 * Halves the resolution by averaging neighbors, two by two. (A convolution with stride 2 halves it by learned weights.)
 *
 * @param x - `[N, H, W, C]`, or `[N, length, C]`
 * @returns `[N, H/2, W/2, C]`, or `[N, length/2, C]`
 * @throws ConcordError `invalid-option` for an input of another rank, or of odd size
 */
export function downsample<X extends Features>(x: X): X {
  checkInput('downsample', x, { ranks: [3, 4] });
  const sizes = x.shape.slice(1, -1);
  if (sizes.some((size) => size % 2 !== 0)) {
    throw new ConcordError(
      'invalid-option',
      `downsample: input is ${sizes.join(' × ')}, even sizes are needed to halve it`,
    );
  }
  return halved(x, 1 / valuesAdded(x)) as X;
}

/** Changes the resolution as `resampling` says. */
export function resampleFeatures<X extends Features>(x: X, resampling: Resampling): X {
  if (resampling === 'none') return x;
  return resampling === 'up' ? upsample(x) : downsample(x);
}

// Each is the gradient of the other, which serves any order of derivative and spares the backends' own gradients: some are
// missing, some slow.

/** Repeats each value, times a factor. */
function doubled(x: Tensor, factor: number): Tensor {
  const operation = customGrad((input) => ({
    value: runNative('ConcordDouble', input as Tensor, factor) ?? times(repeated(input as Tensor), factor),
    gradFunc: (dy: Tensor) => halved(dy, factor),
  }));
  return operation(x);
}

/** Sums neighbors, times a factor. */
function halved(x: Tensor, factor: number): Tensor {
  const operation = customGrad((input) => ({
    value:
      runNative('ConcordHalve', input as Tensor, factor) ??
      times(averaged(input as Tensor), factor * valuesAdded(x)),
    gradFunc: (dy: Tensor) => doubled(dy, factor),
  }));
  return operation(x);
}

function runNative(name: 'ConcordDouble' | 'ConcordHalve', x: Tensor, factor: number): Tensor | undefined {
  if (x.rank !== 4) return undefined;
  return tensorflowOps()?.run(name, { inputs: [x], outputs: 1, floats: { factor } })[0];
}

function valuesAdded(x: Tensor): number {
  return 2 ** (x.rank - 2);
}

function repeated(x: Tensor): Tensor {
  return onImages(x, (images) => {
    const [, height, width] = images.shape;
    return image.resizeNearestNeighbor(images, [x.rank === 4 ? 2 * height : height, 2 * width]);
  });
}

function averaged(x: Tensor): Tensor {
  const window: [number, number] = x.rank === 4 ? [2, 2] : [1, 2];
  return onImages(x, (images) => avgPool(images, window, window, 'valid'));
}

/** Works on sequences as on images one row high. */
function onImages(x: Tensor, change: (images: Tensor4D) => Tensor4D): Tensor {
  if (x.rank === 4) return change(x as Tensor4D);
  return tidy(() => {
    const [batch, length, channels] = (x as Tensor3D).shape;
    const changed = change(reshape<Rank.R4>(x, [batch, 1, length, channels]));
    return reshape(changed, [batch, changed.shape[2], channels]);
  });
}
