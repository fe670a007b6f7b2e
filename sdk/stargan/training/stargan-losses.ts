import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mean, mul, neg, sigmoid, tidy } from '@tensorflow/tfjs-core';
import { absoluteErrorLoss } from '../../nn/losses/absolute-error';
import { criticLogisticLoss, generatorLogisticLoss } from '../../nn/losses/logistic-loss';
import { keepBackground } from '../../nn/ops/keep-background';
import { judgedWithR1 } from '../../nn/optimize/r1-penalty';
import type { Loss } from '../../nn/optimize/value-and-gradients';
import { readImages } from '../network/image-trunk';
import { mappingNetwork } from '../network/mapping-network';
import { starganGenerator } from '../network/stargan-generator';
import type { StarganTensors } from '../network/stargan-network';
import type { StarganLossWeights } from './loss-weights';

/** Where styles come from: noise, through the mapping network, or reference images, through the style encoder. */
export type StyleOrigin = 'latent' | 'reference';

/** What a training step works on, on the backend. */
export interface StarganInputs {
  /** Images of the domains `source`, scaled, `[N, H, W, channels]`. */
  readonly images: Tensor4D;
  /** 1 where images are not background, else 0, of their shape. */
  readonly inside: Tensor4D;
  /** A row for each image with a 1 at its domain, `[N, domains]`, and at the one whose style it is given. */
  readonly source: Tensor2D;
  readonly target: Tensor2D;
  /** Standard normal, `[N, latent size]`: what the style is made of, and for the diversity another. */
  readonly latents: Tensor2D;
  readonly otherLatents: Tensor2D;
  /** Images of the domains `target`, of the shape of `images`: whose style is read, and for the diversity others. */
  readonly references: Tensor4D;
  readonly otherReferences: Tensor4D;
}

/** Terms that are weighted as they are named; the adversarial one counts 1. */
type Parts = { readonly [Name in 'adversarial' | 'style' | 'diversity' | 'cycle']?: Scalar };

/**
 * The loss of generator, mapping network and style encoder (Choi et al. 2020, "StarGAN v2", arXiv:1912.01865, equations 1 to
 * 5; Liu M. et al. 2021, "Style transfer using generative adversarial networks for multi-site MRI harmonization"): the
 * discriminator takes what is made for real; the style read from it is the one it was given; two styles make it differ; and in
 * its own style again it is what it was. Background is kept, not made. Both images of the diversity learn.
 *
 * @returns the total and each term by name, before its weight
 */
export function starganLoss(
  networks: StarganTensors,
  inputs: StarganInputs,
  { weights, origin }: { readonly weights: StarganLossWeights; readonly origin: StyleOrigin },
): Loss {
  const { images, inside, source, target } = inputs;
  const make = (from: Tensor4D, style: Tensor2D): Tensor4D =>
    keepBackground(images, starganGenerator(networks.generator, from, style), inside);
  const [style, otherStyle] = stylesOf(networks, inputs, origin);
  const made = make(images, style);
  const parts: Parts = {
    adversarial: generatorLogisticLoss(readImages(networks.critic, made, target)),
    ...(weights.style > 0
      ? { style: absoluteErrorLoss(style, readImages(networks.style, made, target)) }
      : {}),
    // Made larger: the term is what is made smaller.
    ...(weights.diversity > 0 ? { diversity: neg(absoluteErrorLoss(made, make(images, otherStyle()))) } : {}),
    ...(weights.cycle > 0
      ? { cycle: absoluteErrorLoss(images, make(made, readImages(networks.style, images, source))) }
      : {}),
  };
  const weightOf = { ...weights, adversarial: 1 };
  const total = Object.entries(parts)
    .map(([name, part]) => mul<Scalar>(part, weightOf[name as keyof Parts]))
    .reduce((sum, part) => add<Scalar>(sum, part));
  return { total, parts };
}

/**
 * The loss of the discriminator, which separates real images of a domain from those made for it, with the R1 penalty on real
 * ones. How sure it is of both is reported: near ½ it cannot separate them, near 1 the generator learns little.
 */
export function starganCriticLoss(
  networks: StarganTensors,
  inputs: StarganInputs,
  { r1, origin }: Pick<StarganLossWeights, 'r1'> & { readonly origin: StyleOrigin },
): Loss {
  const { images, inside, source, target } = inputs;
  const made = tidy(() => {
    const [style] = stylesOf(networks, inputs, origin);
    return keepBackground(images, starganGenerator(networks.generator, images, style), inside);
  });
  const critic = (x: Tensor4D, domains: Tensor2D): Tensor2D => readImages(networks.critic, x, domains);
  const judge = (x: Tensor4D): Tensor2D => critic(x, source);
  const { answers: real, penalty } = judgedWithR1(judge, images, { gamma: r1 });
  const ofMade = critic(made, target);
  const separation = criticLogisticLoss(real, ofMade);
  const parts = { separation, sureOfReal: surety(real), sureOfMade: surety(neg(ofMade)) };
  if (penalty === undefined) return { total: separation, parts };
  return { total: add<Scalar>(separation, penalty), parts: { ...parts, penalty } };
}

/** The style of each image, and where it is needed another. */
function stylesOf(
  networks: StarganTensors,
  { target, latents, otherLatents, references, otherReferences }: StarganInputs,
  origin: StyleOrigin,
): readonly [style: Tensor2D, other: () => Tensor2D] {
  const ofLatents = (from: Tensor2D): Tensor2D => mappingNetwork(networks.mapping, from, target);
  const ofImages = (from: Tensor4D): Tensor2D => readImages(networks.style, from, target);
  return origin === 'latent'
    ? [ofLatents(latents), () => ofLatents(otherLatents)]
    : [ofImages(references), () => ofImages(otherReferences)];
}

function surety(found: Tensor): Scalar {
  return mean<Scalar>(sigmoid(found));
}
