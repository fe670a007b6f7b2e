import type { Picture } from '../../data/images/picture';
import type { Volume } from '../../data/images/volume';
import { makeVolume } from '../../data/images/volume';
import { requireCount } from '../../data/require-count';
import { ConcordError } from '../../errors';
import { quantile } from '../../math/statistics/quantiles';
import { requireSameGrid } from './before-after';
import type { PictureOptions, SliceChoice } from './montage-options';
import { inRows } from './montage';
import { drawSheet } from './panel-sheet';
import { pictureStyle, windowBar } from './picture-style';
import { shownValues } from './shown-values';
import { shownSlices, slicePanel } from './volume-panels';
import { intensityText } from '../volume-summary';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link differenceMap}. */
export interface DifferenceMapOptions extends Omit<PictureOptions, 'window' | 'colors'>, SliceChoice {
  /**
   * The difference drawn in the strongest blue (−) and red (+).
   *
   * @defaultValue the 99th percentile of its size in the mask
   */
  readonly limit?: number;
  /** The unit of the intensities, for the color bar. */
  readonly unit?: string;
  /** What is subtracted from what. @defaultValue `['before', 'after']` */
  readonly labels?: readonly [before: string, after: string];
  /** Slices side by side. @defaultValue `6` */
  readonly columns?: number;
}

/**
 * Draws after − before: blue where it fell, red where it rose, light gray where it stayed, on a scale symmetric about
 * zero.
 *
 * @throws ConcordError `different-grids` when the volumes are not on the same grid; `invalid-option`.
 *
 * @example
 * ```ts
 * await writePicture(differenceMap(raw, corrected, { slices: 4 }), 'difference.png');
 * ```
 */
export function differenceMap(before: Volume, after: Volume, options: DifferenceMapOptions = {}): Picture {
  requireCall('differenceMap', { before, after, options });
  requireSameGrid(before, after);
  const { unit, labels = ['before', 'after'], columns = 6, title } = options;
  const difference = subtract(before, after);
  const limit = requireLimit(options.limit ?? usualLimit(difference));
  const style = pictureStyle({ ...options, window: [-limit, limit], colors: 'diverging' }, [-limit, limit]);
  const chosen = shownSlices(before, options, 4);
  const measure = unit === undefined ? '' : ` ${unit}`;
  const [low, high] = windowBar(style).labels;
  const what = `${labels[1]} − ${labels[0]}, ±${intensityText(limit)}${measure}`;
  return drawSheet(
    inRows(
      chosen.map((slice) => slicePanel(difference, slice, style)),
      requireCount('columns', columns),
    ),
    {
      title,
      notes: [`${what} · ${describe(difference)}${measure}`],
      bar: { colors: 'diverging', labels: [low, `+${high}${measure}`] },
      alt: `difference map, ${what}: ${describe(difference)}${measure}`,
    },
    options.scale,
  );
}

/** The difference on the grid of both, in the mask of `after` or else of `before`. */
function subtract(before: Volume, after: Volume): Volume {
  const data = after.data.map((value, at) => value - before.data[at]);
  const mask = after.mask ?? before.mask;
  return makeVolume(data, after, mask === undefined ? {} : { mask });
}

function usualLimit({ data, mask }: Volume): number {
  const sizes = shownValues({ data: data.map(Math.abs), mask });
  // Where nearly nothing changed, the little that did is shown; where nothing did, any scale will do.
  return quantile(sizes, 0.99) || sizes[sizes.length - 1] || 1;
}

function requireLimit(limit: number): number {
  if (limit > 0 && Number.isFinite(limit)) return limit;
  throw new ConcordError('invalid-option', `invalid limit: ${limit} (a number above 0 is allowed)`);
}

/** The mean and the spread of the differences, in the mask where there is one. */
function describe({ data, mask }: Volume): string {
  let sum = 0;
  let size = 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if ((mask !== undefined && mask[i] === 0) || !Number.isFinite(data[i])) continue;
    sum += data[i];
    size += Math.abs(data[i]);
    count++;
  }
  if (count === 0) return 'no finite values';
  const where = mask === undefined ? 'everywhere' : 'in the mask';
  return `${where} mean ${intensityText(sum / count)}, mean size ${intensityText(size / count)}`;
}
