import type { Command } from 'commander';
import type { Contrast } from '../../data/images/contrast';
import { contrasts } from '../../data/images/contrast';
import type { Plane } from '../../data/images/image-set';
import type { bidsAppLevels } from '../bids-app-words';
import type { BidsSelectionFlags } from './bids-selection';
import { addSelectionOptions } from './bids-selection';
import type { FiguresFlags } from '../report-figures';
import { figuresOption } from '../report-figures';
import { choice, countOf, positiveOf } from '../option-values';
import type { MachineShare } from './thread-count';
import { addMachineOptions } from './machine-options';
import { planes } from './slice-options';

/** How intensities are brought to one scale, by the names of the command line. */
export type NormalizeMethod =
  'z-score' | 'percentile' | 'white-stripe' | 'kde-mode' | 'fcm' | FittedNormalization | 'none';

/** Those that are fitted on all scans, which is for the group level. */
export type FittedNormalization = 'nyul' | 'histogram-matching';

/** How much a run does: scans by themselves, or what needs all of them. */
export type PreprocessLevel = (typeof bidsAppLevels)[number];

/** What the user asked `concord preprocess` for. */
export interface PreprocessFlags extends BidsSelectionFlags, FiguresFlags, MachineShare {
  readonly fieldOfView: boolean;
  /** Whether to make a mask for scans that the dataset has none of. */
  readonly mask: boolean;
  readonly strip: boolean;
  readonly bias: boolean;
  readonly spacing?: number;
  readonly template?: string;
  readonly transform: 'rigid' | 'affine';
  readonly normalize: NormalizeMethod;
  readonly contrast?: Contrast;
  readonly slices?: Plane;
  readonly size?: number;
  readonly count?: number;
  readonly every?: number;
  readonly pictures: boolean;
  readonly report: boolean;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly strict: boolean;
}

/** Adds the options of `concord preprocess`. */
export function addPreprocessOptions(command: Command): Command {
  return addMachineOptions(addSelectionOptions(command))
    .option('--no-field-of-view', 'keep the neck')
    .option('--no-mask', 'make no brain mask where the dataset has none beside the scan')
    .option('--strip', 'set everything outside the brain mask to 0', false)
    .option('--no-bias', 'do not correct the bias field (N4)')
    .option('--spacing <mm>', 'resample to this voxel size', positiveOf)
    .option('--template <image>', 'register to this image and sample on its grid')
    .addOption(choice('--transform <kind>', 'how to register', ['rigid', 'affine']).default('affine'))
    .addOption(
      choice(
        '--normalize <method>',
        'how to bring intensities to one scale; nyul and histogram-matching do at the group level',
        ['z-score', 'percentile', 'white-stripe', 'kde-mode', 'fcm', 'nyul', 'histogram-matching', 'none'],
      ).default('z-score'),
    )
    .addOption(choice('--contrast <name>', 'how the images are weighted (default: by --suffix)', contrasts))
    .addOption(choice('--slices <plane>', 'also cut slices', planes))
    .option('--size <pixels>', 'pad or crop slices to this size', countOf)
    .option('--count <number>', 'how many slices, spread over the brain (default: all)', countOf)
    .option('--every <mm>', 'distance between slices in mm', positiveOf)
    .option('--no-pictures', 'draw no picture of each result')
    .option('--no-report', 'write no report.html')
    .addOption(figuresOption())
    .option(
      '-w, --work-dir <folder>',
      'accepted as BIDS Apps have it: nothing is kept between steps, so nothing is written there',
    )
    .option('--skip-bids-validator', 'accepted as BIDS Apps have it: no validator is run', false)
    .option('--resume', 'keep what an earlier run completed, and continue', false)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
}
