import { join } from 'node:path';
import { counted } from '../../data/counted';
import { shortName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { Ended, status } from '../exit-status';
import type { CommandStreams } from '../streams';
import { shellWord } from '../wording';
import type { JobName, SlurmJobs, SlurmTask } from './slurm-jobs';
import { groupWords, readJobs } from './slurm-jobs';
import { timeText } from './slurm-text';
import type { TaskOutcome } from './task-outcome';
import { taskOutcome } from './task-outcome';
import type { TaskRecord } from './task-record';
import { readTaskRecord } from './task-record';
import { askQueue, submittedJobs } from './queue/queued-jobs';
import type { WaitingReason } from './queue/waiting-tasks';
import { waitingReason } from './queue/waiting-tasks';

interface Told {
  readonly task: SlurmTask;
  readonly record: TaskRecord;
  readonly outcome: TaskOutcome;
}

/**
 * Says what became of the jobs of a folder.
 *
 * @throws ConcordError `invalid-dataset` where the folder holds no jobs; Ended unless all tasks are done.
 */
export async function summarizeJobs(folder: string, streams: CommandStreams): Promise<void> {
  const jobs = await readJobs(folder);
  if (jobs === undefined) {
    throw new ConcordError('invalid-dataset', `no jobs in ${folder}`, {
      where: { file: folder },
      remedy: ['concord slurm write makes a folder of them'],
    });
  }
  const told: Told[] = [];
  for (const task of jobs.tasks) {
    const record = await readTaskRecord(folder, task);
    told.push({ task, record, outcome: taskOutcome(record, task) });
  }
  const lines = [...summaryLines(folder, jobs, told), ...(await waitingLines(folder, jobs.command, told))];
  streams.out(`${lines.join('\n')}\n`);
  const done = told.filter(({ outcome }) => outcome.state === 'done').length;
  if (done < told.length) throw new Ended(done === 0 ? status.badInput : status.partly);
}

function summaryLines(
  folder: string,
  { command, input, output }: SlurmJobs,
  told: readonly Told[],
): readonly string[] {
  const single = told.filter(({ task }) => task.number === undefined);
  const array = told.filter(({ task }) => task.number !== undefined);
  return [
    `concord ${command} of ${input} into ${output}`,
    ...(array.length === 0 ? [] : [`${counted(array.length, 'task')}: ${statesInWords(array)}`]),
    ...single.map((one) => `${nounOf(command, one.task)}: ${statesInWords([one], '')}`),
    ...usedLines(array.length === 0 ? single : array),
    ...runningLines(command, told),
    ...failureLines(folder, command, told),
  ];
}

const states = {
  done: 'done',
  failed: 'failed',
  again: 'to be started again by Slurm',
  running: 'at work, or ended without a word',
  waiting: 'not started',
} as const;

function statesInWords(told: readonly Told[], count?: ''): string {
  const words = Object.entries(states).flatMap(([state, name]) => {
    const found = told.filter(({ outcome }) => outcome.state === state).length;
    return found === 0 ? [] : [`${count ?? `${found} `}${name}`];
  });
  const again = told.reduce((sum, { record }) => sum + Math.max(0, record.runs - 1), 0);
  return `${words.join(', ')}${again === 0 ? '' : ` (started again: ${counted(again, 'time')})`}`;
}

/** The most that a task used, beside what was asked for. */
function usedLines(told: readonly Told[]): readonly string[] {
  const seconds = Math.max(...told.map(({ record }) => record.seconds ?? 0));
  const megabytes = Math.max(...told.map(({ record }) => record.megabytes ?? 0));
  if (!(seconds > 0)) return [];
  const [{ task }] = told;
  const of = (limit: string | undefined): string => (limit === undefined ? '' : ` of ${limit}`);
  return [
    `most used by one: ${Math.ceil(megabytes)} MB${of(task.limits.memory)}, ${timeText(seconds)}${of(task.limits.time)}`,
  ];
}

/** Tasks that started and have not said how they ended: Slurm knows whether they are still there. */
function runningLines(command: JobName, told: readonly Told[]): readonly string[] {
  const running = told.filter(({ outcome }) => outcome.state === 'running');
  if (running.length === 0) return [];
  const jobs = running.flatMap(({ record }) => record.job ?? []);
  return [
    '',
    `at work, or ended without a word, as when a machine fails: ${named(command, running)}`,
    `  squeue -j ${jobs.join()}    # shows those at work; submit the others again: ${numbersIn(running)}`,
  ];
}

/** Why tasks have not started, where Slurm can be asked. */
async function waitingLines(
  folder: string,
  command: JobName,
  told: readonly Told[],
): Promise<readonly string[]> {
  const waiting = told.filter(({ outcome }) => outcome.state === 'waiting');
  const queue = waiting.length === 0 ? undefined : askQueue();
  if (queue === undefined) return [];
  const submitted = { numbers: await submittedJobs(folder), queue };
  const reasons = new Map<string, { readonly reason: WaitingReason; readonly of: Told[] }>();
  for (const one of waiting) {
    const reason = waitingReason(one.task, submitted);
    if (reason === undefined) continue;
    const known = reasons.get(reason.why) ?? { reason, of: [] };
    known.of.push(one);
    reasons.set(reason.why, known);
  }
  return [...reasons.values()].flatMap(({ reason: { why, remedy }, of }) => {
    const numbers = numbersIn(of);
    const who = numbers === '' ? `the ${nounOf(command, of[0].task)}` : `tasks ${numbers}`;
    if (remedy === undefined) return ['', `${who}: ${why}`];
    const { before, again, note } = remedy;
    const submit = again === undefined ? [] : [`${submitWords(folder, of)} ${again}`.trimEnd()];
    const words = [...(before === undefined ? [] : [before]), ...submit].join('; ');
    return ['', `${who}: ${why}`, `  ${words}${note === undefined ? '' : `    # ${note}`}`];
  });
}

/** What submits tasks of one kind again. */
function submitWords(folder: string, told: readonly Told[]): string {
  const [{ task }] = told;
  const which = task.number === undefined ? (task.name === 'group' ? ' group' : '') : ` ${numbersIn(told)}`;
  return `bash ${shellWord(join(folder, 'submit.sh'))}${which}`;
}

/** What failed, those with one reason together, and what submits them again. */
function failureLines(folder: string, command: JobName, told: readonly Told[]): readonly string[] {
  const reasons = new Map<string, Told[]>();
  for (const one of told) {
    if (one.outcome.state !== 'failed') continue;
    const { why, remedy } = one.outcome;
    const reason = `${why} (${remedy})`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), one]);
  }
  const lines = [...reasons].flatMap(([reason, failed]) => {
    const [{ outcome, task }] = failed;
    const option = outcome.state === 'failed' && outcome.option !== undefined ? ` ${outcome.option}` : '';
    const log = join(folder, 'logs', `${task.name}.log`);
    return [
      '',
      `${named(command, failed)}: ${reason}`,
      `  ${submitWords(folder, failed)}${option}    # the log: ${shellWord(log)}`,
    ];
  });
  const isArray = told.some(({ task, outcome }) => task.number !== undefined && outcome.state === 'failed');
  return isArray
    ? [
        ...lines,
        '',
        `the ${groupWords(command)} without them: bash ${shellWord(join(folder, 'submit.sh'))} group`,
      ]
    : lines;
}

/** What a task is that is about all. */
function nounOf(command: JobName, { name }: SlurmTask): string {
  if (name === 'group') return groupWords(command);
  return name === 'train' ? 'training' : 'job';
}

/** The participants of tasks, or the tasks themselves where they are about all. */
function named(command: JobName, told: readonly Told[]): string {
  return told
    .flatMap(({ task }) =>
      task.participants.length === 0
        ? [`the ${nounOf(command, task)}`]
        : task.participants.map((label) => shortName(`sub-${label}`)),
    )
    .join(', ');
}

/** The numbers of tasks as sbatch takes them: `1-3,7`. */
function numbersIn(told: readonly Told[]): string {
  const numbers = told.flatMap(({ task }) => task.number ?? []).sort((a, b) => a - b);
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join();
}
