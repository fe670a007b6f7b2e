import type { Command, Option } from 'commander';
import { choice, countOf, positiveOf } from '../option-values';

/** The planes in which scans are cut. */
export const planes: readonly string[] = ['axial', 'coronal', 'sagittal'];

/** `--mask`: in what scans are compared. */
export function maskOption(): Option {
  const text = 'compare each scan in its own mask, or all in the common one';
  return choice('--mask <which>', text, ['each', 'common']).default('each');
}

/**
 * Adds how scans are cut into slices to be compared.
 *
 * @param first - what decides where an option is not given, before the usual value does; then there are no defaults
 */
export function addSliceOptions(command: Command, first?: string): Command {
  const usual = <Value>(value: Value): Value | undefined => (first === undefined ? value : undefined);
  const said = (value: string): string => (first === undefined ? '' : ` (default: ${first}, else ${value})`);
  const filled = `${first === undefined ? '' : `${first}, else `}so that the brain fills them`;
  return command
    .addOption(choice('--plane <plane>', `how scans are cut${said('axial')}`, planes).default(usual('axial')))
    .option('--slices <count>', 'slices of each scan', countOf, 5)
    .option('--image-size <pixels>', `rows and columns of the slices${said('64')}`, countOf, usual(64))
    .option('--pixel-size <mm>', `the size of their pixels (default: ${filled})`, positiveOf);
}
