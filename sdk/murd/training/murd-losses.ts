import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, mean, mul, neg, sigmoid, square, tidy } from '@tensorflow/tfjs-core';
import { absoluteErrorLoss } from '../../nn/losses/absolute-error';
import { imageGradientLoss } from '../../nn/losses/image-gradient-loss';
import { criticLogisticLoss, generatorLogisticLoss } from '../../nn/losses/logistic-loss';
import { judgedWithR1 } from '../../nn/optimize/r1-penalty';
import type { Loss } from '../../nn/optimize/value-and-gradients';
import { contentEncoder } from '../network/content-encoder';
import { discriminator } from '../network/discriminator';
import { generator } from '../network/generator';
import { keepBackground } from '../../nn/ops/keep-background';
import type { MurdLossWeights } from './loss-weights';
import type { MurdTensors } from '../network/murd-network';
import { styleEncoder } from '../network/style-encoder';
import { styleGenerator } from '../network/style-generator';

/** What a training step works on, on the backend. */
export interface MurdInputs {
  /** Images of the domains `source`, scaled, `[N, H, W, channels]`. */
  readonly images: Tensor4D;
  /** 1 where images are not background, else 0, of their shape. @defaultValue 1 everywhere */
  readonly inside?: Tensor4D;
  /** A row for each image with a 1 at its domain, `[N, domains]`, and at the one it is to be translated to. */
  readonly source: Tensor2D;
  readonly target: Tensor2D;
  /** Standard normal, `[N, latent size]`: what the style is made of; and for the diversity another. */
  readonly latents: Tensor2D;
  readonly otherLatents: Tensor2D;
  /** Noise to be added to content, of its shape; the spread is in it. */
  readonly contentNoise?: (content: Tensor4D) => Tensor4D;
}

/**
 * The loss of encoders, style generator and generator (Liu & Yap 2024, "Learning multi-site harmonization of magnetic
 * resonance images without traveling human phantoms"). With c the content of x, s its style, t a style made for the
 * target and x̂ = G(c, t): all that {@link MurdLossWeights} lists. Contents are compared without the noise that they
 * are given for the generator: noise on both would be a floor that nothing can be learned from. Background is kept, not
 * made.
 *
 * @returns the total and each term by name, before its weight
 */
export function murdLoss(
  networks: MurdTensors,
  { images, inside, source, target, latents, otherLatents, contentNoise = (content) => content }: MurdInputs,
  weights: MurdLossWeights,
): Loss {
  const make = (content: Tensor4D, style: Tensor2D): Tensor4D =>
    keepBackground(images, generator(networks.generator, content, style), inside);
  const content = contentEncoder(networks.content, images);
  const noisy = contentNoise(content);
  const given = styleGenerator(networks.styles, latents, target);
  const made = make(noisy, given);
  const ownStyle =
    weights.identity > 0 || weights.cycle > 0 || weights.gradients > 0
      ? styleEncoder(networks.style, images, source)
      : undefined;
  const needsMadeContent = weights.contentConsistency > 0 || weights.cycle > 0 || weights.gradients > 0;
  const madeContent = needsMadeContent ? contentEncoder(networks.content, made) : undefined;
  const parts: Record<string, Scalar> = {};
  if (weights.adversarial > 0) {
    parts['adversarial'] = generatorLogisticLoss(discriminator(networks.critic, made, target));
  }
  if (weights.contentConsistency > 0 && madeContent !== undefined) {
    parts['contentConsistency'] = absoluteErrorLoss(content, madeContent);
  }
  if (weights.styleConsistency > 0) {
    parts['styleConsistency'] = absoluteErrorLoss(given, styleEncoder(networks.style, made, target));
  }
  if (weights.identity > 0 && ownStyle !== undefined) {
    parts['identity'] = absoluteErrorLoss(images, make(noisy, ownStyle));
  }
  if ((weights.cycle > 0 || weights.gradients > 0) && madeContent !== undefined && ownStyle !== undefined) {
    const back = make(contentNoise(madeContent), ownStyle);
    parts['cycle'] = absoluteErrorLoss(images, back);
    if (weights.gradients > 0) parts['gradients'] = imageGradientLoss(images, back);
  }
  if (weights.alignment > 0) parts['alignment'] = mean<Scalar>(square(content));
  if (weights.diversity > 0) {
    const other = styleGenerator(networks.styles, otherLatents, target);
    // Made larger: added to what is made smaller it would reward styles that are all the same.
    parts['diversity'] = neg(absoluteErrorLoss(made, make(noisy, other)));
  }
  return { total: weighted(parts, weights), parts };
}

/**
 * The loss of the discriminator, which separates real images of a domain from those made for it, with the R1 penalty on
 * real ones. How sure it is of both is reported: near ½ it cannot separate them, near 1 the generator learns little.
 */
export function discriminatorLoss(
  networks: MurdTensors,
  { images, inside, source, target, latents, contentNoise = (content) => content }: MurdInputs,
  { r1 }: Pick<MurdLossWeights, 'r1'>,
): Loss {
  const made = tidy(() => {
    const content = contentNoise(contentEncoder(networks.content, images));
    const style = styleGenerator(networks.styles, latents, target);
    return keepBackground(images, generator(networks.generator, content, style), inside);
  });
  const judge = (x: Tensor4D): Tensor2D => discriminator(networks.critic, x, source);
  const { answers: real, penalty } = judgedWithR1(judge, images, { gamma: r1 });
  const answers = discriminator(networks.critic, made, target);
  const telling = criticLogisticLoss(real, answers);
  const parts = { telling, sureOfReal: surety(real), sureOfMade: surety(neg(answers)) };
  if (penalty === undefined) return { total: telling, parts };
  return { total: add<Scalar>(telling, penalty), parts: { ...parts, penalty } };
}

function surety(answers: Tensor): Scalar {
  return mean<Scalar>(sigmoid(answers));
}

function weighted(parts: Readonly<Record<string, Scalar>>, weights: MurdLossWeights): Scalar {
  return Object.entries(parts)
    .map(([name, part]) => mul<Scalar>(part, weights[name as keyof MurdLossWeights]))
    .reduce((sum, part) => add<Scalar>(sum, part));
}
