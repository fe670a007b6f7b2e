import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { deriveSeed, makeRandom } from '../../math/random';
import type { HeldOutImages } from '../../nn/images/held-out-images';
import { absoluteDifference, intensityDistance } from '../../nn/images/intensity-distance';
import { numbersOf } from '../../nn/images/numbers-of';
import { normalNoise } from '../../nn/ops/normal-noise';
import { oneHot } from '../../nn/ops/one-hot';
import { contentEncoder } from '../network/content-encoder';
import { generator } from '../network/generator';
import { keepBackground } from '../../nn/ops/keep-background';
import type { MurdArchitecture } from '../murd-model';
import type { MurdTensors } from '../network/murd-network';
import { styleEncoder } from '../network/style-encoder';
import { siteStyle, styleGenerator } from '../network/style-generator';

/** Images held out to judge the networks by. */
export interface JudgedImages extends Omit<HeldOutImages, 'positions'> {
  /** The domain of each. */
  readonly domains: readonly number[];
  /** Those that each domain can be translated to. */
  readonly targets: readonly (readonly number[])[];
  /** How many domains there are. */
  readonly count: number;
}

/** What is found on images held out, in the scale of the network: 2 from background to bright. */
export interface MurdJudgement {
  /** What the weights to keep are chosen by, the smallest: `cycle` + `distribution`. */
  readonly metric: number;
  /** |x − G(E_c(x̂), E_s(x))|: how much of an image a translation there and back loses. */
  readonly cycle: number;
  /** How far intensities made for a domain are from its own, mean absolute difference of quantiles. */
  readonly distribution: number;
  /** How much images differ between two styles of one domain, and between two domains. */
  readonly styleDiversity: number;
  readonly domainDifference: number;
  /** The variance of content from image to image at a place, mean over places and channels. */
  readonly contentVariance: number;
}

/** Images that go through the networks at a time. */
const atOnce = 16;

/** Judges networks on images held out: each is translated to the mean style of a domain, in turn, and back. */
export async function judgeMurd(
  networks: MurdTensors,
  { images, inside, domains, targets, count }: JudgedImages,
  { architecture }: { readonly architecture: MurdArchitecture },
): Promise<MurdJudgement> {
  const size = architecture.imageShape.reduce((product, side) => product * side, 1);
  const chosen = domains.map((domain, i) => targets[domain][i % targets[domain].length]);
  const made = new Float32Array(images.length);
  const sums = { cycle: 0, style: 0, domain: 0 };
  const contents: Float32Array[] = [];
  for (let from = 0; from < domains.length; from += atOnce) {
    const to = Math.min(domains.length, from + atOnce);
    const part = images.subarray(from * size, to * size);
    const outcome = tidy(() =>
      translateAndBack(networks, part, {
        architecture,
        inside: inside.subarray(from * size, to * size),
        source: oneHot(domains.slice(from, to), count),
        target: oneHot(chosen.slice(from, to), count),
        seed: from,
      }),
    );
    const [content, there, back, styled] = await Promise.all(
      [outcome.content, outcome.there, outcome.back, outcome.styled].map(numbersOf),
    );
    for (const used of Object.values(outcome)) used.dispose();
    made.set(there, from * size);
    contents.push(content);
    sums.cycle += absoluteDifference(part, back);
    sums.style += absoluteDifference(there, styled);
    sums.domain += absoluteDifference(part, there);
  }
  const distribution = distributionError(
    { images, domains },
    { images: made, domains: chosen },
    { inside, size },
  );
  const cycle = sums.cycle / images.length;
  return {
    metric: cycle + distribution,
    cycle,
    distribution,
    styleDiversity: sums.style / images.length,
    domainDifference: sums.domain / images.length,
    contentVariance: varianceBetween(contents, domains.length),
  };
}

function translateAndBack(
  networks: MurdTensors,
  images: Float32Array,
  given: {
    readonly architecture: MurdArchitecture;
    readonly inside: Uint8Array;
    readonly source: Tensor2D;
    readonly target: Tensor2D;
    readonly seed: number;
  },
): { content: Tensor4D; there: Tensor4D; back: Tensor4D; styled: Tensor4D } {
  const { architecture, inside, source, target, seed } = given;
  const [count] = source.shape;
  const x = tensor4d(images, [count, ...architecture.imageShape]);
  const brain = tensor4d(Float32Array.from(inside), x.shape);
  const make = (shown: Tensor4D, style: Tensor2D): Tensor4D =>
    keepBackground(x, generator(networks.generator, shown, style), brain);
  const content = contentEncoder(networks.content, x);
  const there = make(content, siteStyle(networks.styles, architecture, target));
  const back = make(contentEncoder(networks.content, there), styleEncoder(networks.style, x, source));
  const latents = normalNoise<Rank.R2>(makeRandom(deriveSeed(1, seed)), [count, architecture.latentSize]);
  const style = styleGenerator(networks.styles, latents, target);
  return { content, there, back, styled: make(content, style) };
}

interface Labelled {
  readonly images: Float32Array;
  readonly domains: readonly number[];
}

/** The mean over domains of the distance between real and made intensities in the brain. */
function distributionError(
  real: Labelled,
  made: Labelled,
  where: { readonly inside: Uint8Array; readonly size: number },
): number {
  const found: number[] = [];
  for (const domain of new Set(made.domains)) {
    const distance = intensityDistance(valuesOf(real, domain, where), valuesOf(made, domain, where));
    if (distance !== undefined) found.push(distance);
  }
  return found.reduce((sum, value) => sum + value, 0) / Math.max(1, found.length);
}

/** The pixels of a domain's images that are brain in what they were made of. */
function valuesOf(
  { images, domains }: Labelled,
  domain: number,
  { inside, size }: { readonly inside: Uint8Array; readonly size: number },
): Float32Array {
  return images.filter((_, i) => domains[Math.floor(i / size)] === domain && inside[i] !== 0);
}

function varianceBetween(contents: readonly Float32Array[], count: number): number {
  const length = contents.reduce((sum, part) => sum + part.length, 0) / count;
  const sum = new Float64Array(length);
  const squares = new Float64Array(length);
  for (const part of contents) {
    part.forEach((value, i) => {
      sum[i % length] += value;
      squares[i % length] += value * value;
    });
  }
  return squares.reduce((total, square, i) => total + square / count - (sum[i] / count) ** 2, 0) / length;
}
