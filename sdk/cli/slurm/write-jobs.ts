import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { counted } from '../../data/counted';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { bareLabel, sameLabel } from '../../io/bids/bids-name';
import { requireAbsent } from '../../io/files/write-file';
import { advise } from '../../remedy';
import { version } from '../../version';
import { wrongUsage } from '../option-values';
import { issueLines } from '../print-issues';
import { bidsSelection } from '../scans/bids-selection';
import type { CommandStreams } from '../streams';
import { unfinishedFolder } from '../unfinished-run';
import { shellWord } from '../wording';
import type { BatchScript, ScriptPlace } from './batch-scripts';
import { batchScript, runTaskScript, submitArrayScript, submitOneScript } from './batch-scripts';
import type { DatasetParticipant } from './dataset-participants';
import { datasetParticipants, inTasks } from './dataset-participants';
import { requireJobsFolder, writeJobsFolder } from './jobs-folder';
import type { MeasuredParticipant } from './measure-participant';
import {
  concordProgram,
  limitsOfGroup,
  limitsOfTask,
  margins,
  measureParticipant,
} from './measure-participant';
import type { JobCommand } from './read-command';
import { optionWords, readCommand } from './read-command';
import type { SlurmJobs, SlurmLimits, SlurmTask } from './slurm-jobs';
import { jobsFile } from './slurm-jobs';

/** What the user asked `concord slurm write` for. */
export interface WriteJobsFlags {
  /** The label of a participant; `true` for the one with the most data. */
  readonly measure?: string | true;
  readonly time?: string;
  readonly mem?: string;
  readonly groupTime?: string;
  readonly groupMem?: string;
  readonly cpus?: number;
  readonly tasks: number;
  readonly atOnce?: number;
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly sbatch: readonly string[];
  readonly setup: readonly string[];
  readonly overwrite: boolean;
}

