import { gaussianFilter } from '../../math/images/gaussian-filter';
import { fuzzyCenters } from '../../math/images/fuzzy-c-means';
import type { Volume } from '../../data/images/volume';
import { requireMask } from '../../data/images/volume';
import type { TissueMaps } from './tissues';
import { makeTissueMaps } from './tissues';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link estimateTissueMaps}. */
export interface EstimateTissueMapsOptions {
  /**
   * Divide by the slow part of the intensities of gray and white matter first: what coils left in the scan would else
   * be taken for tissue. Its standard deviation in mm; 0 for a scan that is corrected already.
   *
   * @defaultValue 25
   */
  readonly biasSmoothing?: number;
}

/**
 * Estimates how much of each voxel of a T1-weighted brain is fluid, gray and white matter, so that {@link rescan} can
 * make a real brain a traveling subject. Fuzzy c-means with three classes finds what each tissue looks like; a voxel
 * between two of these intensities is taken for a mixture of the two in the proportion that gives its intensity
 * (partial volume: Choi, Haynor & Kim 1991, IEEE Trans. Med. Imaging 10:395). So rescanned with the contrast it came
 * from it looks as it did, noise and all. Deep gray matter is between gray and white, as it looks.
 *
 * @throws ConcordError `missing-value` without a mask, `too-little-data` when the brain has fewer than three
 * intensities.
 */
export function estimateTissueMaps(volume: Volume, options: EstimateTissueMapsOptions = {}): TissueMaps {
  requireCall('phantoms.estimateTissueMaps', { volume, options });
  const { biasSmoothing = 25 } = options;
  const mask = requireMask(volume, 'estimateTissueMaps');
  let data = volume.data;
  let centers = tissueCenters(data, mask);
  for (let round = 0; round < (biasSmoothing > 0 ? 3 : 0); round++) {
    data = evened(data, { volume, mask, centers, sigma: biasSmoothing });
    centers = tissueCenters(data, mask);
  }
  const [fluid, gray, white] = centers;
  const csf = new Float32Array(data.length);
  const grayMatter = new Float32Array(data.length);
  const whiteMatter = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (mask[i] === 0) continue;
    const upper = Math.min(1, Math.max(0, (data[i] - gray) / (white - gray)));
    const lower = Math.min(1, Math.max(0, (gray - data[i]) / (gray - fluid)));
    csf[i] = lower;
    whiteMatter[i] = upper;
    grayMatter[i] = 1 - lower - upper;
  }
  const { shape, affine } = volume;
  return { ...makeTissueMaps({ csf, grayMatter, whiteMatter }, { shape, affine }), mask };
}

/** What fluid, gray and white matter look like. */
function tissueCenters(data: Float32Array, mask: Uint8Array): Float64Array {
  const inside: number[] = [];
  for (let i = 0; i < data.length; i++) if (mask[i] !== 0) inside.push(data[i]);
  return fuzzyCenters(inside, { classes: 3 }).centers;
}

/** What {@link evened} takes besides intensities. */
interface EvenOptions {
  readonly volume: Volume;
  readonly mask: Uint8Array;
  readonly centers: Float64Array;
  /** In mm. */
  readonly sigma: number;
}

/** Divides by the smoothed ratio of each voxel of gray or white matter to what its class looks like. */
function evened(data: Float32Array, { volume, mask, centers, sigma }: EvenOptions): Float32Array {
  const { shape, spacing } = volume;
  const ratio = new Float32Array(data.length);
  const weight = new Float32Array(data.length);
  const split = 0.5 * (centers[0] + centers[1]);
  for (let i = 0; i < data.length; i++) {
    if (mask[i] === 0 || data[i] < split) continue;
    const own = data[i] > 0.5 * (centers[1] + centers[2]) ? centers[2] : centers[1];
    ratio[i] = Math.log(data[i] / own);
    weight[i] = 1;
  }
  const widths: [number, number, number] = [sigma / spacing[0], sigma / spacing[1], sigma / spacing[2]];
  const smoothRatio = gaussianFilter(ratio, shape, widths);
  const smoothWeight = gaussianFilter(weight, shape, widths);
  return data.map((value, i) =>
    mask[i] === 0 || smoothWeight[i] === 0 ? value : value / Math.exp(smoothRatio[i] / smoothWeight[i]),
  );
}
