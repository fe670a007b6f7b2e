import type { ImageCohort } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import type { Picture } from '../../data/images/picture';
import type { Volume } from '../../data/images/volume';
import { requireCount } from '../../data/require-count';
import { imageMontage } from './image-montage';
import type { MontageOptions } from './montage-options';
import type { SheetPanel, SheetRow } from './panel-sheet';
import { drawSheet } from './panel-sheet';
import { pictureStyle, windowBar } from './picture-style';
import { robustWindow, shownValues } from './shown-values';
import { shownSlices, slicePanel } from './volume-panels';
import { volumeSummary } from '../volume-summary';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/**
 * Draws slices side by side: of a volume, axial ones from the bottom up with one coronal and one sagittal; of images, a
 * row per scan. In the neurological convention (left is left, and the front of a profile is on the left) with its
 * directions lettered, voxels in their true proportions, one intensity window for all, the edge of the mask in color.
 * `plane` and `at` mean what they mean to `volumes.toSlices` and `toImages`, so that a montage shows the slices that
 * are cut.
 *
 * @throws ConcordError `invalid-option` when an option or a position is not allowed.
 *
 * @example
 * ```ts
 * await writePicture(montage(volume, { plane: 'coronal', slices: [-20, 0, 20] }), 'scan.png');
 * ```
 */
export function montage(source: Volume | ImageSet | ImageCohort, options: MontageOptions = {}): Picture {
  requireCall('montage', { source, options });
  return source.kind === 'volume' ? volumeMontage(source, options) : imageMontage(source, options);
}

function volumeMontage(volume: Volume, options: MontageOptions): Picture {
  const style = pictureStyle(options, robustWindow(shownValues(volume)));
  const panels = shownSlices(volume, options, 8).map((slice) => slicePanel(volume, slice, style));
  const summary = volumeSummary(volume);
  const sides = options.plane === undefined ? panels.splice(-2) : [];
  const { columns = sides.length > 0 ? 4 : 6 } = options;
  const rows = inRows(panels, requireCount('columns', columns));
  return drawSheet(
    sides.length === 0 ? rows : withSides(rows, sides),
    {
      title: options.title,
      notes: [summary],
      bar: windowBar(style),
      alt: `${counted([...panels, ...sides].length, 'slice')} of a volume: ${summary}`,
    },
    options.scale,
  );
}

/** Panels in rows of so many. */
export function inRows(panels: readonly SheetPanel[], columns: number): SheetRow[] {
  return Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) => ({
    label: [],
    panels: panels.slice(row * columns, (row + 1) * columns),
  }));
}

/** The coronal and the sagittal slice at the ends of the first two rows. */
function withSides(rows: readonly SheetRow[], sides: readonly SheetPanel[]): SheetRow[] {
  if (rows.length === 1) return [{ label: [], panels: [...rows[0].panels, ...sides] }];
  return rows.map((row, number) => ({
    label: row.label,
    panels: number < sides.length ? [...row.panels, sides[number]] : row.panels,
  }));
}
