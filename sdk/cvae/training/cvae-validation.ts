import { tidy } from '@tensorflow/tfjs-core';
import type { HeldOutImages } from '../../nn/images/held-out-images';
import { numbersOf } from '../../nn/images/numbers-of';
import { rowsTensor } from '../../nn/images/image-model';
import { oneHot } from '../../nn/ops/one-hot';
import type { CvaeArchitecture } from '../cvae-model';
import { codeEncoder } from '../network/code-encoder';
import type { CvaeTensors } from '../network/cvae-network';
import { siteDecoder } from '../network/site-decoder';

/** Images held out to judge the networks by. */
export interface JudgedSites extends Omit<HeldOutImages, 'positions'> {
  /** The site of each, by number. */
  readonly sites: readonly number[];
  /** How many sites there are. */
  readonly count: number;
}

/** What is found on images held out, on the scale of the network: 2 from background to bright. */
export interface CvaeJudgement {
  /** Mean absolute difference in the brain of images and what is made of the means of their codes for their own site. */
  readonly reconstruction: number;
  /** Mean absolute difference in the brain of what is made for the own site and for the next. */
  readonly siteDifference: number;
}

/** Images that go through the networks at a time. */
const atOnce = 16;

/** Judges networks on images held out. */
export async function judgeCvae(
  networks: CvaeTensors,
  { images, inside, sites, count }: JudgedSites,
  { imageShape }: CvaeArchitecture,
): Promise<CvaeJudgement> {
  const size = imageShape.reduce((product, side) => product * side, 1);
  const sums = { own: 0, next: 0 };
  for (let from = 0; from < sites.length; from += atOnce) {
    const to = Math.min(sites.length, from + atOnce);
    const [own, next] = tidy(() => {
      const x = rowsTensor(images.subarray(from * size, to * size), imageShape);
      const { means } = codeEncoder(networks.encoder, x as Parameters<typeof codeEncoder>[1]);
      const asAt = (shift: number): ReturnType<typeof siteDecoder> =>
        siteDecoder(
          networks.decoder,
          means,
          oneHot(
            sites.slice(from, to).map((site) => (site + shift) % count),
            count,
          ),
        );
      return [asAt(0), asAt(1)];
    });
    const [first, second] = await Promise.all([own, next].map(numbersOf));
    own.dispose();
    next.dispose();
    first.forEach((value, i) => {
      if (inside[from * size + i] === 0) return;
      sums.own += Math.abs(value - images[from * size + i]);
      sums.next += Math.abs(value - second[i]);
    });
  }
  const pixels = Math.max(
    1,
    inside.reduce((total, is) => total + is, 0),
  );
  return { reconstruction: sums.own / pixels, siteDifference: sums.next / pixels };
}
