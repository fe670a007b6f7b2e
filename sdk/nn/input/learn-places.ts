import { mixedQuantiles } from '../../math/statistics/mixed-quantiles';
import { mean } from '../../math/statistics/moments';
import type { IntensityRange } from '../images/scan-intensity';
import { toUnit } from '../images/scan-intensity';
import type { LearnedKind, LearnedPlace } from './learned-input';
import { rounded } from './rounded';
import { quantileLevels } from './scan-traits';
import type { SliceIntensities } from './slice-intensities';

/** Heights at which slices are described, at most. */
export const learnedHeights = 8;

/** The heights between the lowest and the highest position, in equal steps: which of them each position is at. */
export function heightOf(positions: readonly number[]): (position: number) => number {
  const least = positions.reduce((a, b) => Math.min(a, b), Infinity);
  const most = positions.reduce((a, b) => Math.max(a, b), -Infinity);
  return (position) => {
    const share = most > least ? (position - least) / (most - least) : 0;
    return Math.min(learnedHeights - 1, Math.floor(share * learnedHeights));
  };
}

/** A scan's slices, and what becomes −1 and 1. */
interface ScanByHeight {
  readonly slices: readonly SliceIntensities[];
  readonly range: IntensityRange;
}

/** The intensities of a kind by height: at each the mean of what its scans have there. */
export function learnPlaces(scans: readonly ScanByHeight[]): LearnedKind['places'] {
  const height = heightOf(scans.flatMap(({ slices }) => slices.map(({ position }) => position)));
  const found = scans.flatMap(({ slices, range }) =>
    Array.from({ length: learnedHeights }, (_, at) => ({
      at,
      range,
      slices: slices.filter(({ position }) => height(position) === at),
    })).filter((there) => there.slices.length > 0),
  );
  return Array.from({ length: learnedHeights }, (_, at) => found.filter((there) => there.at === at))
    .filter((there) => there.length > 0)
    .map(placeOf);
}

function placeOf(scans: readonly ScanByHeight[]): LearnedPlace {
  const positions = scans.flatMap(({ slices }) => slices.map(({ position }) => position));
  const own = scans.map(({ slices, range }) =>
    mixedQuantiles(
      quantileLevels,
      slices.map(({ pixels, quantiles }) => ({ weight: pixels, quantiles })),
    ).map((value) => toUnit(value, range)),
  );
  return {
    position: rounded(mean(Float64Array.from(positions))),
    quantiles: quantileLevels.map((_, level) =>
      rounded(mean(Float64Array.from(own, (quantiles) => quantiles[level]))),
    ),
  };
}
