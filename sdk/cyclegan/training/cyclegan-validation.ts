import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { rowsTensor, sizeOf } from '../../nn/images/image-model';
import { absoluteDifference, intensityDistance } from '../../nn/images/intensity-distance';
import type { HeldOutImages } from '../../nn/images/held-out-images';
import { numbersOf } from '../../nn/images/numbers-of';
import { varianceBetween } from '../../nn/images/variance-between';
import type { CycleganArchitecture } from '../cyclegan-model';
import type { CycleganTensors } from '../network/cyclegan-network';
import type { SitePair } from '../pairs';
import { translated } from './cyclegan-losses';

/** What is found on images held out of one site, translated to another; 2 is from background to bright. */
export interface JudgedDirection {
  readonly from: number;
  readonly to: number;
  /** Mean absolute difference of images and what comes back of them. */
  readonly cycle: number;
  /** How far intensities made for the site are from its own; missing where none of its images were held out. */
  readonly distribution?: number;
  /** Mean absolute difference of images and what is made of them. */
  readonly difference: number;
  /** How much made images differ from each other, as a share of how much real ones do: mean variance at a place. */
  readonly variety: number;
}

/** What is found on images held out. */
export interface CycleganJudgement {
  /** What the weights to keep are chosen by, the smallest: the means over directions of `cycle` and `distribution`, added. */
  readonly metric: number;
  readonly directions: readonly JudgedDirection[];
}

/** Images that go through the networks at a time. */
const atOnce = 16;

/**
 * Judges networks on images held out, site by site.
 *
 * @param judged - of each site; those of a site may be none
 */
export async function judgeCyclegan(
  networks: CycleganTensors,
  judged: readonly HeldOutImages[],
  {
    architecture,
    pairs,
  }: { readonly architecture: CycleganArchitecture; readonly pairs: readonly SitePair[] },
): Promise<CycleganJudgement> {
  const directions: JudgedDirection[] = [];
  for (const [pair, { first, second }] of pairs.entries()) {
    const { forth, back } = networks[`generators${pair}`];
    for (const [from, to, there, home] of [
      [first, second, forth, back],
      [second, first, back, forth],
    ] as const) {
      if (judged[from].positions.length === 0) continue;
      const made = await thereAndBack({ there, home }, judged[from], architecture);
      directions.push({ from, to, ...compared(made, judged[from], judged[to]) });
    }
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const distribution = mean(directions.flatMap((direction) => direction.distribution ?? []));
  return { metric: mean(directions.map(({ cycle }) => cycle)) + distribution, directions };
}

type Generator = Parameters<typeof translated>[0];

/** Images as made for another site, and as made again for their own. */
interface Made {
  readonly there: Float32Array;
  readonly back: Float32Array;
}

async function thereAndBack(
  { there, home }: { readonly there: Generator; readonly home: Generator },
  { images, inside, positions }: HeldOutImages,
  { imageShape }: CycleganArchitecture,
): Promise<Made> {
  const size = sizeOf(imageShape);
  const made = { there: new Float32Array(images.length), back: new Float32Array(images.length) };
  for (let start = 0; start < positions.length; start += atOnce) {
    const [from, to] = [start * size, Math.min(positions.length, start + atOnce) * size];
    const [away, again] = tidy(() => {
      const brain = rowsTensor<Tensor4D>(Float32Array.from(inside.subarray(from, to)), imageShape);
      const elsewhere = translated(there, rowsTensor(images.subarray(from, to), imageShape), brain);
      return [elsewhere, translated(home, elsewhere, brain)];
    });
    const [first, second] = await Promise.all([away, again].map(numbersOf));
    away.dispose();
    again.dispose();
    made.there.set(first, from);
    made.back.set(second, from);
  }
  return made;
}

function compared(
  { there, back }: Made,
  { images, inside, positions }: HeldOutImages,
  target: HeldOutImages,
): Omit<JudgedDirection, 'from' | 'to'> {
  const inBrain = (values: Float32Array, of: Uint8Array): Float32Array =>
    values.filter((_, i) => of[i] !== 0);
  const count = positions.length;
  return {
    cycle: absoluteDifference(images, back) / images.length,
    distribution: intensityDistance(inBrain(there, inside), inBrain(target.images, target.inside)),
    difference: absoluteDifference(images, there) / images.length,
    variety: varianceBetween(there, count) / varianceBetween(images, count),
  };
}
