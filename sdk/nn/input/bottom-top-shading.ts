import { quantile, sortedValues } from '../../math/statistics/quantiles';
import type { Plane } from '../../data/images/image-set';
import type { IntensityRange } from '../images/scan-intensity';
import type { SlicePattern } from './slice-pattern';

/** Cells with less brain than this mix it with what is around. */
const full = 0.9;

/** Slices with less than this share of the largest show the ends of the brain, where little of it is white matter. */
const large = 0.5;

/** Cells that make a quantile, slices and mm that make a slope. */
const enoughCells = 20;
const enoughSlices = 10;
const enoughLength = 40;

/** Among the bright tissue, but not its brightest. */
const bright = 0.8;

/**
 * How much brighter the brain grows from bottom to top: the slope of the logarithm of the 80th percentile of each axial slice,
 * by least squares, as the change over 100 mm; below 0 where it grows darker. `NaN` in other planes and where slices are too few.
 */
export function bottomTopShading(
  patterns: readonly SlicePattern[],
  { plane, range }: { readonly plane: Plane; readonly range: IntensityRange },
): number {
  if (plane !== 'axial') return NaN;
  const slices = patterns.map(({ position, cover, values }) => ({
    position,
    area: cover.reduce((sum, share) => sum + share, 0),
    brain: values
      .filter((_, cell) => cover[cell] > full)
      .map((value) => (value - range.low) / (range.high - range.low)),
  }));
  const largest = slices.reduce((most, { area }) => Math.max(most, area), 0);
  const points = slices
    .filter(({ area, brain }) => area > large * largest && brain.length >= enoughCells)
    .map(({ position, brain }) => ({ position, level: quantile(sortedValues(brain), bright) }))
    .filter(({ level }) => level > 0);
  const places = points.map(({ position }) => position);
  if (points.length < enoughSlices || Math.max(...places) - Math.min(...places) < enoughLength) return NaN;
  const middle = places.reduce((sum, place) => sum + place, 0) / places.length;
  let product = 0;
  let squares = 0;
  for (const { position, level } of points) {
    product += (position - middle) * Math.log(level);
    squares += (position - middle) ** 2;
  }
  return (100 * product) / squares;
}
