import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { colorMaps } from './color-map';
import type { PanelStyle } from './draw-panel';
import type { PictureOptions } from './montage-options';
import type { SheetText } from './panel-sheet';
import type { IntensityWindow } from './shown-values';
import { intensityText } from '../volume-summary';

/**
 * The style of all panels of a picture, options checked and defaults filled in.
 *
 * @param usual - the window where the options name none
 * @throws ConcordError `invalid-option`.
 */
export function pictureStyle(options: PictureOptions, usual: IntensityWindow): PanelStyle {
  const { window = usual, colors = 'gray', contour = true, smooth = true, scale } = options;
  oneOf('colors', colors, colorMaps);
  if (!(window.length === 2 && window.every(Number.isFinite) && window[1] > window[0])) {
    throw new ConcordError(
      'invalid-option',
      `invalid window: ${window.join(' to ')} (two numbers, the lower one first, are allowed)`,
    );
  }
  if (scale !== undefined && !(scale > 0 && scale <= 100)) {
    throw new ConcordError(
      'invalid-option',
      `invalid scale: ${scale} pixels per mm (a number above 0, up to 100, is allowed)`,
    );
  }
  return { window, colors, contour, smooth };
}

/** The bar that says what the colors of a style mean. */
export function windowBar({ window, colors }: PanelStyle): NonNullable<SheetText['bar']> {
  return { colors, labels: window.map(intensityText) };
}
