import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ConcordError } from '../../errors';
import { isFolder, makeFolder } from '../../io/files/make-folder';
import { isThere, unwritableFile, writeFileSafely } from '../../io/files/write-file';
import { advise, option } from '../../remedy';
import type { SlurmJobs } from './slurm-jobs';
import { submittedFiles } from './queue/queued-jobs';
import { jobsFile, readJobs } from './slurm-jobs';

/** What running the jobs leaves: it is about the tasks of the jobs that were there then. */
const leftByRuns: readonly string[] = ['records', 'logs', ...submittedFiles];

/**
 * Checks that a folder may take these jobs: it is not there, is empty, or holds jobs of the same work that may be replaced.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireJobsFolder(
  folder: string,
  jobs: Pick<SlurmJobs, 'command' | 'input' | 'output'>,
  { overwrite }: { readonly overwrite: boolean },
): Promise<void> {
  const there = await readJobs(folder);
  if (there === undefined) {
    if (!(await isThere(folder))) return;
    if ((await isFolder(folder)) && (await readdir(folder)).every((name) => name.startsWith('.'))) return;
    throw refused(folder, `${folder} holds other files`, 'choose another folder');
  }
  const isSame = there.command === jobs.command && there.input === jobs.input && there.output === jobs.output;
  if (!isSame) {
    const what = `${folder} holds the jobs of concord ${there.command} of ${there.input} into ${there.output}`;
    throw refused(folder, what, 'choose another folder, or remove that one yourself');
  }
  if (!overwrite) {
    throw new ConcordError('file-exists', `file exists: ${folder} holds the jobs of this work`, {
      where: { file: folder },
      remedy: advise`choose another folder, or replace them with ${option('overwrite', true)}`,
    });
  }
}

function refused(folder: string, problem: string, remedy: string): ConcordError {
  return new ConcordError('file-exists', `file exists: ${problem}`, {
    where: { file: folder },
    remedy: [remedy],
  });
}

/**
 * Writes the files of jobs into a folder. What earlier jobs in it left, records and logs, is kept in `earlier-1`, `earlier-2` …
 *
 * @throws ConcordError `unwritable-file`.
 */
export async function writeJobsFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await makeFolder(folder);
  await putAside(folder);
  for (const [name, text] of Object.entries(files))
    await writeFileSafely(join(folder, name), text, { overwrite: true });
  for (const name of ['logs', 'records']) await mkdir(join(folder, name), { recursive: true });
}

async function putAside(folder: string): Promise<void> {
  const names = await readdir(folder);
  const left = leftByRuns.filter((name) => names.includes(name));
  if (!names.includes(jobsFile) || left.length === 0) return;
  let count = 1;
  while (names.includes(`earlier-${count}`)) count++;
  const aside = join(folder, `earlier-${count}`);
  try {
    await mkdir(aside);
    for (const name of left) await rename(join(folder, name), join(aside, name));
  } catch (cause) {
    throw unwritableFile(aside, cause);
  }
}