interface WriteJobsRun {
  readonly flags: WriteJobsFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** The scripts of a folder, with what is said of them. */
interface Written {
  readonly jobs: SlurmJobs;
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** Writes the jobs of a command into a folder. */
export async function writeJobs(folder: string, words: readonly string[], call: WriteJobsRun): Promise<void> {
  refuseNpxCache();
  const { command, streams } = call;
  const job = await readCommand(words, { command, streams });
  const written = await (job.name === 'preprocess'
    ? preprocessJobs(folder, job, call)
    : trainingJobs(folder, job, call));
  await writeJobsFolder(folder, {
    ...written.files,
    'run-task.sh': runTaskScript,
    [jobsFile]: `${JSON.stringify({ ...written.jobs, words }, null, 2)}\n`,
  });
  const submit = shellWord(join(folder, 'submit.sh'));
  const undecided = written.jobs.tasks.some(({ limits }) => limits.time === undefined || !limits.memory);
  if (undecided) {
    const how = job.name === 'preprocess' ? '--measure, or --time and --mem' : '--time and --mem';
    streams.out(`where no time or memory is asked for, those of the partition hold (${how} ask for some)\n`);
  }
  streams.out(
    `${written.lines.join('\n')}\nwritten to ${folder}; this submits them:\n  bash ${submit}\n` +
      `and this says what became of them:\n  concord slurm summary ${shellWord(folder)}\n`,
  );
}

async function preprocessJobs(
  folder: string,
  { flags, parts }: Extract<JobCommand, { name: 'preprocess' }>,
  { flags: asked, streams }: WriteJobsRun,
): Promise<Written> {
  const [source, target] = parts.operands;
  const about = { command: 'preprocess', input: resolve(source), output: resolve(target) } as const;
  await requireJobsFolder(folder, about, asked);
  const { participants, issues } = await datasetParticipants(source, bidsSelection(flags));
  streams.out(issueLines(issues, 'slurm'));
  // What a task was asked for before it was stopped is kept when it runs again.
  const own = optionWords(parts, { without: ['participantLabel', 'resume'] });
  const chosen = optionWords(parts, { without: ['resume'] });
  const { cpus = 1 } = asked;
  const measured =
    asked.measure === undefined
      ? undefined
      : await measureParticipant(
          measuredOne(participants, asked.measure),
          (level, into) => ['preprocess', source, into, level, ...own],
          { cores: cpus, signal: streams.signal },
        );
  const shares = inTasks(participants, asked.tasks);
  const most = Math.max(...shares.map(({ length }) => length));
  const limits = limitsOrAsked(measured && limitsOfTask(measured, most), asked.time, asked.mem);
  const ofGroup = limitsOrAsked(
    measured && limitsOfGroup(measured, participants.length),
    asked.groupTime,
    asked.groupMem,
  );
  const array: BatchScript = {
    name: 'participant',
    about: 'Each task runs the participant level for one line of participants.txt.',
    words: ['preprocess', source, target, 'participant', ...own, '--resume'],
    cores: cpus,
    limits,
    tasks: shares.length,
  };
  const group: BatchScript = {
    name: 'group',
    about: 'Runs the group level, for what needs all participants.',
    words: ['preprocess', source, target, 'group', ...chosen],
    cores: cpus,
    limits: ofGroup,
  };
  const place = placeOf(asked);
  const labels = shares.map((share) => share.map(({ label }) => label));
  const tasks: readonly SlurmTask[] = [
    ...labels.map((share, at) => ({
      name: `participant-${at + 1}`,
      number: at + 1,
      participants: share,
      limits,
    })),
    { name: 'group', participants: [], limits: ofGroup },
  ];
  return {
    jobs: { ...jobsOf(about), tasks },
    files: {
      'participants.txt': labels.map((share) => `${share.join()}\n`).join(''),
      'participant.sh': batchScript(array, place),
      'group.sh': batchScript(group, place),
      'submit.sh': submitArrayScript(shares.length, asked.atOnce),
    },
    lines: [
      ...(measured === undefined ? [] : measuredLines(measured, cpus)),
      `${counted(participants.length, 'participant')} in an array of ${counted(shares.length, 'task')}` +
        `${most > 1 ? ` of up to ${most} participants` : ''}, each with ${limitsInWords(limits, cpus)}`,
      `the group level after them, with ${limitsInWords(ofGroup, cpus)}`,
    ],
  };
}

async function trainingJobs(
  folder: string,
  { flags, parts }: Extract<JobCommand, { name: 'train' }>,
  { flags: asked, command }: WriteJobsRun,
): Promise<Written> {
  const stray = ['measure', 'groupTime', 'groupMem', 'tasks', 'atOnce'].find(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (stray !== undefined) {
    const [option] = command.options.filter((one) => one.attributeName() === stray);
    wrongUsage(command, `option '${option.long ?? ''}' is for preprocess, but train is given`);
  }
  const [source] = parts.operands;
  const { out, overwrite } = flags;
  const about = { command: 'train', input: resolve(source), output: resolve(out) } as const;
  await requireJobsFolder(folder, about, asked);
  if (!overwrite) await requireAbsent(out);
  const { cpus = 4 } = asked;
  const limits = limitsOrAsked(undefined, asked.time, asked.mem);
  const script: BatchScript = {
    name: 'train',
    about: 'Trains a network, and continues where an earlier run was stopped.',
    words: ['train', source, ...optionWords(parts, { without: ['resume'] }), '--resume'],
    cores: cpus,
    limits,
    progress: unfinishedFolder(out),
  };
  return {
    jobs: { ...jobsOf(about), tasks: [{ name: 'train', participants: [], limits }] },
    files: { 'train.sh': batchScript(script, placeOf(asked)), 'submit.sh': submitOneScript },
    lines: [
      `a training, with ${limitsInWords(limits, cpus)}; it continues when it was preempted, and when its time ran out`,
    ],
  };
}

function jobsOf<About extends object>(
  about: About,
): About & Pick<SlurmJobs, 'format' | 'formatVersion' | 'version' | 'words'> {
  return { format: 'concord-slurm-jobs', formatVersion: 1, version, words: [], ...about };
}

function placeOf({ setup, partition, account, qos, sbatch }: WriteJobsFlags): ScriptPlace {
  const named = Object.entries({ partition, account, qos });
  return {
    cwd: process.cwd(),
    setup,
    concord: [process.execPath, concordProgram],
    options: [
      ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
      ...sbatch,
    ],
  };
}

/** The participant that is measured: the one with this label, or with the most data. */
function measuredOne(participants: readonly DatasetParticipant[], asked: string | true): DatasetParticipant {
  if (asked === true) return participants.reduce((most, one) => (one.bytes > most.bytes ? one : most));
  const label = bareLabel('sub', asked);
  const found = participants.find((one) => sameLabel(one.label, label));
  if (found !== undefined) return found;
  const labels = participants.map((one) => one.label);
  const hint = suggestName(label, labels, `the first is ${labels[0]}`);
  throw new ConcordError('invalid-option', `unknown participant to be measured: "${asked}" (${hint})`);
}

function limitsOrAsked(measured: SlurmLimits | undefined, time?: string, memory?: string): SlurmLimits {
  return { time: time ?? measured?.time, memory: memory ?? measured?.memory };
}

function limitsInWords({ time, memory }: SlurmLimits, cores: number): string {
  const own = [
    time === undefined ? [] : `${time} of time`,
    memory === undefined ? [] : `${memory} of memory`,
  ];
  return [counted(cores, 'core'), ...own.flat()].join(', ');
}

function measuredLines(
  { participant, level, group, slicesMegabytes }: MeasuredParticipant,
  cores: number,
): readonly string[] {
  const { label, scans, bytes } = participant;
  const used = ({ seconds, megabytes }: typeof level): string =>
    `${seconds.toFixed(1)} s and ${Math.ceil(megabytes)} MB`;
  const slices = slicesMegabytes === 0 ? '' : ', and the slices of all';
  return [
    `measured on this machine with ${counted(cores, 'core')}: sub-${label} (${counted(scans, 'scan')}, ${(bytes / 1e6).toFixed(1)} MB) took ${used(level)}, the group level of it ${used(group)}`,
    `asked for: ${margins.time} times that time for each participant and ${margins.startSeconds / 60} minutes, ${margins.memory} times that memory${slices}`,
  ];
}

/** @throws ConcordError where the scripts would name a program that npm may remove. */
function refuseNpxCache(): void {
  if (!/[\\/]_npx[\\/]/.test(concordProgram)) return;
  throw new ConcordError('missing-package', 'concord-mri is only in the cache of npx, which npm may empty', {
    remedy: advise`npm install concord-mri in a folder that the machines of the cluster see`,
  });
}
