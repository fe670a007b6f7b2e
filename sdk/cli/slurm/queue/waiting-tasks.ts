import type { QueuedJob, submittedJobs } from './queued-jobs';
import type { SlurmTask } from '../slurm-jobs';
import { endlessWait } from './refusals';

/** Why a task has not started. */
export interface WaitingReason {
  /** In words; tasks of one reason are named together. */
  readonly why: string;
  /** What lets it start; missing where it only takes time. */
  readonly remedy?: {
    /** What comes before it is submitted again, as bash reads it: `scancel 7`. */
    readonly before?: string;
    /** Whether it is to be submitted again, and the options of sbatch that help. */
    readonly again?: string;
    /** What is to be known for that. */
    readonly note?: string;
  };
}

/** What is known of the jobs of a folder that were submitted. */
export interface SubmittedJobs {
  readonly numbers: Awaited<ReturnType<typeof submittedJobs>>;
  /** The queue of Slurm. */
  readonly queue: readonly QueuedJob[];
}

/** Finds why a task has not started; `undefined` where nothing needs to be said of it. */
export function waitingReason(task: SlurmTask, { numbers, queue }: SubmittedJobs): WaitingReason | undefined {
  const kind = task.number !== undefined ? 'arrays.txt' : task.name === 'group' ? 'groups.txt' : 'single.txt';
  const own = numbers[kind];
  const { number } = task;
  const queued = queue.findLast(
    ({ job, tasks, state }) =>
      own.includes(job) && state === 'PENDING' && (number === undefined || tasks.has(number)),
  );
  if (queued !== undefined) return pendingReason(queued);
  if (own.length === 0) return kind === 'groups.txt' ? undefined : { why: 'not submitted yet' };
  // The job after the tasks is removed where one of them fails, which is said of that one.
  if (kind === 'groups.txt') return undefined;
  return {
    why: 'no longer in the queue, and never started, as where it was canceled before that',
    remedy: { again: '' },
  };
}

/** Jobs that somebody, or Slurm after a failed start, holds back. */
function heldReason(job: string, why: string): WaitingReason | undefined {
  if (why.includes('HeldAdmin')) {
    const remedy = { before: `scontrol show job ${job}`, note: 'says why; ask them to release it' };
    return { why: 'it is held by those who run Slurm', remedy };
  }
  if (!/held/i.test(why)) return undefined;
  return { why: 'it is held', remedy: { before: `scontrol release ${job}` } };
}

function pendingReason({ job, why }: QueuedJob): WaitingReason | undefined {
  const ofSlurm = `(job ${job}: ${why})`;
  const held = heldReason(job, why);
  if (held !== undefined) return { ...held, why: `${held.why} ${ofSlurm}` };
  const endless = endlessWait(why);
  if (endless !== undefined) {
    const { again, note } = endless;
    return { why: `${endless.why} ${ofSlurm}`, remedy: { before: `scancel ${job}`, again, note } };
  }
  // What comes after the tasks waits for them.
  if (why === 'Dependency') return undefined;
  return { why: `in the queue ${ofSlurm}` };
}
