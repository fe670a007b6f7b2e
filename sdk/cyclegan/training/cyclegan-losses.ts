import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { add, cast, greater, less, mean, mul, tidy } from '@tensorflow/tfjs-core';
import { patchCritic } from '../../nn/blocks/patch-critic';
import { absoluteErrorLoss } from '../../nn/losses/absolute-error';
import { criticLeastSquaresLoss, generatorLeastSquaresLoss } from '../../nn/losses/least-squares-loss';
import { keepBackground } from '../../nn/ops/keep-background';
import type { Loss } from '../../nn/optimize/value-and-gradients';
import type { CycleGenerator } from '../network/cycle-generator';
import { cycleGenerator } from '../network/cycle-generator';
import type { PairCritics, PairGenerators } from '../network/cyclegan-network';
import type { CycleganLossWeights } from './loss-weights';

/** Images of one site on the backend. */
export interface SiteInputs {
  /** Scaled, `[N, H, W, channels]`. */
  readonly images: Tensor4D;
  /** 1 where images are not background, else 0, of their shape. @defaultValue 1 everywhere */
  readonly inside?: Tensor4D;
}

/** What a training step of a pair works on. */
export interface PairInputs {
  readonly first: SiteInputs;
  readonly second: SiteInputs;
}

/** The networks of a pair on the backend. */
export interface PairNetworks {
  readonly generators: PairGenerators<Tensor>;
  readonly critics: PairCritics<Tensor>;
}

/** What is shown to a critic in the place of images that were just made for its site. */
export type Exchange = (made: Tensor4D) => Tensor4D;

/** Translates images; the background stays as it is. */
export function translated(
  generator: CycleGenerator<Tensor>,
  images: Tensor4D,
  inside: Tensor4D | undefined,
): Tensor4D {
  return keepBackground(images, cycleGenerator(generator, images), inside);
}

/**
 * The loss of both generators of a pair (Zhu et al. 2017, arXiv:1703.10593, equations 1 to 3 with least squares, section
 * 3 and 5.2): made images look real, what is made there and back again is itself, and images of the target stay as they are.
 * All in the mean over pixels, added up over both directions.
 *
 * @returns the total and each term by name, before its weight
 */
export function generatorsLoss(
  { generators: { forth, back }, critics }: PairNetworks,
  { first, second }: PairInputs,
  weights: CycleganLossWeights,
): Loss {
  const toSecond = translated(forth, first.images, first.inside);
  const toFirst = translated(back, second.images, second.inside);
  const parts: Record<string, Scalar> = {};
  if (weights.adversarial > 0) {
    parts['adversarial'] = add(
      generatorLeastSquaresLoss(patchCritic(critics.second, toSecond)),
      generatorLeastSquaresLoss(patchCritic(critics.first, toFirst)),
    );
  }
  if (weights.cycle > 0) {
    parts['cycle'] = add(
      absoluteErrorLoss(first.images, translated(back, toSecond, first.inside)),
      absoluteErrorLoss(second.images, translated(forth, toFirst, second.inside)),
    );
  }
  if (weights.identity > 0) {
    parts['identity'] = add(
      absoluteErrorLoss(first.images, translated(back, first.images, first.inside)),
      absoluteErrorLoss(second.images, translated(forth, second.images, second.inside)),
    );
  }
  const terms = Object.entries(parts).map(([name, part]) =>
    mul<Scalar>(part, weights[name as keyof CycleganLossWeights]),
  );
  return { total: terms.reduce((total, term) => add<Scalar>(total, term)), parts };
}

/**
 * The loss of both critics of a pair: least squares, halved. The share of patches that they judge rightly is reported: near
 * ½ they cannot separate real from made, near 1 the generators learn little.
 *
 * @param exchange - for images made for the first site, and for the second
 */
export function criticsLoss(
  { generators, critics }: PairNetworks,
  { first, second }: PairInputs,
  exchange: { readonly first: Exchange; readonly second: Exchange },
): Loss {
  const [forFirst, forSecond] = tidy(() => [
    exchange.first(translated(generators.back, second.images, second.inside)),
    exchange.second(translated(generators.forth, first.images, first.inside)),
  ]);
  const judged = [
    [patchCritic(critics.first, first.images), patchCritic(critics.first, forFirst)],
    [patchCritic(critics.second, second.images), patchCritic(critics.second, forSecond)],
  ];
  const [one, other] = judged.map(([real, made]) => criticLeastSquaresLoss(real, made));
  const separated = tidy(() => {
    const right = judged.map(([real, made]) => add(share(greater(real, 0.5)), share(less(made, 0.5))));
    return mul<Scalar>(add(right[0], right[1]), 0.25);
  });
  return { total: add(one, other), parts: { separated } };
}

function share(is: Tensor): Scalar {
  return mean<Scalar>(cast(is, 'float32'));
}
