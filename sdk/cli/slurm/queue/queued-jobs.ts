import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A job that waits or runs, as Slurm has it in its queue. */
export interface QueuedJob {
  /** Its number; that of the array for tasks of one. */
  readonly job: string;
  /** The tasks of an array, as in `1-3,7`; empty for other jobs. */
  readonly tasks: ReadonlySet<number>;
  /** `PENDING`, `RUNNING` … */
  readonly state: string;
  /** Why it waits, in the word of Slurm: `Resources`, `PartitionTimeLimit` … */
  readonly why: string;
}

/** The files in which `submit.sh` notes the numbers of the jobs it submitted. */
export const submittedFiles = ['arrays.txt', 'groups.txt', 'single.txt'] as const;

/** The numbers of the jobs of a folder that were submitted, by the file that notes them. */
export async function submittedJobs(
  folder: string,
): Promise<Readonly<Record<(typeof submittedFiles)[number], readonly string[]>>> {
  const [arrays, groups, single] = await Promise.all(
    submittedFiles.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  const numbersOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
  return {
    'arrays.txt': numbersOf(arrays),
    'groups.txt': numbersOf(groups),
    'single.txt': numbersOf(single),
  };
}

/** The jobs of the user that Slurm has in its queue; `undefined` where there is no Slurm here, or it does not answer. */
export function askQueue(): readonly QueuedJob[] | undefined {
  const { status, stdout } = spawnSync('squeue', ['--noheader', '--me', '--format=%F|%K|%T|%r'], {
    encoding: 'utf8',
    timeout: 20_000,
    // Else long lists of tasks are cut short.
    env: { ...process.env, SLURM_BITSTR_LEN: '0' },
  });
  return status === 0 ? queuedJobsOf(stdout) : undefined;
}

/** The jobs in what `squeue` printed, with numbers, tasks, states and reasons between bars. */
export function queuedJobsOf(printed: string): readonly QueuedJob[] {
  return printed.split('\n').flatMap((line) => {
    const [job, tasks, state, why] = line.split('|').map((part) => part.trim());
    return why === undefined ? [] : [{ job, tasks: tasksIn(tasks), state, why }];
  });
}

/** The numbers in a list as Slurm writes it: `1-3,7%2`, where at most two run at once; those of a step are not written. */
function tasksIn(text: string): ReadonlySet<number> {
  const [list] = text.split('%');
  return new Set(
    list.split(',').flatMap((part) => {
      const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
      if (first === undefined) return [];
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at);
    }),
  );
}
