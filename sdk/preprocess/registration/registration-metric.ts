import type { Affine } from '../../data/images/affine';
import { composeAffines, invertAffine } from '../../data/images/affine';
import { interpolateAffine } from '../../math/images/interpolation-affine';
import type { RegistrationImage } from './registration-image';

/** Intensities from 0 to 1000 fall into so many bins. */
const bins = 32;

/**
 * How well two images agree where they overlap: the normalized mutual information (H(fixed) + H(moving)) /
 * H(fixed, moving) of Studholme, Hill & Hawkes 1999, "An overlap invariant entropy measure of 3D medical image
 * alignment", Pattern Recognition 32:71–86, from a joint histogram of 32 × 32 bins. 1 without overlap.
 *
 * @param toMoving - millimeters of the fixed image → millimeters of the moving one
 */
export function normalizedMutualInformation(
  fixed: RegistrationImage,
  moving: RegistrationImage,
  toMoving: Affine,
): number {
  const matrix = composeAffines(invertAffine(moving.affine), composeAffines(toMoving, fixed.affine));
  const sampled = interpolateAffine(moving.data, moving.shape, {
    shape: fixed.shape,
    matrix,
    interpolation: 'linear',
    fill: -1,
  });
  const joint = new Float64Array(bins * bins);
  const ofFixed = new Float64Array(bins);
  const ofMoving = new Float64Array(bins);
  let count = 0;
  for (let at = 0; at < sampled.length; at++) {
    if (sampled[at] < 0) continue;
    const a = bin(fixed.data[at]);
    const b = bin(sampled[at]);
    joint[a * bins + b]++;
    ofFixed[a]++;
    ofMoving[b]++;
    count++;
  }
  const together = entropy(joint, count);
  return together > 0 ? (entropy(ofFixed, count) + entropy(ofMoving, count)) / together : 1;
}

function bin(value: number): number {
  return Math.min(bins - 1, Math.floor((value * bins) / 1000));
}

/** The entropy of a histogram in nats. */
function entropy(counts: Float64Array, total: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / total) * Math.log(count / total);
  return sum;
}
