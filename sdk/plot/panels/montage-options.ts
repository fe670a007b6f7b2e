import type { Plane } from '../../data/images/image-set';
import type { SlicePositions } from '../../data/images/slice-positions';
import type { ColorMap } from './color-map';
import type { IntensityWindow } from './shown-values';

/** Options of every picture made of slices. */
export interface PictureOptions {
  /**
   * The intensities drawn darkest and brightest.
   *
   * @defaultValue the 1st and the 99.5th percentile in the mask, or where there is none of what is not 0: one window
   * for the whole picture, never per slice
   */
  readonly window?: IntensityWindow;
  /** @defaultValue `'gray'` */
  readonly colors?: ColorMap;
  /**
   * Draw the edge of the mask.
   *
   * @defaultValue `true` where there is a mask
   */
  readonly contour?: boolean;
  /**
   * Pixels of the picture per millimeter.
   *
   * @defaultValue such that the picture is about 1000 pixels wide
   */
  readonly scale?: number;
  /**
   * Interpolate between the image's pixels, or show each as a block.
   *
   * @defaultValue `true`
   */
  readonly smooth?: boolean;
  /** Written above. */
  readonly title?: string;
}

/** Which slices of a volume are shown. */
export interface SliceChoice {
  /**
   * Only slices of this plane.
   *
   * @defaultValue axial slices, with one coronal and one sagittal through the middle
   */
  readonly plane?: Plane;
  /**
   * Which slices of the plane, by the rule of `volumes.toSlices` and `toImages`: what they cut `at`, this shows.
   *
   * @defaultValue what `slices` says
   */
  readonly at?: SlicePositions;
  /**
   * Short for `at: { count }`, or for `at: { millimeters }`; fewer where so many different ones are not there.
   *
   * @defaultValue `8` in a montage, `4` where two volumes are compared
   */
  readonly slices?: number | readonly number[];
}

/** Options of `montage`. */
export interface MontageOptions extends PictureOptions, SliceChoice {
  /**
   * Slices side by side.
   *
   * @defaultValue `4` for a volume beside the coronal or the sagittal one, `6` otherwise
   */
  readonly columns?: number;
  /**
   * The most scans of a set or cohort of images that are shown, evenly over the sites; the rest is counted.
   *
   * @defaultValue `8`
   */
  readonly maxScans?: number;
  /**
   * Without `window`, one window for all scans, in which they can be compared, or one for each scan, in which each can
   * be seen.
   *
   * @defaultValue `'shared'`
   */
  readonly windowing?: 'shared' | 'each';
}
