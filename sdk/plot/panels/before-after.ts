import type { Picture } from '../../data/images/picture';
import type { Volume } from '../../data/images/volume';
import { sameGrid } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { PictureOptions, SliceChoice } from './montage-options';
import { drawSheet } from './panel-sheet';
import { pictureStyle, windowBar } from './picture-style';
import type { IntensityWindow } from './shown-values';
import { robustWindow, shownValues } from './shown-values';
import { shownSlices, slicePanel } from './volume-panels';
import { intensityText, volumeSummary } from '../volume-summary';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/** Options of {@link beforeAfter}. */
export interface BeforeAfterOptions extends PictureOptions, SliceChoice {
  /** @defaultValue `['before', 'after']` */
  readonly labels?: readonly [before: string, after: string];
  /**
   * One window for both, so that a difference in brightness is seen as one, or one for each, where a step has changed
   * the scale of intensities.
   *
   * @defaultValue `'shared'`
   */
  readonly windowing?: 'shared' | 'each';
}

/**
 * Draws two versions of a scan, one above the other, the same slices in the same window.
 *
 * @throws ConcordError `different-grids` when they are not on the same grid; `invalid-option`.
 *
 * @example
 * ```ts
 * await writePicture(beforeAfter(raw, corrected, { slices: 4 }), 'bias.png');
 * ```
 */
export function beforeAfter(before: Volume, after: Volume, options: BeforeAfterOptions = {}): Picture {
  requireCall('beforeAfter', { before, after, options });
  requireSameGrid(before, after);
  const { labels = ['before', 'after'], windowing = 'shared', title } = options;
  const each = windowing === 'each' && options.window === undefined;
  const windows = [before, after].map((volume) => robustWindow(shownValues(volume)));
  const shared = pictureStyle(options, [
    Math.min(windows[0][0], windows[1][0]),
    Math.max(windows[0][1], windows[1][1]),
  ]);
  const chosen = shownSlices(before, options, 4);
  const rows = [before, after].map((volume, side) => {
    const style = each ? { ...shared, window: windows[side] } : shared;
    return {
      label: [labels[side], ...(each ? windowText(windows[side]) : [])],
      panels: chosen.map((slice) => slicePanel(volume, slice, style)),
    };
  });
  const summary = volumeSummary(after);
  return drawSheet(
    rows,
    {
      title,
      notes: [each ? `${labels[1]}: ${summary} · each in its own window` : `${labels[1]}: ${summary}`],
      ...(each ? {} : { bar: windowBar(shared) }),
      alt: `${counted(chosen.length, 'slice')} of a volume, ${labels[0]} above ${labels[1]}: ${summary}`,
    },
    options.scale,
  );
}

/** @throws ConcordError `different-grids`. */
export function requireSameGrid(before: Volume, after: Volume): void {
  if (sameGrid(before, after)) return;
  throw new ConcordError(
    'different-grids',
    `different grids: ${before.shape.join(' × ')} and ${after.shape.join(' × ')} voxels, or the same with another ` +
      'affine (bring one to the grid of the other with resample)',
  );
}

function windowText([low, high]: IntensityWindow): string[] {
  return [intensityText(low), `to ${intensityText(high)}`];
}
