import type { QueuedJob, submittedJobs } from './queued-jobs';
import type { SlurmTask } from './slurm-jobs';

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

/** Reasons that no time ends, by what is in Slurm's word for them. */
const endless: readonly (readonly [RegExp, (job: string) => Required<WaitingReason>])[] = [
  [
    /TimeLimit|MaxWall/,
    (job) => ({
      why: 'more time is asked for than the partition, the account or the quality of service allows',
      remedy: {
        before: `scancel ${job}`,
        again: '--time=TIME',
        note: "or --partition=NAME; sinfo -o '%P %l' lists what each allows",
      },
    }),
  ],
  [
    /NodeLimit|BadConstraints|Max(?:Cpu|Mem|Node|TRES|GRES)\w*PerJob/,
    (job) => ({
      why: 'more cores or memory are asked for than there are, or are allowed',
      remedy: {
        before: `scancel ${job}`,
        again: '--mem=SIZE -c COUNT',
        note: "or --partition=NAME; sinfo -o '%P %c %m' lists the cores and MB of each",
      },
    }),
  ],
  [
    /Partition(?:Down|Inactive)|Invalid(?:Account|QOS)|(?:Account|QOS)NotAllowed/,
    (job) => ({
      why: 'its partition, account or quality of service takes no jobs',
      remedy: { before: `scancel ${job}`, again: '--partition=NAME', note: 'or --account=NAME, --qos=NAME' },
    }),
  ],
  [/^JobHeldUser$/, (job) => ({ why: 'it is held', remedy: { before: `scontrol release ${job}` } })],
  [
    /held/i,
    (job) => ({
      why: 'it is held by those who run Slurm',
      remedy: { before: `scontrol show job ${job}`, note: 'says why; ask them to release it' },
    }),
  ],
];

function pendingReason({ job, why }: QueuedJob): WaitingReason | undefined {
  const found = endless.find(([pattern]) => pattern.test(why));
  if (found !== undefined) {
    const [, reasonOf] = found;
    const reason = reasonOf(job);
    return { ...reason, why: `${reason.why} (job ${job}: ${why})` };
  }
  // What comes after the tasks waits for them.
  if (why === 'Dependency') return undefined;
  return { why: `in the queue (job ${job}: ${why})` };
}
