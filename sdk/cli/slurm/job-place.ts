import { resolve } from 'node:path';
import type { Command } from 'commander';
import { counted } from '../../data/counted';
import { version } from '../../version';
import { wrongUsage } from '../option-values';
import { shellWord } from '../wording';
import type { ScriptPlace } from './batch-scripts';
import type { Container } from './container-words';
import { containerLines } from './container-words';
import { concordProgram } from './measured-run';
import type { JobCommand } from './read-command';
import type { SlurmJobs, SlurmLimits } from './slurm-jobs';
import type { WriteJobsFlags } from './jobs-flags';

/** What all scripts of a folder have in common. */
export function scriptPlace(
  { setup, partition, account, qos, sbatch }: WriteJobsFlags,
  container: Container | undefined,
): ScriptPlace {
  const named = Object.entries({ partition, account, qos });
  return {
    cwd: process.cwd(),
    setup,
    preparing: container === undefined ? [] : containerLines(container),
    concord:
      container === undefined
        ? [process.execPath, concordProgram].map(shellWord).join(' ')
        : '"${container[@]}"',
    options: [
      ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
      ...sbatch,
    ],
  };
}

/** What jobs are about: by it, those of the same work are known. */
export function aboutJobs(
  { name, source }: JobCommand,
  output: string,
): Pick<SlurmJobs, 'command' | 'input' | 'output'> {
  return { command: name, input: resolve(source), output: resolve(output) };
}

/** What the file of the jobs says besides what they are about. */
export function jobsHead(): Pick<SlurmJobs, 'format' | 'formatVersion' | 'version' | 'words'> {
  return { format: 'concord-slurm-jobs', formatVersion: 1, version, words: [] };
}

/** Refuses options of the jobs that say nothing of this command. */
export function refuseJobOptions(
  command: Command,
  names: readonly (keyof WriteJobsFlags)[],
  why: string,
): void {
  const stray = names.find((name) => command.getOptionValueSource(name) === 'cli');
  if (stray === undefined) return;
  const [option] = command.options.filter((one) => one.attributeName() === stray);
  wrongUsage(command, `option '${option.long ?? ''}' ${why}`);
}

/** What was asked for, else what was measured. */
export function limitsOrAsked(
  measured: SlurmLimits | undefined,
  time?: string,
  memory?: string,
): SlurmLimits {
  return { time: time ?? measured?.time, memory: memory ?? measured?.memory };
}

/** What a task may use, in words. */
export function limitsInWords({ time, memory }: SlurmLimits, cores: number): string {
  const own = [
    time === undefined ? [] : `${time} of time`,
    memory === undefined ? [] : `${memory} of memory`,
  ];
  return [counted(cores, 'core'), ...own.flat()].join(', ');
}
