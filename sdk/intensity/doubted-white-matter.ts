import { isDigital } from '../data/digital-persons';
import { makeIssue } from '../data/issue';
import { contrastOf } from '../data/images/contrast';
import type { Volume } from '../data/images/volume';
import { deepWhiteMatter } from '../math/images/deep-white-matter';
import { quantile, sortedAt } from '../math/statistics/quantiles';
import { mapIntensity } from './intensity-map';
import type { PercentileScaleOptions } from './percentile-scale';
import { percentileSettings } from './percentile-scale';

/** Where deep white matter is in most brains, and how far from there it may be before it is doubted, in the same unit. */
interface UsualPlace {
  readonly usual: number;
  readonly farthest: number;
}

/**
 * Where a normalization that does not look for white matter brings it: in scans as they were measured, and in those whose
 * bias field was taken out, which makes white matter even and moves it within the distribution.
 */
export interface ExpectedWhite {
  readonly measured: UsualPlace;
  readonly corrected: UsualPlace;
}

/**
 * The distance of the quartiles of deep white matter, over its median, above which the bias field is still in it: of 219
 * brains it is from 0.110 to 0.160 as measured, and from 0.056 to 0.082 in those that were tried after N4.
 */
const evenSpread = 0.095;

/** The sides of voxels, in mm, of which places are known: 2 mm was measured. In larger ones white matter is purer or deeper. */
const knownSides = { from: 1.5, to: 2.5 } as const;

/**
 * The volume after a normalization, with an issue where its deep white matter is not where it is in other brains: methods
 * that take a mean, a spread or percentiles of the whole mask bring one tissue to one intensity only where the shares of
 * the tissues and the mask are alike. Nothing is said of other contrasts than T1w, of digital persons, whose
 * tissues have other shares, of voxels that are not of about 2 mm, nor of what is too small to be a brain.
 *
 * Its place is the 40th percentile of deep white matter, which of six percentiles at three depths follows the place known
 * from an atlas best. The limits were drawn from brain-masked 2 mm scans of three sites: fixtures/steps.md has what they find.
 *
 * @param before - the scan with its mask; without one, what is not 0 is the brain
 */
export function doubtWhiteMatter(
  before: Volume,
  after: Volume,
  { suffix, expected }: { readonly suffix: string; readonly expected: ExpectedWhite },
): Volume {
  if (contrastOf(suffix) !== 'T1w' || isDigital(before.provenance)) return after;
  if (before.spacing.some((side) => side < knownSides.from || side > knownSides.to)) return after;
  const voxels = deepWhiteMatter(before);
  if (voxels === undefined) return after;
  const sorted = sortedAt(before.data, voxels);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  // Noise spreads white matter too: where the record says that the bias field was taken out, it is believed.
  const isEven =
    before.provenance.some(({ step }) => step === 'correctBias') || (high - low) / middle < evenSpread;
  const { usual, farthest } = isEven ? expected.corrected : expected.measured;
  const place = quantile(sortedAt(after.data, voxels), 0.4);
  if (Math.abs(place - usual) <= farthest) return after;
  const message = `after this step deep white matter is at ${place.toPrecision(3)}; in other brains ${isEven ? 'without a bias field' : 'with their bias field'} it is at ${usual.toPrecision(3)} ± ${farthest.toPrecision(2)}: the mask, or the shares of the tissues in it, are unlike theirs`;
  return { ...after, issues: [...after.issues, makeIssue('unlike-white-matter', message)] };
}

/** In standard deviations of the brain. */
export const whiteOfZScores: ExpectedWhite = {
  measured: { usual: 1.03, farthest: 0.19 },
  corrected: { usual: 0.86, farthest: 0.305 },
};

/** On the scale of {@link percentileScale}; known for its default percentiles alone. */
export function whiteOfPercentiles(options: PercentileScaleOptions): ExpectedWhite | undefined {
  const { percentiles, range } = percentileSettings(options);
  if (percentiles[0] !== 0.5 || percentiles[1] !== 99.5) return undefined;
  const width = range[1] - range[0];
  const at = (usual: number, farthest: number): UsualPlace => ({
    usual: range[0] + usual * width,
    farthest: farthest * width,
  });
  return { measured: at(0.817, 0.035), corrected: at(0.904, 0.08) };
}

/**
 * On the scale of a standard distribution, given by intensities at shares of the voxels: at the share of a brain's voxels
 * that are darker than its deep white matter. The limits are those of percentile scaling, in parts of the distance
 * between there and fluid (5 % of the voxels).
 */
export function whiteOnCurve(intensities: readonly number[], shares: readonly number[]): ExpectedWhite {
  const curve = { kind: 'piecewise-linear', from: shares, to: intensities, beyond: 'extend' } as const;
  const at = (share: number, farthest: number): UsualPlace => {
    const usual = mapIntensity(share, curve);
    return { usual, farthest: farthest * (usual - mapIntensity(0.05, curve)) };
  };
  return { measured: at(0.846, 0.035), corrected: at(0.796, 0.08) };
}
