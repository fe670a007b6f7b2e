import { gradientCorrelation } from './gradient-correlation';
import type { DataRangeOptions, ImagePair } from './image-pair';
import { meanAbsoluteError, peakSignalToNoise } from './intensity-error';
import { multiScaleFrom, scalesThatFit } from './multi-scale-similarity';
import { meanOfMap, similarityMaps } from './structural-similarity';
import { requireCall } from '../../data/calls/require-call';

/** How well an image agrees with what it should be, by every measure. */
export interface ImageAgreement {
  /** Mean absolute error, in units of the intensities; smaller is better. */
  readonly mae: number;
  /** Peak signal-to-noise ratio in decibels; larger is better. */
  readonly psnr: number;
  /** Structural similarity, at most 1. */
  readonly ssim: number;
  /** Multi-scale structural similarity, at most 1; `NaN` below 21 samples along an axis, too few for two scales. */
  readonly msSsim: number;
  /** Correlation of the derivatives, at most 1; blind to intensity scale. */
  readonly gradientCorrelation: number;
}

/**
 * Compares an image with what it should be, by every measure, in the mask.
 *
 * @throws ConcordError `different-grids`, `invalid-option` or `invalid-voxels` when the images cannot be compared.
 */
export function imageAgreement(pair: ImagePair, options: DataRangeOptions): ImageAgreement {
  requireCall('metrics.imageAgreement', { pair, options });
  const { dataRange } = options;
  const mae = meanAbsoluteError(pair);
  const psnr = peakSignalToNoise(pair, { dataRange });
  const maps = similarityMaps(pair, dataRange);
  return {
    mae,
    psnr,
    ssim: meanOfMap(maps.ssim, pair),
    msSsim: scalesThatFit(pair.shape) < 2 ? NaN : multiScaleFrom(maps, pair, { dataRange }).value,
    gradientCorrelation: gradientCorrelation(pair),
  };
}

/** The mean over several agreements, leaving out what could not be measured. */
export function meanAgreement(agreements: readonly ImageAgreement[]): ImageAgreement {
  const mean = (measure: keyof ImageAgreement): number => {
    const values = agreements.map((agreement) => agreement[measure]).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    mae: mean('mae'),
    psnr: mean('psnr'),
    ssim: mean('ssim'),
    msSsim: mean('msSsim'),
    gradientCorrelation: mean('gradientCorrelation'),
  };
}
