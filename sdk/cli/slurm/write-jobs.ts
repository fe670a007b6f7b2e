import { join } from 'node:path';
import { ConcordError } from '../../errors';
import { advise } from '../../remedy';
import { shellWord } from '../wording';
import { runTaskScript } from './batch-scripts';
import { writeJobsFolder } from './jobs-folder';
import type { WriteJobsRun, WrittenJobs } from './jobs-flags';
import { concordProgram } from './measured-run';
import { participantJobs } from './participant-jobs';
import type { JobCommand } from './read-command';
import { readCommand } from './read-command';
import { allScansJobs, mapsJobs, tableJobs, trainingJobs } from './single-jobs';
import { jobsFile } from './slurm-jobs';

/** Writes the jobs of a command into a folder. */
export async function writeJobs(folder: string, words: readonly string[], call: WriteJobsRun): Promise<void> {
  const { command, flags, streams } = call;
  if (flags.container === undefined) refuseNpxCache();
  const job = await readCommand(words, { command, streams });
  const written = await jobsOf(folder, job, call);
  await writeJobsFolder(folder, {
    ...written.files,
    'run-task.sh': runTaskScript,
    [jobsFile]: `${JSON.stringify({ ...written.jobs, words }, null, 2)}\n`,
  });
  const submit = shellWord(join(folder, 'submit.sh'));
  const undecided = written.jobs.tasks.some(({ limits }) => limits.time === undefined || !limits.memory);
  if (undecided) {
    const how =
      job.work === 'table' || job.work === 'maps' ? '--time and --mem' : '--measure, or --time and --mem';
    streams.out(`where no time or memory is asked for, those of the partition hold (${how} ask for some)\n`);
  }
  streams.out(
    `${written.lines.join('\n')}\nwritten to ${folder}; this submits them:\n  bash ${submit}\n` +
      `and this says what became of them:\n  concord slurm summary ${shellWord(folder)}\n`,
  );
}

function jobsOf(folder: string, job: JobCommand, call: WriteJobsRun): Promise<WrittenJobs> {
  switch (job.work) {
    case 'preprocess':
    case 'each scan':
      return participantJobs(folder, job, call);
    case 'all scans':
      return allScansJobs(folder, job, call);
    case 'training':
      return trainingJobs(folder, job, call);
    case 'table':
      return tableJobs(folder, job, call);
    case 'maps':
      return mapsJobs(folder, job, call);
  }
}

/** @throws ConcordError where the scripts would name a program that npm may remove. */
function refuseNpxCache(): void {
  if (!/[\\/]_npx[\\/]/.test(concordProgram)) return;
  throw new ConcordError('missing-package', 'concord-mri is only in the cache of npx, which npm may empty', {
    remedy: advise`npm install concord-mri in a folder that the machines of the cluster see`,
  });
}
