import { join } from 'node:path';
import { isJsonObject, isNames } from '../../data/json';
import { ConcordError } from '../../errors';
import { readJsonFile } from '../../io/files/read-file';
import { isThere } from '../../io/files/write-file';

/** The file that says what the jobs of a folder are. */
export const jobsFile = 'jobs.json';

/** What a task may use, in the words of sbatch; what is not there is up to the cluster. */
export interface SlurmLimits {
  readonly time?: string;
  readonly memory?: string;
}

/** A task of the jobs: one of the array, the group level, a training, or another job by itself. */
export interface SlurmTask {
  /** By which its record and its log are called: `participant-7`, `group`, `train`, `job`. */
  readonly name: string;
  /** Its number in the array, where it is in one. */
  readonly number?: number;
  /** The labels of its participants, without `sub-`; none for a task that is about all. */
  readonly participants: readonly string[];
  readonly limits: SlurmLimits;
}

/** The commands that jobs run. */
const commands = ['preprocess', 'train', 'harmonize', 'apply', 'maps'] as const;

/** The name of a command that jobs run. */
export type JobName = (typeof commands)[number];

/** What the job after the tasks of participants is. */
export function groupWords(command: JobName): string {
  return command === 'preprocess' ? 'group level' : 'report of all';
}

/** The jobs that were written into a folder. */
export interface SlurmJobs {
  readonly format: 'concord-slurm-jobs';
  readonly formatVersion: 1;
  /** The version of Concord that wrote them. */
  readonly version: string;
  readonly command: JobName;
  /** The dataset or table that is read, from the root of the file system. */
  readonly input: string;
  /** What is written: a dataset, a model, or a folder of results. */
  readonly output: string;
  /** The words of the command, as they were given. */
  readonly words: readonly string[];
  readonly tasks: readonly SlurmTask[];
}

/**
 * Reads what the jobs of a folder are.
 *
 * @returns `undefined` where it holds none
 * @throws ConcordError `unreadable-file` where the file is damaged, or of a newer version.
 */
export async function readJobs(folder: string): Promise<SlurmJobs | undefined> {
  const path = join(folder, jobsFile);
  if (!(await isThere(path))) return undefined;
  const found: unknown = await readJsonFile(path, { malformed: 'unreadable-file' });
  if (isJobs(found)) return found;
  throw new ConcordError('unreadable-file', `cannot read ${path}: it holds no jobs that this version knows`, {
    where: { file: path },
    remedy: ['write them again into another folder'],
  });
}

function isJobs(value: unknown): value is SlurmJobs {
  if (!isJsonObject(value)) return false;
  const { format, formatVersion, command, input, output, words, tasks } = value;
  return (
    format === 'concord-slurm-jobs' &&
    formatVersion === 1 &&
    commands.some((known) => known === command) &&
    typeof input === 'string' &&
    typeof output === 'string' &&
    isNames(words) &&
    Array.isArray(tasks) &&
    tasks.every(isTask)
  );
}

function isTask(value: unknown): value is SlurmTask {
  if (!isJsonObject(value)) return false;
  const { name, number, participants, limits } = value;
  // The name becomes a path.
  return (
    typeof name === 'string' &&
    /^[a-z]+(-\d+)?$/.test(name) &&
    (number === undefined || Number.isInteger(number)) &&
    isNames(participants) &&
    isJsonObject(limits) &&
    Object.values(limits).every((limit) => typeof limit === 'string')
  );
}
