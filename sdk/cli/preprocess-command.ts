import type { Command } from 'commander';
import { Argument } from 'commander';
import { bidsAppLevels } from './bids-app-words';
import type { PreprocessFlags, PreprocessLevel } from './scans/preprocess-flags';
import { addPreprocessOptions } from './scans/preprocess-flags';
import type { CommandStreams } from './streams';

/** Adds `concord preprocess`, a BIDS App. */
export function preprocessCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('preprocess')
    .description(
      'bring the scans of a BIDS dataset to clean, comparable volumes and slices: reoriented, masked, ' +
        'bias-corrected, aligned, normalized',
    )
    .argument('<bids_dir>', 'a BIDS dataset, raw or derivative')
    .argument('<output_dir>', 'where to write the derivative')
    .addArgument(
      new Argument(
        '<level>',
        'participant: each scan by itself, any number of runs side by side; group: what needs all of them, once they are done',
      ).choices([...bidsAppLevels]),
    );
  addPreprocessOptions(command).action(
    async (source: string, target: string, level: PreprocessLevel, flags: PreprocessFlags) => {
      const { preprocessScans } = await import('./scans/preprocess-scans.js');
      await preprocessScans(source, target, { level, flags, command, streams });
    },
  );
}
