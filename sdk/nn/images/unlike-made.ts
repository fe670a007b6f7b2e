import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { rankCorrelation } from '../../math/statistics/rank-correlation';
import { isInside } from './inside';

/**
 * Rank correlation in the brain between a scan and what a network made of it, below which somebody is to know. Measured on slices
 * of 3 mm of real brains of three sites, at every target (`npm run bench:made -- MODEL` measures it anew). Models of `fixtures`,
 * and networks of size tiny that learned from nine of the brains, applied to three others:
 *
 * | network    | of fixtures: pictures | least | 60 steps: least to most | 5 steps: least to most |
 * |------------|-----------------------|-------|-------------------------|------------------------|
 * | MURD       | 45                    | 0.73  | 0.71 to 0.80            | 0.33 to 0.47           |
 * | cVAE       | 45                    | 0.93  | 0.84 to 0.90            | 0.07 to 0.10           |
 * | CycleGAN   | 45                    | 0.78  | 0.82 to 0.88            | 0.23 to 0.53           |
 * | style GAN  | 105                   | 0.64  | 0.40 to 0.44            | −0.08 to −0.07         |
 * | StarGAN v2 |                       |       |                         | −0.07 to 0.03          |
 * | DDAE       | 18 (of real brains)   | 0.89  |                         |                        |
 *
 * In an earlier measurement of fifteen scans a good model came to 0.53: this stays well below, and finds most pictures of five
 * steps, not all.
 */
const least = 0.45;

/** Pixels of a scan that are looked at, about. */
const most = 4096;

/** Of fewer pixels nothing is said. */
const fewest = 200;

/** Warns of scans of which a network made what has little to do with them: it is hardly trained, or knows nothing of such scans. */
export function unlikeMade(cohort: ImageCohort, made: ImageSet['data']): readonly Issue[] {
  const { images, participants } = cohort;
  const size = images.shape[1] * images.shape[2] * images.shape[3];
  return imageRanges(cohort).flatMap(([from, to], row) => {
    const inside: number[] = [];
    for (let at = from * size; at < to * size; at++) {
      if (isInside(images, at)) inside.push(at);
    }
    const step = Math.max(1, Math.floor(inside.length / most));
    const places = inside.filter((_, i) => i % step === 0);
    if (places.length < fewest) return [];
    const valuesOf = (data: Float32Array): Float64Array => Float64Array.from(places, (at) => data[at]);
    const [scan, picture] = [valuesOf(images.data), valuesOf(made)];
    if (scan.every((value) => value === scan[0])) return [];
    // A picture that is the same everywhere shows nothing of the scan.
    const found = rankCorrelation(scan, picture) || 0;
    if (found >= least) return [];
    const id = participants.ids[row];
    const message =
      `what the network made of ${id} has little to do with it: in the brain the ranks of intensities correlate by ` +
      `${found.toFixed(2).replace('-', '−')} with those of the scan (those of trained networks by 0.6 or more)`;
    return [makeIssue('made-unlike-scan', message, { subject: id })];
  });
}
