import { counted } from '../../data/counted';
import { inspectTarget } from '../../io/bids/written/prepare-target';
import { issueLines } from '../print-issues';
import { bidsSelection } from '../scans/bids-selection';
import type { BatchScript } from './batch-scripts';
import { batchScript } from './batch-scripts';
import { optionWords } from './command-parts';
import { triedContainer } from './container';
import type { DatasetParticipant } from './dataset-participants';
import { datasetParticipants, inTasks, participantCalled } from './dataset-participants';
import { aboutJobs, jobsHead, limitsInWords, limitsOrAsked, scriptPlace } from './job-place';
import { requireJobsFolder } from './jobs-folder';
import type { MeasuredParticipant } from './measure-participant';
import { limitsOfGroup, limitsOfTask, measureParticipant } from './measure-participant';
import { margins, usedInWords } from './measured-run';
import type { JobCommand, ScansJob } from './read-command';
import { requireFittingModel } from './require-fitting-model';
import type { SlurmTask } from './slurm-jobs';
import { groupWords } from './slurm-jobs';
import { submitArrayScript } from './queue/submit-scripts';
import type { WriteJobsRun, WrittenJobs } from './jobs-flags';

type Parted = Extract<JobCommand, { work: 'preprocess' }> | Extract<JobCommand, ScansJob>;

/** What the tasks and the job after them do, in words. */
const abouts = {
  preprocess: {
    task: 'Each task runs the participant level for one line of participants.txt.',
    group: 'Runs the group level, for what needs all participants.',
  },
  'each scan': {
    task: 'Each task harmonizes the scans of one line of participants.txt.',
    group: 'Harmonizes what is still missing, and writes the report of all.',
  },
} as const;

/** An array with a task for each participant, and a job after it for all of them. */
export async function participantJobs(
  folder: string,
  job: Parted,
  { flags: asked, command, streams }: WriteJobsRun,
): Promise<WrittenJobs> {
  const { source } = job;
  const output = job.work === 'preprocess' ? job.parts.operands[1] : job.flags.out;
  const about = aboutJobs(job, output);
  await requireJobsFolder(folder, about, asked);
  // Tasks add to what is there, as long as it is a dataset of ours.
  await inspectTarget(output, { resume: true });
  const site = job.work === 'preprocess' ? job.flags.site : job.site;
  const { participants, issues } = await datasetParticipants(source, bidsSelection({ ...job.flags, site }));
  streams.out(issueLines(issues, 'slurm'));
  if (job.work !== 'preprocess') await requireFittingModel(job);
  const files = participants.flatMap((one) => one.files);
  const { container, tried } = await triedContainer(job, { flags: asked, command, folder, output, files });
  const wordsOf = wordsFor(job);
  const cpus = asked.cpus ?? (job.work === 'preprocess' || job.method.quick ? 1 : 4);
  const measured =
    asked.measure === undefined
      ? undefined
      : await measureParticipant(measuredOne(participants, asked.measure), wordsOf.measured, {
          container,
          cores: cpus,
          signal: streams.signal,
        });
  const shares = inTasks(participants, asked.tasks);
  const most = Math.max(...shares.map(({ length }) => length));
  const limits = limitsOrAsked(measured && limitsOfTask(measured, most), asked.time, asked.mem);
  const ofGroup = limitsOrAsked(
    measured && limitsOfGroup(measured, participants.length),
    asked.groupTime,
    asked.groupMem,
  );
  const works = abouts[job.work === 'preprocess' ? 'preprocess' : 'each scan'];
  const array: BatchScript = {
    name: 'participant',
    about: works.task,
    words: wordsOf.task,
    cores: cpus,
    limits,
    tasks: shares.length,
  };
  const group: BatchScript = {
    name: 'group',
    about: works.group,
    words: wordsOf.group,
    cores: cpus,
    limits: ofGroup,
  };
  const place = scriptPlace(asked, container);
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
  const last = groupWords(job.name);
  return {
    jobs: { ...jobsHead(), ...about, tasks },
    files: {
      'participants.txt': labels.map((share) => `${share.join()}\n`).join(''),
      'participant.sh': batchScript(array, place),
      'group.sh': batchScript(group, place),
      'submit.sh': submitArrayScript(shares.length, { last: `the ${last}`, atOnce: asked.atOnce }),
    },
    lines: [
      ...tried,
      ...(measured === undefined ? [] : measuredLines(measured, { cores: cpus, last })),
      `${counted(participants.length, 'participant')} in an array of ${counted(shares.length, 'task')}` +
        `${most > 1 ? ` of up to ${most} participants` : ''}, each with ${limitsInWords(limits, cpus)}`,
      `the ${last} after them, with ${limitsInWords(ofGroup, cpus)}`,
    ],
  };
}

interface WordsOfJobs {
  /** Of a task, to which its participants are added. */
  readonly task: readonly string[];
  readonly group: readonly string[];
  /** Of a task or the job after them, for one participant, into another place. */
  readonly measured: (level: 'participant' | 'group', target: string) => readonly string[];
}

/** What a task was asked for before it was stopped is kept when it runs again. */
function wordsFor({ work, name, parts, source }: Parted): WordsOfJobs {
  const own = optionWords(parts, { without: ['participantLabel', 'resume'] });
  const chosen = optionWords(parts, { without: ['resume'] });
  if (work === 'preprocess') {
    const [, target] = parts.operands;
    return {
      task: [name, source, target, 'participant', ...own, '--resume'],
      group: [name, source, target, 'group', ...chosen],
      measured: (level, into) => [name, source, into, level, ...own],
    };
  }
  const elsewhere = optionWords(parts, { without: ['participantLabel', 'resume', 'out'] });
  return {
    task: [name, ...parts.operands, ...own, '--resume'],
    group: [name, ...parts.operands, ...chosen, '--resume'],
    measured: (_level, into) => [name, ...parts.operands, ...elsewhere, '--out', into, '--resume'],
  };
}

/** The participant that is measured: the one with this label, or with the most data. */
function measuredOne(participants: readonly DatasetParticipant[], asked: string | true): DatasetParticipant {
  if (asked === true) return participants.reduce((most, one) => (one.bytes > most.bytes ? one : most));
  return participantCalled(participants, asked);
}

function measuredLines(
  { participant, level, group, slicesMegabytes }: MeasuredParticipant,
  { cores, last }: { readonly cores: number; readonly last: string },
): readonly string[] {
  const { label, scans, bytes } = participant;
  const slices = slicesMegabytes === 0 ? '' : ', and the slices of all';
  return [
    `measured on this machine with ${counted(cores, 'core')}: sub-${label} (${counted(scans, 'scan')}, ${(bytes / 1e6).toFixed(1)} MB) took ${usedInWords(level)}, the ${last} of it ${usedInWords(group)}`,
    `asked for: ${margins.time} times that time for each participant and ${margins.startSeconds / 60} minutes, ${margins.memory} times that memory${slices}`,
  ];
}
