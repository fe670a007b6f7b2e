import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlurmTask } from './slurm-jobs';

/** What a task noted of itself, and what is in its log, of its last run. */
export interface TaskRecord {
  /** How often it was started. */
  readonly runs: number;
  /** The number of the job, where it was started. */
  readonly job?: string;
  readonly machine?: string;
  /** The exit status, where it ended by itself, and what it was told before: `late` near its time limit, `stopped` by SIGTERM. */
  readonly ended?: { readonly status: number; readonly why: string };
  /** Whether it asked Slurm to start it again. */
  readonly requeued: boolean;
  /** The most that a run of it used. */
  readonly seconds?: number;
  readonly megabytes?: number;
  /** The end of its log, from the start of its last run. */
  readonly log: string;
}

/** Reads the record and the log of a task in a folder of jobs. */
export async function readTaskRecord(folder: string, { name }: SlurmTask): Promise<TaskRecord> {
  const text = await readFile(join(folder, 'records', `${name}.tsv`), 'utf8').catch(() => '');
  const log = await readFile(join(folder, 'logs', `${name}.log`), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.split('\t'));
  const last = lines.findLastIndex(([event]) => event === 'started');
  const run = lines.slice(Math.max(0, last));
  const [, , job, , machine] = last === -1 ? [] : lines[last];
  const ended = run.find(([event]) => event === 'ended');
  const used = lines.filter(([event]) => event === 'used');
  const largest = (column: number): number | undefined =>
    used.length === 0 ? undefined : Math.max(...used.map((cells) => Number(cells[column])));
  const kilobytes = largest(2);
  return {
    runs: lines.filter(([event]) => event === 'started').length,
    job,
    machine,
    ended: ended === undefined ? undefined : { status: Number(ended[2]), why: ended[3] },
    requeued: run.some(([event]) => event === 'requeued'),
    seconds: largest(1),
    megabytes: kilobytes === undefined ? undefined : kilobytes / 1024,
    log: log.slice(Math.max(0, log.lastIndexOf(`== concord: ${name} started`))),
  };
}
