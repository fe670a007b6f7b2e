import type { Rank, Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { ones, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import { adaptiveGroupNorm } from './adaptive-group-norm';

/**
 * Normalizes groups of channels to mean 0 and variance 1 in each image (Wu & He 2018, "Group normalization", ECCV,
 * equations 1 and 2; the variance divides by the number of values). One group is layer normalization over height, width
 * and channels; as many groups as channels is instance normalization. Differentiable any number of times.
 *
 * @param x - images, `[N, H, W, C]`, or sequences, `[N, length, C]`
 * @param groups - how many groups of neighboring channels; divides the number of channels
 * @param epsilon - added to the variance before the root is taken
 * @throws ConcordError `invalid-option` when the channels cannot be split into that many groups
 */
export function groupNorm<X extends Tensor3D | Tensor4D>(x: X, groups: number, epsilon = 1e-5): X {
  return tidy(() => {
    const batch = x.shape[0];
    const channels = x.shape[x.rank - 1];
    const images = reshape<Rank.R4>(x, [batch, -1, 1, channels]);
    const affine = { scale: ones([channels]), shift: zeros([channels]) };
    const normalized: Tensor = adaptiveGroupNorm(images, affine, { groups, epsilon });
    return reshape(normalized, x.shape) as X;
  });
}
