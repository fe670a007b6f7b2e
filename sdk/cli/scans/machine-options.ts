import type { Command } from 'commander';
import { countOf } from '../option-values';

/** The names of the options of {@link addMachineOptions}, for commands that list what they know. */
export const machineOptionNames: readonly string[] = ['nCpus', 'memMb'];

/** Adds the options that say how much of the machine a run may use, in the words of BIDS Apps. */
export function addMachineOptions(command: Command): Command {
  return command
    .option(
      '--n-cpus <count>',
      'how many scans are made at once (default: as many as there are cores)',
      countOf,
    )
    .option(
      '--mem-mb <megabytes>',
      'the memory they may take together (default: 80 % of the machine)',
      countOf,
    );
}
