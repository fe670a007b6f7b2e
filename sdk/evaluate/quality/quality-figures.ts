import type { Triple } from '../../data/images/affine';
import { contrastOf } from '../../data/images/contrast';
import type { Volume } from '../../data/images/volume';
import { densityPeaks } from '../../math/statistics/density-peaks';
import { fuzzyCenters } from '../../math/images/fuzzy-c-means';
import { kernelDensity } from '../../math/statistics/kernel-density';
import { mean, sampleVariance } from '../../math/statistics/moments';
import { quantile, sortedValues } from '../../math/statistics/quantiles';

/** The measured qualities of one scan; `null` where it lacks what a figure needs. */
export interface QualityFigures {
  /** The volume of the brain mask in milliliters. */
  readonly maskVolume: number | null;
  /** The share of the mask's voxels that are on the outermost layer of the grid: above 0 the brain may be cut off. */
  readonly cutOff: number | null;
  /** The peaks of white and gray matter in the histogram, modes or shoulders, in the scan's unit of intensity. */
  readonly whitePeak: number | null;
  readonly grayPeak: number | null;
  /** |white − gray| / (white + gray) of the two peaks. */
  readonly contrast: number | null;
  /** Mean over sample standard deviation of the intensities in white matter, in gray matter, in cerebrospinal fluid. */
  readonly snrWhite: number | null;
  readonly snrGray: number | null;
  readonly snrFluid: number | null;
  /** |mean white − mean gray| / √(variance white + variance gray + variance of air). */
  readonly cnr: number | null;
  /**
   * The standard deviation of the intensities in the corners of the grid, outside the mask: air, 0 where it was erased.
   */
  readonly airSd: number;
  /** Entropy focus criterion: from 0, all energy in one voxel, to 1, evenly spread; blur and ghosts raise it. */
  readonly entropyFocus: number;
}

/** What needs both a mask and a known contrast. */
type TissueFigures = Omit<QualityFigures, 'maskVolume' | 'cutOff' | 'airSd' | 'entropyFocus'>;

/**
 * Measures a scan. SNR and CNR as in MRIQC (Esteban et al. 2017, PLoS ONE 12:e0184661, after Magnotta et al. 2006,
 * Radiographics 26:e29); the entropy focus criterion of Atkinson et al. 1997 (IEEE Trans. Med. Imaging 16:903),
 * normalized by its greatest value. The tissues are the three classes of fuzzy c-means in the mask.
 *
 * @param suffix - `T1w` (white matter brightest) or `T2w` (darkest); with any other the tissues are not separated
 * @throws ConcordError `too-little-data` or `invalid-number` when the intensities in the mask have no three classes.
 */
export function qualityFigures(volume: Volume, suffix: string): QualityFigures {
  const { mask, data } = volume;
  const airSd = cornerDeviation(volume);
  const contrast = contrastOf(suffix);
  const tissue =
    mask !== undefined && (contrast === 'T1w' || contrast === 'T2w')
      ? tissueFigures(sortedValues(data, mask), { whiteIsBright: contrast === 'T1w', airSd })
      : noTissue;
  return { ...maskFigures(volume), ...tissue, airSd, entropyFocus: entropyFocus(data) };
}

const noTissue: TissueFigures = {
  whitePeak: null,
  grayPeak: null,
  contrast: null,
  snrWhite: null,
  snrGray: null,
  snrFluid: null,
  cnr: null,
};

function maskFigures({ mask, shape, spacing }: Volume): Pick<QualityFigures, 'maskVolume' | 'cutOff'> {
  if (mask === undefined) return { maskVolume: null, cutOff: null };
  const [nx, ny, nz] = shape;
  let inside = 0;
  let outermost = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const face = k === 0 || k === nz - 1 || j === 0 || j === ny - 1;
      for (let i = 0; i < nx; i++, at++) {
        if (mask[at] === 0) continue;
        inside++;
        if (face || i === 0 || i === nx - 1) outermost++;
      }
    }
  }
  const voxel = spacing[0] * spacing[1] * spacing[2];
  return { maskVolume: (inside * voxel) / 1000, cutOff: inside === 0 ? null : outermost / inside };
}

