import type { Plane } from '../data/image-set';
import type { Volume } from '../data/volume';
import { ConcordError } from '../errors';
import { oneOf } from '../data/one-of';
import { evenlySpread, filledSlices, slicesAt } from './choose-slices';
import type { PanelStyle } from './draw-panel';
import type { SliceChoice } from './montage-options';
import { slicePosition, volumePanel } from './panel';
import type { SheetPanel } from './panel-sheet';
import type { IntensityWindow } from './shown-values';

/** A slice by its plane and number. */
export interface SliceOf {
  readonly plane: Plane;
  readonly index: number;
}

/** The slices to show: of one plane, or axial ones with the coronal and the sagittal through the middle at the end. */
export function chooseSlices(
  volume: Volume,
  window: IntensityWindow,
  choice: SliceChoice = {},
): readonly SliceOf[] {
  const { plane, slices = 8 } = choice;
  if (plane !== undefined) oneOf('plane', plane, ['axial', 'coronal', 'sagittal']);
  const main = plane ?? 'axial';
  const indices =
    typeof slices === 'number'
      ? evenlySpread(filledSlices(volume, main, window), requireCount('slices', slices))
      : slicesAt(volume, main, slices);
  const chosen = indices.map((index) => ({ plane: main, index }));
  if (plane !== undefined) return chosen;
  const middle = (side: Plane): SliceOf => ({
    plane: side,
    index: evenlySpread(filledSlices(volume, side, window), 1)[0],
  });
  return [...chosen, middle('coronal'), middle('sagittal')];
}

/** The slice as a panel, captioned with where it lies. */
export function slicePanel(volume: Volume, { plane, index }: SliceOf, style: PanelStyle): SheetPanel {
  const caption = placeCaption(plane, slicePosition(volume, plane, index));
  return { panel: volumePanel(volume, plane, index), caption, style };
}

/** For example `z = 12 mm`. */
export function placeCaption(plane: Plane, position: number): string {
  const millimetres = Number(position.toFixed(1));
  return `${{ sagittal: 'x', coronal: 'y', axial: 'z' }[plane]} = ${String(millimetres).replace('-', '−')} mm`;
}

/** The number, when it is one of slices, rows or columns: a whole one from 1. */
export function requireCount(option: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new ConcordError('invalid-option', `invalid ${option}: ${value} (a whole number from 1 is allowed)`);
}
