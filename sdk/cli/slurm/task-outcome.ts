import { status } from '../exit-status';
import type { SlurmTask } from './slurm-jobs';
import { megabytesOf, secondsOfTime, timeText } from './slurm-text';
import type { TaskRecord } from './task-record';

/** What became of a task. */
export type TaskOutcome =
  | { readonly state: 'done' | 'waiting' | 'running' | 'again' }
  /** `option` is one of sbatch that helps when it is submitted again. */
  | { readonly state: 'failed'; readonly why: string; readonly remedy: string; readonly option?: string };

/** What Slurm, the system and V8 write where memory was too little. */
const noMemory =
  /oom[-_ ]?kill|out of memory|exceeded (?:job |step )?memory limit|memory limit .*being killed|Cannot allocate memory|Array buffer allocation failed/i;

/** Finds what became of a task by what it noted, and by what Slurm wrote into its log. */
export function taskOutcome(record: TaskRecord, task: SlurmTask): TaskOutcome {
  const { runs, ended, requeued, log } = record;
  if (runs === 0) return { state: 'waiting' };
  if (ended?.status === status.ok) return { state: 'done' };
  if (requeued || /DUE TO (?:PREEMPTION|JOB REQUEUE|NODE FAILURE)/.test(log)) return { state: 'again' };
  if (/DUE TO TIME LIMIT/.test(log) || ended?.why === 'late') return outOfTime(task);
  // A status from 129 is a signal: 137 is SIGKILL, which the system sends where memory ends; V8 ends itself with 134.
  if (noMemory.test(log) || ended?.status === 137) return outOfMemory(task, log);
  if (/\*\*\* (?:JOB|STEP) \S+ ON \S+ CANCELLED AT/.test(log) || ended?.why === 'stopped')
    return failed('it was canceled', 'submit it again if it is wanted');
  if (ended === undefined) return { state: 'running' };
  return { state: 'failed', ...ownFailure(ended.status, log) };
}

function failed(why: string, remedy: string, option?: string): TaskOutcome {
  return { state: 'failed', why, remedy, option };
}

function outOfTime({ name, limits }: SlurmTask): TaskOutcome {
  const seconds = limits.time === undefined ? Infinity : secondsOfTime(limits.time);
  const asked = Number.isFinite(seconds) ? ` of ${timeText(seconds)}` : '';
  const more = Number.isFinite(seconds) ? timeText(2 * seconds) : 'TIME';
  return failed(
    `its time${asked} ran out`,
    name === 'job' ? 'give it more' : 'give it more; what is done is kept',
    `--time=${more}`,
  );
}

function outOfMemory({ limits }: SlurmTask, log: string): TaskOutcome {
  const megabytes = limits.memory === undefined ? Infinity : megabytesOf(limits.memory);
  const more = Number.isFinite(megabytes) ? `${Math.ceil(2 * megabytes)}M` : 'SIZE';
  const asked = Number.isFinite(megabytes) ? ` of ${limits.memory}` : '';
  const why = noMemory.test(log)
    ? `its memory${asked} was too little`
    : `it was killed, as where memory${asked} is too little`;
  return failed(why, 'give it more', `--mem=${more}`);
}

/** Failures that the command reports itself, or that come before it starts. */
function ownFailure(code: number, log: string): { readonly why: string; readonly remedy: string } {
  const said = saidIn(log);
  // What Apptainer and Singularity write where they cannot start what they are to run.
  const [, fatal] = /^FATAL:\s*(.+)$/m.exec(endOf(log)) ?? [];
  if (fatal !== undefined) {
    const remedy = 'see that its machine has the image under that path, and that concord is in it';
    return { why: `the container did not start (status ${code}): ${fatal}`, remedy };
  }
  if (code === 127 && /\b(?:apptainer|singularity): command not found/.test(endOf(log)))
    return {
      why: `the program of containers was not found there (status ${code})`,
      remedy: 'write the jobs with --setup "module load …"',
    };
  if (code === 126 || code === 127 || /: No such file or directory$|Cannot find module/m.test(endOf(log))) {
    const why = `Concord could not be started there (status ${code})`;
    return {
      why,
      remedy: 'write the jobs with --setup "module load …", or where all machines see Node.js and Concord',
    };
  }
  if (code === status.partly)
    return { why: said ?? 'some scans were left out', remedy: 'see its log; once the scans are repaired' };
  if (code === status.badInput || code === status.wrongUsage)
    return { why: said ?? `it ended with status ${code}`, remedy: 'once that is repaired' };
  return { why: `it broke down with status ${code}`, remedy: 'see its log' };
}

/** The line with which Concord said why it ended, or what it says of scans that were left out. */
function saidIn(log: string): string | undefined {
  const lines = log.trimEnd().split('\n');
  return (
    lines.findLast((line) => line.startsWith('concord: '))?.slice('concord: '.length) ??
    lines.findLast((line) => line.startsWith('warning: '))?.slice('warning: '.length)
  );
}

function endOf(log: string): string {
  return log.trimEnd().split('\n').slice(-3).join('\n');
}
