import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Plane } from '../data/image-set';
import type { SiteSource } from '../io/bids/load-bids-options';
import { choice, countOf, listOf, positiveOf } from './option-values';

/** How intensities are brought to one scale, by the names of the command line. */
export type NormalizeMethod = 'z-score' | 'percentile' | 'white-stripe' | 'kde-mode' | 'fcm' | 'none';

/** What the user asked `concord preprocess` for. */
export interface PreprocessFlags {
  readonly participantLabel?: readonly string[];
  readonly sessionLabel?: readonly string[];
  readonly suffix: string;
  readonly derivative?: string;
  readonly space?: string;
  readonly desc?: string;
  readonly site?: SiteSource;
  readonly fieldOfView: boolean;
  /** Whether to make a mask for scans that the dataset has none of. */
  readonly mask: boolean;
  readonly strip: boolean;
  readonly bias: boolean;
  readonly spacing?: number;
  readonly template?: string;
  readonly transform: 'rigid' | 'affine';
  readonly normalize: NormalizeMethod;
  readonly slices?: Plane;
  readonly size?: number;
  readonly count?: number;
  readonly every?: number;
  readonly pictures: boolean;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly strict: boolean;
}

/** Adds the options of `concord preprocess`. */
export function addPreprocessOptions(command: Command): Command {
  return command
    .option('--participant-label <labels>', 'only these subjects, for example 01,02', listOf)
    .option('--session-label <labels>', 'only these sessions', listOf)
    .option('--suffix <suffix>', 'which images: T1w, T2w …', 'T1w')
    .option(
      '--derivative <name>',
      'read the derivative of this name in the folder derivatives of the dataset',
    )
    .option('--space <label>', 'which space of a derivative')
    .option('--desc <label>', 'which description of a derivative')
    .option(
      '--site <source>',
      'where the site of a scan stands: column:NAME of participants.tsv, session, or sidecar:FIELD,FIELD … (default: found)',
      siteSource,
    )
    .option('--no-field-of-view', 'keep the neck')
    .option('--no-mask', 'make no brain mask where the dataset has none beside the scan')
    .option('--strip', 'set everything outside the brain mask to 0', false)
    .option('--no-bias', 'do not correct the bias field (N4)')
    .option('--spacing <mm>', 'resample to this voxel size', positiveOf)
    .option('--template <image>', 'register to this image and sample on its grid')
    .addOption(choice('--transform <kind>', 'how to register', ['rigid', 'affine']).default('affine'))
    .addOption(
      choice('--normalize <method>', 'how to bring intensities to one scale', [
        'z-score',
        'percentile',
        'white-stripe',
        'kde-mode',
        'fcm',
        'none',
      ]).default('z-score'),
    )
    .addOption(choice('--slices <plane>', 'also cut slices', ['axial', 'coronal', 'sagittal']))
    .option('--size <pixels>', 'pad or crop slices to this size', countOf)
    .option('--count <number>', 'so many slices, spread over the brain (default: all)', countOf)
    .option('--every <mm>', 'a slice every so many millimetres', positiveOf)
    .option('--no-pictures', 'draw no picture of each result')
    .option('--resume', 'keep what an earlier run completed, and go on', false)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
}

/** Parses where the site of a scan stands. */
export function siteSource(text: string): SiteSource {
  if (text === 'session') return { session: true };
  const [, kind, names = ''] = /^(column|sidecar):(.+)$/.exec(text) ?? [];
  if (kind === 'column') return { column: names.trim() };
  if (kind === 'sidecar') return { sidecar: listOf(names) };
  throw new InvalidArgumentError('column:NAME, session, or sidecar:FIELD,FIELD is allowed');
}
