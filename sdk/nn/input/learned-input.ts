import type { ImageGeometry } from '../images/image-geometry';
import type { IntensityRange } from '../images/scan-intensity';

/**
 * What a network learned from, as far as other images can be held against it. Plain JSON, part of the stored model.
 */
export type LearnedInput = {
  /** How many persons were simulated by Concord, and how many were not. */
  readonly people: { readonly digital: number; readonly real: number };
  readonly scans: number;
  readonly geometry: ImageGeometry;
  /** Rows, columns and channels. */
  readonly shape: readonly number[];
  /** Whether scans came with a brain mask; without one, what is not 0 is taken for the brain. */
  readonly masked: boolean;
  /** The names of the intensity normalizations in the record of the images, in order; none where they are raw. */
  readonly normalization: readonly string[];
  /**
   * What an intensity of 0 means: `kept`, no signal, as in raw images; `free`, nothing, as in z-scores.
   */
  readonly zero: 'kept' | 'free';
  /** Where the background is on the network's scale, on which scans span −1 … 1. */
  readonly background: number;
  /** The intensities, one entry for each contrast of a site. */
  readonly kinds: readonly LearnedKind[];
  /** What slices look like from afar, for each contrast. */
  readonly looks: readonly LearnedLook[];
  /** How far the training scans themselves reach in what images are judged by. */
  readonly reach: LearnedReach;
  /**
   * How far some of their slices reach, at whatever height, or all of them: few say less surely what they are. Fewer slices
   * first. Missing where scans have few slices themselves, and in models stored before this was recorded.
   */
  readonly reachOfParts?: readonly LearnedPartReach[];
};

/** How far training scans reach in so many of their slices. Plain JSON. */
export type LearnedPartReach = { readonly slices: number; readonly reach: LearnedReach };

/** The intensities of a site's scans of one contrast. Plain JSON. */
export type LearnedKind = {
  readonly site: string;
  /** The BIDS suffix; empty where it is not known. */
  readonly suffix: string;
  readonly scans: number;
  /** What scans span in their own units, mean. */
  readonly range: IntensityRange;
  /** Quantiles inside the brain on the network's scale, mean: at `quantileLevels`. */
  readonly quantiles: readonly number[];
  /**
   * The same by height, ascending: slices at one height hold other intensities than those at another. Missing in models
   * stored before this was recorded.
   */
  readonly places?: readonly LearnedPlace[];
};

/** The intensities at one height. Plain JSON. */
export type LearnedPlace = {
  /** Along the axis that the plane of the slices cuts, in mm. */
  readonly position: number;
  /** Quantiles inside the brain on the network's scale, mean: at `quantileLevels`. */
  readonly quantiles: readonly number[];
};

/** What slices of one contrast look like from afar: the means of all scans. Plain JSON. */
export type LearnedLook = {
  readonly suffix: string;
  readonly slices: readonly {
    readonly position: number;
    readonly cover: readonly number[];
    readonly values: readonly number[];
  }[];
  /**
   * What the slices of all training scans span, of which `slices` are means. Missing in models stored before this was
   * recorded: for these the outermost means are all that was learned from.
   */
  readonly extent?: LearnedExtent;
};

/** What slices were learned from. Plain JSON. */
export type LearnedExtent = {
  /**
   * The lowest and the highest position that the slices of a scan speak for, in mm, at the place where the scan agrees best
   * with the mean slices: half way to the next slice, had there been one; all the way where that is near, or the brain ends.
   */
  readonly from: number;
  readonly to: number;
  /** The brain in the slice with least of it: the sum of its cover. */
  readonly brain: number;
};

/** The farthest that a training scan was in each direction. Plain JSON. */
export type LearnedReach = {
  /** The shape of the distribution, after the best affine map to the nearest kind. */
  readonly shape: number;
  /** How far above the brightest kind. */
  readonly brighter: number;
  /** The lowest intensity, as a share of the highest: the least and the most. */
  readonly lowest: readonly [number, number];
  readonly roughness: readonly [number, number];
  readonly cut: number;
  /**
   * How far each sign by which scans are judged may reach without a doubt, since training scans did: the farthest of them, and a
   * tenth of its distance from their median more, except where 0 decides. Signs that no training scan could say are missing, and all in models stored
   * before this was recorded.
   */
  readonly signs?: Readonly<Record<string, number>>;
};
