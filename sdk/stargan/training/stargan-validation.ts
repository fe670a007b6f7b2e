import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { rankCorrelation } from '../../math/statistics/rank-correlation';
import type { HeldOutImages } from '../../nn/images/held-out-images';
import { rowsTensor } from '../../nn/images/image-model';
import { absoluteDifference, intensityDistance } from '../../nn/images/intensity-distance';
import { numbersOf } from '../../nn/images/numbers-of';
import { varianceBetween } from '../../nn/images/variance-between';
import { keepBackground } from '../../nn/ops/keep-background';
import { oneHot } from '../../nn/ops/one-hot';
import { areasOf, meanStyle } from '../../nn/styles/mean-style';
import { readImages } from '../network/image-trunk';
import { starganGenerator } from '../network/stargan-generator';
import type { StarganTensors } from '../network/stargan-network';
import type { StarganArchitecture } from '../network/stargan-sizes';

/** Some slices of a scan held out, and its domain. */
export interface JudgedScan extends HeldOutImages {
  readonly domain: number;
}

/** What is found on scans held out, on the scale of the networks: 2 from background to bright. */
export interface StarganJudgement {
  /** What the weights to keep are chosen by, the smallest: `cycle` + `distribution`. */
  readonly metric: number;
  /** Mean absolute difference of images and what comes back of them. */
  readonly cycle: number;
  /** How far the intensities that a scan is given are from those of the scan whose style it was given. */
  readonly distribution: number;
  /** Mean absolute difference of images and what is made of them. */
  readonly difference: number;
  /** Mean absolute difference of what is made of images in another scan's style and in their own. */
  readonly styleDifference: number;
  /** How much of the anatomy is kept: the rank correlation of images with what is made of them, in the brain of a scan. */
  readonly resemblance: number;
  /** How much made images differ from each other, as a share of how much real ones do: mean variance at a place. */
  readonly variety: number;
}

/**
 * Judges networks on scans held out: each is made in the style of another, read from its slices, and back.
 *
 * @param domains - how many there are: with several, the other scan is of another domain where there is one
 */
export async function judgeStargan(
  networks: StarganTensors,
  judged: readonly JudgedScan[],
  { architecture, domains }: { readonly architecture: StarganArchitecture; readonly domains: number },
): Promise<StarganJudgement> {
  const styles: Float32Array[] = [];
  for (const scan of judged) styles.push(await styleOf(networks, scan, { architecture, domains }));
  const sums = {
    cycle: 0,
    difference: 0,
    style: 0,
    distribution: 0,
    variety: 0,
    resemblance: 0,
    pixels: 0,
    compared: 0,
  };
  for (const [at, scan] of judged.entries()) {
    const other = otherThan(at, judged);
    const { there, back, again } = await madeOf(networks, scan, {
      own: styles[at],
      other: styles[other],
      architecture,
    });
    sums.pixels += scan.images.length;
    sums.cycle += absoluteDifference(scan.images, back);
    sums.difference += absoluteDifference(scan.images, there);
    sums.style += absoluteDifference(again, there);
    const real = varianceBetween(scan.images, scan.positions.length);
    sums.variety += real > 0 ? varianceBetween(there, scan.positions.length) / real : 1;
    sums.resemblance += resemblanceOf(scan, there);
    const distance = intensityDistance(brainOf(there, scan), brainOf(judged[other].images, judged[other]));
    if (distance === undefined) continue;
    sums.distribution += distance;
    sums.compared++;
  }
  const cycle = sums.cycle / sums.pixels;
  const distribution = sums.distribution / Math.max(1, sums.compared);
  return {
    metric: cycle + distribution,
    cycle,
    distribution,
    difference: sums.difference / sums.pixels,
    styleDifference: sums.style / sums.pixels,
    resemblance: sums.resemblance / judged.length,
    variety: sums.variety / judged.length,
  };
}

/** The next scan of another domain, else the next one; of one scan alone, itself. */
function otherThan(at: number, judged: readonly JudgedScan[]): number {
  const following = Array.from(judged.keys(), (_, i) => (at + 1 + i) % judged.length);
  return following.find((other) => judged[other].domain !== judged[at].domain) ?? following[0];
}

async function styleOf(
  networks: StarganTensors,
  { images, inside, positions, domain }: JudgedScan,
  { architecture, domains }: { readonly architecture: StarganArchitecture; readonly domains: number },
): Promise<Float32Array> {
  const read = tidy(() => {
    const heads = oneHot(
      positions.map(() => domain),
      domains,
    );
    return readImages(networks.style, rowsTensor<Tensor4D>(images, architecture.imageShape), heads);
  });
  const styles = await numbersOf(read);
  read.dispose();
  return meanStyle(styles, areasOf(inside, positions.length));
}

/** Images in another style, back in their own, and as they are made again in their own at once. */
interface Made {
  readonly there: Float32Array;
  readonly back: Float32Array;
  readonly again: Float32Array;
}

async function madeOf(
  networks: StarganTensors,
  { images, inside, positions }: JudgedScan,
  given: {
    readonly own: Float32Array;
    readonly other: Float32Array;
    readonly architecture: StarganArchitecture;
  },
): Promise<Made> {
  const { imageShape, styleSize } = given.architecture;
  const made = tidy(() => {
    const x = rowsTensor<Tensor4D>(images, imageShape);
    const brain = rowsTensor<Tensor4D>(Float32Array.from(inside), imageShape);
    const rows = (style: Float32Array): Tensor2D =>
      rowsTensor(Float32Array.from(positions.flatMap(() => [...style])), [styleSize]);
    const make = (from: Tensor4D, style: Float32Array): Tensor4D =>
      keepBackground(x, starganGenerator(networks.generator, from, rows(style)), brain);
    const there = make(x, given.other);
    return [there, make(there, given.own), make(x, given.own)];
  });
  const [there, back, again] = await Promise.all(made.map(numbersOf));
  for (const used of made) used.dispose();
  return { there, back, again };
}

function brainOf(images: Float32Array, { inside }: Pick<JudgedScan, 'inside'>): Float32Array {
  return images.filter((_, i) => inside[i] !== 0);
}

/** By ranks, whatever the contrast of the other style; an image that is flat resembles nothing. */
function resemblanceOf(scan: JudgedScan, made: Float32Array): number {
  const [before, after] = [scan.images, made].map((images) => Float64Array.from(brainOf(images, scan)));
  const found = rankCorrelation(before, after);
  return Number.isFinite(found) ? found : 0;
}
