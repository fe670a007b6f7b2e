import type { Command } from 'commander';
import { choice, countOf } from './option-values';
import { containerPrograms } from './slurm/container-programs';
import type { WriteJobsFlags } from './slurm/jobs-flags';
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
      'scripts that run concord preprocess, train, harmonize, apply or maps as jobs of Slurm, and what became of them',
    );
  writeCommand(slurm, streams);
  summaryCommand(slurm, streams);
}

function writeCommand(slurm: Command, streams: CommandStreams): void {
  const command = slurm
    .command('write')
    .description(
      'write the scripts: an array with a task for each participant and a job for all of them after it, or one job where ' +
        'all are needed at once (a training, a table, a model that is fitted); the last lines say how they are submitted',
    )
    .argument('<folder>', 'where to write the scripts; records and logs of the tasks go there too')
    .argument(
      '<command...>',
      'after --: the words of concord preprocess (with its level participant), train, harmonize, apply, maps harmonize or maps apply',
    )
    .option(
      '--measure [labels]',
      'first run a part of it here, to ask for the time and memory it takes: one participant (default: the one with the most data), ' +
        'some of each site where a model is fitted, the first steps of a training',
    )
    .option('--time <time>', 'time of a task, as sbatch takes it: 90, 2:30:00, 1-12', slurmTime)
    .option('--mem <size>', 'memory of a task, as sbatch takes it: 900M, 8G', slurmMemory)
    .option('--group-time <time>', 'time of the job after the tasks', slurmTime)
    .option('--group-mem <size>', 'memory of the job after the tasks', slurmMemory)
    .option('--cpus <count>', 'cores of a task (default: 1; for a table 2, for networks 4)', countOf)
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
    .option(
      '--container <image>',
      'run concord in this image of Apptainer (a file or a sandbox), with the folders that the command names bound to it; ' +
        'and the graphics card that --sbatch asks for, where a network runs',
    )
    .addOption(
      choice('--container-program <name>', 'what runs the image', containerPrograms).default('apptainer'),
    )
    .option(
      '--container-bind <folder>',
      'another folder that the container must see; may be repeated',
      (folder: string, before: readonly string[]) => [...before, folder],
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
