/** Why Slurm takes no job, or never starts it, and what helps: the summary of jobs and `submit.sh` both say it from here. */
export interface Refusal {
  /** Words in what sbatch says where it refuses a job for this reason, in lower case. */
  readonly said: readonly string[];
  /** Words in the reason of a job that waits in the queue. */
  readonly queued: readonly string[];
  readonly why: string;
  /** Options of sbatch that help when the job is submitted again; missing where there is nothing to change. */
  readonly again?: string;
  /** What is to be known for that, or what else helps. */
  readonly note?: string;
}

/** Reasons that no time ends; the first that fits is meant. */
export const refusals: readonly Refusal[] = [
  {
    said: ['time limit is invalid'],
    queued: ['TimeLimit', 'MaxWall', 'MinutesPerJob'],
    why: 'more time is asked for than the partition, the account or the quality of service allows',
    again: '--time=TIME',
    note: "or --partition=NAME; sinfo --format='%P %l' lists what each allows",
  },
  {
    said: ['generic resource', 'gres'],
    queued: ['GRESPerJob'],
    why: 'other cards are asked for than there are, or are allowed',
    again: '--gres=gpu:COUNT',
    note: "or --partition=NAME; sinfo --format='%P %G' lists the cards of each",
  },
  {
    said: ['memory', 'node configuration', 'cpu count', 'node count'],
    queued: ['NodeLimit', 'BadConstraints', 'PerJob'],
    why: 'more cores or memory are asked for than there are, or are allowed',
    again: '--mem=SIZE --cpus-per-task=COUNT',
    note: "or --partition=NAME; sinfo --format='%P %c %m' lists the cores and MB of each",
  },
  {
    said: ['accounting/qos policy'],
    queued: [],
    why: 'more jobs, cores, memory or time are asked for than the account allows',
    note: 'submit some of the tasks, as in bash submit.sh 1-100, and the others later, or give --time=TIME --mem=SIZE',
  },
  {
    said: ['partition', 'account', 'qos'],
    queued: [
      ...['PartitionDown', 'PartitionInactive', 'InvalidAccount', 'InvalidQOS'],
      ...['AccountNotAllowed', 'QOSNotAllowed'],
    ],
    why: 'its partition, account or quality of service takes no jobs',
    again: '--partition=NAME',
    note: "or --account=NAME, --qos=NAME; sinfo --format='%P %a' lists the partitions",
  },
  {
    said: ['dependency'],
    queued: ['DependencyNeverSatisfied'],
    why: 'the job that it waits for failed, or is not known to Slurm',
    again: '--dependency=afterok:JOB',
    note: 'with the number of a job that is still to end, or without it once that job is done',
  },
  {
    said: ['unable to contact', 'timed out', 'communication'],
    queued: [],
    why: 'Slurm does not answer',
    note: 'squeue --me says whether it took the job all the same; otherwise submit it later',
  },
];

/** Finds why a job waits that no time starts, by the reason that Slurm has for it. */
export function endlessWait(reason: string): Refusal | undefined {
  return refusals.find(({ queued }) => queued.some((word) => reason.includes(word)));
}

/** The remedy of a refusal in words: `give --time=TIME, or --partition=NAME; …`. */
function remedyWords({ again, note }: Refusal): string {
  const given = again === undefined ? [] : [`give ${again}`];
  return [...given, ...(note === undefined ? [] : [note])].join(', ');
}

/** The patterns of `case` in bash that fit a text with one of these words in it. */
function patterns(words: readonly string[]): string {
  return words.map((word) => `*'${word}'*`).join(' | ');
}

/** The cases of bash in which what sbatch said, in lower case, has a remedy: each prints it. */
export function saidCases(indent: string): string {
  const cases = refusals.filter(({ said }) => said.length > 0);
  return cases
    .map((one) => `${indent}${patterns(one.said)})\n${indent}  echo "${remedyWords(one)}" ;;\n`)
    .join('');
}

/** The pattern of bash of the reasons of jobs that no time starts. */
export function endlessPattern(): string {
  return patterns(refusals.flatMap(({ queued }) => queued));
}
