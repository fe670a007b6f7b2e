import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import {
  add,
  div,
  exp,
  matMul,
  mean,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import { leakyRelu } from '../../nn/ops/leaky-relu';

/** The weights of the critic: two hidden layers. */
export type SiteCritic<Leaf> = { readonly layers: readonly Linear<Leaf>[] };

/** Draws the weights of a critic. */
export function initSiteCritic(random: Random, codeSize: number, sites: number): SiteCritic<WeightArray> {
  const sizes = [codeSize, 128, 128, sites];
  const layers = sizes.slice(1).map((outChannels, i) => {
    return initLinear(random, { inChannels: sizes[i], outChannels, initialization: 'he-normal' });
  });
  return { layers };
}

/** What the critic says: a logit for each site, `[N, sites]`. */
export function criticLogits({ layers }: SiteCritic<Tensor>, codes: Tensor2D): Tensor2D {
  return tidy(() =>
    layers.reduce((h, layer, i) => linear(layer, i === 0 ? h : leakyRelu(h, 0.2)), standardized(codes)),
  );
}

/**
 * The Hilbert–Schmidt independence criterion of codes and sites, divided as a correlation is, 0 … 1 (Gretton et al. 2005,
 * "Measuring statistical dependence with Hilbert–Schmidt norms"; normalized as in Cortes et al. 2012, JMLR 13:795): a
 * Gaussian kernel over the codes, as wide as their mean distance, and for sites whether they are the same.
 *
 * @param codes - `[N, size]`
 * @param sites - one 1 in each row, `[N, sites]`
 */
export function kernelDependence(codes: Tensor2D, sites: Tensor2D): Scalar {
  return tidy(() => {
    const centered = center(gaussianKernel(standardized(codes)));
    const others = center(matMul(sites, sites, false, true));
    const product = (a: Tensor2D, b: Tensor2D): Scalar => sum(mul(a, b));
    const scale = sqrt(mul(product(centered, centered), product(others, others)));
    return div<Scalar>(product(centered, others), add(scale, 1e-8));
  });
}

/** Each coordinate with mean 0 and variance 1 over the batch: neither term can be served by shrinking the codes. */
function standardized(codes: Tensor2D): Tensor2D {
  const centered = sub<Tensor2D>(codes, mean(codes, 0, true));
  return div(centered, sqrt(add(mean(square(centered), 0, true), 1e-4)));
}

function gaussianKernel(codes: Tensor2D): Tensor2D {
  const norms = sum(square(codes), 1, true);
  const distances = sub<Tensor2D>(add(norms, transpose(norms)), mul(matMul(codes, codes, false, true), 2));
  // Of standardized codes the mean squared distance is twice their length.
  return exp(mul<Tensor2D>(distances, -0.5 / codes.shape[1]));
}

function center(kernel: Tensor2D): Tensor2D {
  const byColumn = sub<Tensor2D>(kernel, mean(kernel, 0, true));
  return add<Tensor2D>(sub<Tensor2D>(byColumn, mean(kernel, 1, true)), mean(kernel));
}
