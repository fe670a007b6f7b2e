import type { VolumeCohort } from '../../../data/cohort';
import type { Issue } from '../../../data/issue';
import type { RunOptions } from '../../../data/run-options';
import type { WriteVolumeOptions } from '../../volumes/write-volume';

/** Options of {@link writeBids}. */
export interface WriteBidsOptions extends RunOptions, WriteVolumeOptions {
  /**
   * Write a raw dataset, as a simulator needs it, instead of a derivative.
   *
   * @defaultValue `false`
   */
  readonly raw?: boolean;
  /**
   * The description in the file names of a derivative: letters and digits.
   *
   * @defaultValue `'harmonized'`
   */
  readonly desc?: string;
  /**
   * The space in the file names, where a step has brought the scans into another one: letters and digits.
   *
   * @defaultValue the space of the file each scan was read from
   */
  readonly space?: string;
  /**
   * The image that defines the space, as a URL or a BIDS URI. BIDS requires it for spaces that are not among its
   * standard ones.
   *
   * @defaultValue none
   */
  readonly spatialReference?: string;
  /** What was measured in scans that do not say it themselves: `T1w`, `T2w` … */
  readonly suffix?: string;
  /**
   * Continue a dataset that an earlier run began: what is complete and was made by the same steps from the same file is
   * kept, the rest is added.
   *
   * @defaultValue `false`
   */
  readonly resume?: boolean;
  /**
   * Add scans to a dataset that other runs wrote, or are writing at the same time, each its own scans: that the dataset is
   * there is then no reason to stop, but a scan that is there still is.
   *
   * @defaultValue `false`
   */
  readonly add?: boolean;
  /**
   * Write the mask of each volume that has one, as `_desc-brain_mask.nii.gz`.
   *
   * @defaultValue `true`, and `false` for a raw dataset
   */
  readonly masks?: boolean;
  /**
   * What the dataset is called in its description.
   *
   * @defaultValue `'Concord'` with the description of the files
   */
  readonly pipelineName?: string;
  /**
   * Throw at the first scan that cannot be used, instead of leaving it out with an issue.
   *
   * @defaultValue `false`
   */
  readonly strict?: boolean;
}

/** What {@link writeBids} wrote. */
export interface WrittenBids {
  /** The folder of the dataset. */
  readonly root: string;
  /** The files written by this run, within the dataset. */
  readonly files: readonly string[];
  /** The images that were complete before it, within the dataset: only with `resume`. */
  readonly kept: readonly string[];
  /** The scans that are now in the dataset, to be opened from there: the steps that made them are not done again. */
  readonly cohort: VolumeCohort;
  /** One for each scan that could not be used, and the issues of the volumes, also of those that an earlier run wrote. */
  readonly issues: readonly Issue[];
}
