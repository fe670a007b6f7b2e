import { gzipSync } from 'node:zlib';
import { oneOf } from '../../data/one-of';
import type { Picture } from '../../data/images/picture';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { montage } from '../panels/montage';
import { pictureStyle } from '../panels/picture-style';
import type { IntensityWindow } from '../panels/shown-values';
import { robustWindow, shownValues } from '../panels/shown-values';
import { shrinkVolume } from '../panels/shrink-volume';
import { quantize, viewerNifti } from './viewer-nifti';
import { volumeSummary } from '../volume-summary';
import { requireCall } from '../../data/calls/require-call';

/** A run of colors of the interactive viewer, by NiiVue's names. */
export type ViewerColors =
  'gray' | 'bone' | 'viridis' | 'inferno' | 'plasma' | 'hot' | 'warm' | 'winter' | 'red' | 'green' | 'blue';

/** The names of the viewer's colors. */
export const viewerColors: readonly ViewerColors[] = [
  ...(['gray', 'bone', 'viridis', 'inferno', 'plasma', 'hot'] as const),
  ...(['warm', 'winter', 'red', 'green', 'blue'] as const),
];

/** Another image in a viewer, on any grid in the same space. */
export interface ViewerImage {
  readonly name: string;
  readonly volume: Volume;
  /** @defaultValue the 1st to the 99.5th percentile, as in `montage` */
  readonly window?: IntensityWindow;
}

/** An image laid over the scan: below its window it is transparent. */
export interface ViewerOverlay extends ViewerImage {
  /** @defaultValue `'warm'` */
  readonly colors?: ViewerColors;
  /** From 0 to 1. @defaultValue `0.5` */
  readonly opacity?: number;
}

/** Options of {@link volumeViewer}. */
export interface ViewerOptions {
  /** What the scan is called. @defaultValue `'scan'` */
  readonly name?: string;
  /** @defaultValue the 1st to the 99.5th percentile, as in `montage` */
  readonly window?: IntensityWindow;
  /** @defaultValue `'gray'` */
  readonly colors?: ViewerColors;
  /** Lay the mask over the scan. @defaultValue `true` where there is one */
  readonly mask?: boolean;
  /** Laid over the scan, each to be switched on and off and faded. */
  readonly overlays?: readonly ViewerOverlay[];
  /** Other versions of the scan, to be flipped through: after a step, at another site. */
  readonly versions?: readonly ViewerImage[];
  /**
   * Put every voxel into the page as it is. By default images of more than 2.2 million voxels (4 MB) are reduced to
   * block means, and all are stored as 16-bit integers over their range.
   *
   * @defaultValue `false`
   */
  readonly full?: boolean;
  /** In pixels. @defaultValue `420` */
  readonly height?: number;
}

/** One image of a viewer. */
export interface ViewerLayer {
  readonly name: string;
  readonly role: 'version' | 'mask' | 'overlay';
  /** A NIfTI file, compressed. */
  readonly nifti: Uint8Array;
  readonly window: IntensityWindow;
  readonly colors: ViewerColors;
  readonly opacity: number;
}

/** An interactive viewer, ready to be put into a page: everything it shows is in it. */
export interface Viewer {
  readonly kind: 'viewer';
  /** The scan first, then its other versions, then what is laid over it. */
  readonly layers: readonly ViewerLayer[];
  readonly height: number;
  /** What is shown, and how it was reduced. */
  readonly caption: string;
  /** Shown where the viewer cannot run. */
  readonly fallback: Picture;
}

/** More voxels than this are reduced: the head at 2 mm has 1.3 million. */
const mostVoxels = 2.2e6;

/**
 * Makes an interactive viewer of a scan: three planes and a rendering, crosshair, window, colors, mask and other
 * overlays to be faded, other versions to be flipped to. It is self-contained and works offline.
 *
 * @throws ConcordError `invalid-option`.
 */
export function volumeViewer(volume: Volume, options: ViewerOptions = {}): Viewer {
  requireCall('reports.volumeViewer', { volume, options });
  const { name = 'scan', colors = 'gray', mask = true, overlays = [], versions = [], full = false } = options;
  const { height = 420, window } = options;
  if (!(height >= 100 && height <= 4000)) {
    throw new ConcordError('invalid-option', `invalid height: ${height} pixels (100 to 4000 are allowed)`);
  }
  const first = { name, volume, window };
  const images = [first, ...versions].map((image) =>
    imageLayer(image, { role: 'version', colors, opacity: 1, full }),
  );
  const over = overlays.map((overlay) =>
    imageLayer(overlay, {
      role: 'overlay',
      colors: overlay.colors ?? 'warm',
      opacity: requireOpacity(overlay.opacity ?? 0.5),
      full,
    }),
  );
  const reductions = [...images, ...over].flatMap(({ reduction }) => reduction);
  return {
    kind: 'viewer',
    layers: [
      ...images.map(({ layer }) => layer),
      ...(mask && volume.mask !== undefined ? [maskLayer(volume, full)] : []),
      ...over.map(({ layer }) => layer),
    ],
    height,
    caption: [volumeSummary(volume), ...new Set(reductions)].join(' · '),
    fallback: montage(volume, { slices: 4, window }),
  };
}

function imageLayer(
  { name, volume, window }: ViewerImage,
  { full, ...look }: Pick<ViewerLayer, 'role' | 'colors' | 'opacity'> & { readonly full: boolean },
): { readonly layer: ViewerLayer; readonly reduction: readonly string[] } {
  oneOf('colors', look.colors, viewerColors);
  const style = pictureStyle(
    window === undefined ? {} : { window },
    window ?? robustWindow(shownValues(volume)),
  );
  const grid = shrinkVolume(emptied(volume, style.window), full ? Infinity : mostVoxels);
  const stored = full ? { voxels: grid.data, slope: 1, intercept: 0 } : quantize(grid.data);
  const reduced = grid.factors.some((factor) => factor > 1);
  return {
    layer: { name, ...look, nifti: gzipSync(viewerNifti(grid, stored)), window: style.window },
    reduction: reduced
      ? [`${name} shown as means of ${grid.factors.join(' × ')} voxels (full: true shows all)`]
      : [],
  };
}

/** As in a montage: where nothing was measured, exactly 0 outside the mask, the darkest color whatever the window. */
function emptied(volume: Volume, [low]: IntensityWindow): Volume {
  const { data, mask } = volume;
  if (mask === undefined || low >= 0) return volume;
  return { ...volume, data: data.map((value, at) => (value === 0 && mask[at] === 0 ? low : value)) };
}

function maskLayer(volume: Volume, full: boolean): ViewerLayer {
  const grid = shrinkVolume(volume, full ? Infinity : mostVoxels);
  const voxels = Uint8Array.from(grid.mask ?? [], Math.sign);
  return {
    name: 'mask',
    role: 'mask',
    nifti: gzipSync(viewerNifti(grid, { voxels, slope: 1, intercept: 0 })),
    window: [0.5, 1],
    colors: 'red',
    opacity: 0.35,
  };
}

function requireOpacity(opacity: number): number {
  if (opacity >= 0 && opacity <= 1) return opacity;
  throw new ConcordError('invalid-option', `invalid opacity: ${opacity} (0 to 1 is allowed)`);
}
