import type { Plane } from '../../data/images/image-set';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { oneOf } from '../../data/one-of';
import { requireCount } from '../../data/require-count';
import { chooseSlices } from '../../data/images/slice-positions';
import type { PanelStyle } from './draw-panel';
import type { SliceChoice } from './montage-options';
import { volumePanel } from './panel';
import type { SheetPanel } from './panel-sheet';

/** A slice by its plane and number. */
export interface SliceOf {
  readonly plane: Plane;
  readonly index: number;
}

/**
 * The slices to show, chosen by the rule by which slices are cut: of one plane, or axial ones with the coronal and the
 * sagittal through the middle at the end.
 *
 * @param usual - how many of the plane, unless the choice says
 * @throws ConcordError `invalid-option`.
 */
export function shownSlices(volume: Volume, choice: SliceChoice, usual: number): readonly SliceOf[] {
  const { plane } = choice;
  if (plane !== undefined) oneOf('plane', plane, ['axial', 'coronal', 'sagittal']);
  // A mask that a step has left empty is to be seen, so the slices of the whole grid are shown.
  const { mask, ...unmasked } = volume;
  const seen = mask?.some((inside) => inside !== 0) === true ? volume : unmasked;
  const main = plane ?? 'axial';
  const chosen = indicesOf(seen, main, { usual, ...choice }).map((index) => ({ plane: main, index }));
  if (plane !== undefined) return chosen;
  const middle = (side: Plane): SliceOf => {
    return { plane: side, index: chooseSlices(seen, side, { at: { count: 1 } })[0] };
  };
  return [...chosen, middle('coronal'), middle('sagittal')];
}

function indicesOf(
  volume: Volume,
  plane: Plane,
  { at, slices, usual }: SliceChoice & { readonly usual: number },
): readonly number[] {
  if (at !== undefined && slices !== undefined) {
    throw new ConcordError('invalid-option', 'invalid options: at and slices (one of them is allowed)');
  }
  if (at !== undefined) return chooseSlices(volume, plane, { at });
  if (typeof slices === 'object') return chooseSlices(volume, plane, { at: { millimeters: slices } });
  const count = requireCount('slices', slices ?? usual);
  return chooseSlices(volume, plane, { at: { count }, fewer: true });
}

/** The slice as a panel, captioned with where it is. */
export function slicePanel(volume: Volume, { plane, index }: SliceOf, style: PanelStyle): SheetPanel {
  const panel = volumePanel(volume, plane, index);
  return { panel, caption: placeCaption(plane, panel.position), style };
}

/** For example `z = 12 mm`. */
export function placeCaption(plane: Plane, position: number): string {
  const millimeters = Number(position.toFixed(1));
  return `${{ sagittal: 'x', coronal: 'y', axial: 'z' }[plane]} = ${String(millimeters).replace('-', '−')} mm`;
}