function tissueFigures(
  sorted: Float64Array,
  { whiteIsBright, airSd }: { readonly whiteIsBright: boolean; readonly airSd: number },
): TissueFigures {
  const { centers } = fuzzyCenters(sorted);
  const lower = (centers[0] + centers[1]) / 2;
  const upper = (centers[1] + centers[2]) / 2;
  const dark = moments(sorted.filter((value) => value <= lower));
  const gray = moments(sorted.filter((value) => value > lower && value <= upper));
  const bright = moments(sorted.filter((value) => value > upper));
  const [white, fluid] = whiteIsBright ? [bright, dark] : [dark, bright];
  const peaks = tissuePeaks(sorted, centers);
  const whitePeak = peaks[whiteIsBright ? 2 : 0];
  const grayPeak = peaks[1];
  const apart = whitePeak !== grayPeak && whitePeak + grayPeak > 0;
  return {
    whitePeak,
    grayPeak: apart ? grayPeak : null,
    contrast: apart ? Math.abs(whitePeak - grayPeak) / (whitePeak + grayPeak) : null,
    snrWhite: finite(white.mean / Math.sqrt(white.variance)),
    snrGray: finite(gray.mean / Math.sqrt(gray.variance)),
    snrFluid: finite(fluid.mean / Math.sqrt(fluid.variance)),
    cnr: finite(Math.abs(white.mean - gray.mean) / Math.sqrt(white.variance + gray.variance + airSd * airSd)),
  };
}

/** For each class the peak of the histogram nearest to its center. The bandwidth is that of the normalizations. */
function tissuePeaks(sorted: Float64Array, centers: Float64Array): readonly number[] {
  const range = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  const peaks = range > 0 ? densityPeaks(kernelDensity(sorted, 0.06 * range)) : [];
  return Array.from(centers, (center) =>
    peaks.length === 0
      ? center
      : peaks.reduce((best, peak) =>
          Math.abs(peak.value - center) < Math.abs(best.value - center) ? peak : best,
        ).value,
  );
}

function moments(values: Float64Array): { readonly mean: number; readonly variance: number } {
  return { mean: mean(values), variance: sampleVariance(values) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * The standard deviation over the eight corners of the grid, an eighth of each axis wide, where they are outside the
 * mask.
 */
function cornerDeviation({ data, shape, mask }: Volume): number {
  const [nx, ny, nz] = shape;
  const wide = shape.map((size) => Math.max(1, size >> 3)) as unknown as Triple;
  const inCorner = (at: number, axis: number): boolean => at < wide[axis] || at >= shape[axis] - wide[axis];
  const air: number[] = [];
  for (let k = 0; k < nz; k++) {
    if (!inCorner(k, 2)) continue;
    for (let j = 0; j < ny; j++) {
      if (!inCorner(j, 1)) continue;
      for (let i = 0; i < nx; i++) {
        const at = i + nx * (j + ny * k);
        if (inCorner(i, 0) && mask?.[at] !== 1 && Number.isFinite(data[at])) air.push(data[at]);
      }
    }
  }
  return air.length < 2 ? 0 : Math.sqrt(sampleVariance(Float64Array.from(air)));
}

function entropyFocus(data: Float32Array): number {
  let energy = 0;
  for (const value of data) if (Number.isFinite(value)) energy += value * value;
  if (energy === 0) return 0;
  const scale = 1 / Math.sqrt(energy);
  let entropy = 0;
  for (const value of data) {
    const share = Math.abs(value) * scale;
    if (share > 0) entropy -= share * Math.log(share);
  }
  const root = Math.sqrt(data.length);
  return entropy / (root * Math.log(root));
}
