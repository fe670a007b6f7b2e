import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  add,
  any,
  cast,
  exp,
  greater,
  mean,
  mul,
  reshape,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { linear } from '../../nn/blocks/linear';
import { criticFeatures } from '../../nn/blocks/image-critic';
import { gaussianDivergence } from '../../nn/losses/gaussian-divergence';
import { pairwiseDivergence } from '../../nn/losses/pairwise-divergence';
import { siteConfusion, siteCrossEntropy } from '../../nn/losses/site-classification';
import { keepBackground } from '../../nn/ops/keep-background';
import type { Loss } from '../../nn/optimize/value-and-gradients';
import { codeEncoder } from '../network/code-encoder';
import type { CvaeTensors } from '../network/cvae-network';
import { siteDecoder } from '../network/site-decoder';
import type { CvaeLossWeights } from './loss-weights';

/** What a training step works on, on the backend. */
export interface CvaeInputs {
  /** Images of the sites `source`, scaled, `[N, H, W, channels]`. */
  readonly images: Tensor4D;
  /** 1 where images are not background, else 0, of their shape. */
  readonly inside: Tensor4D;
  /** A row for each image with a 1 at its site, `[N, sites]`. */
  readonly source: Tensor2D;
  /** The same for the site that the adversary sees it at: any, its own included, drawn whatever its own is. */
  readonly target: Tensor2D;
  /** Standard normal, of the shape of the codes: makes codes of their distributions. */
  readonly noise: Tensor4D;
}

/** What the loss depends on beside the images. */
export interface CvaeLossSettings {
  readonly weights: CvaeLossWeights;
  readonly deviation: number;
  /** The share of their weights that the divergences have by now. */
  readonly warm: number;
}

/**
 * The loss of encoder and decoder, per pixel (Moyer et al. 2020, Magnetic Resonance in Medicine 84:2174):
 * (1 + λ) · reconstruction + KL(q ‖ N(0, I)) + λ · mean_ij KL(q_i ‖ q_j), the last a bound on what codes say of the site, and
 * γ · confusion of the adversary, which is shown each image as made for a site that was drawn. Published codes take
 * the adversary's error with a minus, which has no end; here it is 0 at the least, where the adversary finds all sites as likely.
 *
 * @returns the total and each term by name, before its weight
 */
export function cvaeLoss(
  networks: CvaeTensors,
  { images, inside, source, target, noise }: CvaeInputs,
  { weights, deviation, warm }: CvaeLossSettings,
): Loss {
  const { means, logVariances } = codeEncoder(networks.encoder, images);
  const flat = (codes: Tensor4D): Tensor2D => reshape(codes, [codes.shape[0], -1]);
  const code = add<Tensor4D>(means, mul(exp(mul(logVariances, 0.5)), noise));
  const own = siteDecoder(networks.decoder, code, source);
  const pixels = images.size / images.shape[0];
  const squared = sum(square(mul(inside, sub(images, own))));
  const reconstruction = mul<Scalar>(squared, 0.5 / (deviation ** 2 * images.size));
  const parts: Record<string, Scalar> = { reconstruction };
  const terms = [mul<Scalar>(reconstruction, weights.reconstruction * (1 + weights.invariance))];
  if (weights.prior > 0) {
    parts['prior'] = mul<Scalar>(gaussianDivergence(flat(means), flat(logVariances)), 1 / pixels);
    terms.push(mul<Scalar>(parts['prior'], weights.prior * warm));
  }
  if (weights.invariance > 0) {
    parts['invariance'] = mul<Scalar>(pairwiseDivergence(flat(means), flat(logVariances)), 1 / pixels);
    terms.push(mul<Scalar>(parts['invariance'], weights.invariance * warm));
  }
  if (weights.adversary > 0) {
    const made = keepBackground(images, siteDecoder(networks.decoder, code, target), inside);
    parts['adversary'] = siteConfusion(siteLogits(networks, made));
    terms.push(mul<Scalar>(parts['adversary'], weights.adversary));
  }
  return { total: terms.reduce((total, term) => add<Scalar>(total, term)), parts };
}

/**
 * The loss of the adversary: from images as made for a site that was drawn, it is to name the site that they come from. How
 * often it does is reported.
 */
export function adversaryLoss(
  networks: CvaeTensors,
  { images, inside, source, target, noise }: CvaeInputs,
): Loss {
  const made = tidy(() => {
    const { means, logVariances } = codeEncoder(networks.encoder, images);
    const code = add<Tensor4D>(means, mul(exp(mul(logVariances, 0.5)), noise));
    return keepBackground(images, siteDecoder(networks.decoder, code, target), inside);
  });
  const logits = siteLogits(networks, made);
  const named = tidy(() => {
    // Where the own site has the largest logit.
    const own = sum(mul(logits, source), 1, true);
    return sub<Scalar>(1, mean(cast(any(greater(logits, own), 1), 'float32')));
  });
  return { total: siteCrossEntropy(logits, source), parts: { named } };
}

function siteLogits({ adversary }: CvaeTensors, images: Tensor4D): Tensor2D {
  return linear(adversary.heads, criticFeatures(adversary, images));
}
