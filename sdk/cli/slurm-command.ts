import type { Command } from 'commander';
import { countOf } from './option-values';
import type { WriteJobsFlags } from './slurm/write-jobs';
import {
  sbatchOption,
  setupLine,
  slurmMemory,
  slurmName,
  slurmPartition,
  slurmTime,
} from './slurm/slurm-text';
import type { CommandStreams } from './streams';

/** Adds `concord slurm` and its parts. */
export function slurmCommand(program: Command, streams: CommandStreams): void {
  const slurm = program
    .command('slurm')
    .description(
      'scripts that run concord preprocess or concord train as jobs of Slurm, and what became of them',
    );
  writeCommand(slurm, streams);
  summaryCommand(slurm, streams);
}

function writeCommand(slurm: Command, streams: CommandStreams): void {
  const command = slurm
    .command('write')
    .description(
      'write the scripts: an array with a task for each participant and the group level after it, or one training; ' +
        'the last line says how they are submitted',
    )
    .argument('<folder>', 'where to write the scripts; records and logs of the tasks go there too')
    .argument(
      '<command...>',
      'after --: the words of concord preprocess (with its level participant) or train',
    )
    .option(
      '--measure [label]',
      'first run one participant here, to ask for the time and memory it takes (default: the one with the most data)',
    )
    .option('--time <time>', 'time of a task, as sbatch takes it: 90, 2:30:00, 1-12', slurmTime)
    .option('--mem <size>', 'memory of a task, as sbatch takes it: 900M, 8G', slurmMemory)
    .option('--group-time <time>', 'time of the group level', slurmTime)
    .option('--group-mem <size>', 'memory of the group level', slurmMemory)
    .option('--cpus <count>', 'cores of a task (default: 1, for a training 4)', countOf)
    .option('--tasks <count>', 'tasks of the array at most: participants share them', countOf, 1000)
    .option('--at-once <count>', 'how many tasks may run at the same time (default: no limit)', countOf)
    .option('--partition <name>', 'the partition, or several', slurmPartition)
    .option('--account <name>', 'the account', slurmName)
    .option('--qos <name>', 'the quality of service', slurmName)
    .option('--sbatch <option>', 'another option of sbatch, as gres=gpu:1; may be repeated', sbatchOption, [])
    .option(
      '--setup <line>',
      'a line of bash before the command, as "module load nodejs"; may be repeated',
      setupLine,
      [],
    )
    .option('--overwrite', 'replace the scripts of the same work; earlier records and logs are kept', false);
  command.action(async (folder: string, words: readonly string[], flags: WriteJobsFlags) => {
    const { writeJobs } = await import('./slurm/write-jobs.js');
    await writeJobs(folder, words, { flags, command, streams });
  });
}

function summaryCommand(slurm: Command, streams: CommandStreams): void {
  slurm
    .command('summary')
    .description('which tasks are done, which failed and why, and the commands that submit those again')
    .argument('<folder>', 'the folder that concord slurm write made')
    .action(async (folder: string) => {
      const { summarizeJobs } = await import('./slurm/summarize-jobs.js');
      await summarizeJobs(folder, streams);
    });
}
