import { join } from 'node:path';
import { inspectTarget } from '../../io/bids/written/prepare-target';
import { requireAbsent } from '../../io/files/write-file';
import { workFolderOf } from '../../maps/open-run';
import { wrongUsage } from '../option-values';
import { issueLines } from '../print-issues';
import { requireOutputs } from '../require-outputs';
import { bidsSelection } from '../scans/bids-selection';
import { unfinishedFolder } from '../unfinished-run';
import type { BatchScript } from './batch-scripts';
import { batchScript } from './batch-scripts';
import { optionWords } from './command-parts';
import { triedContainer } from './container';
import type { Container } from './container-words';
import { datasetParticipants } from './dataset-participants';
import type { WriteJobsFlags, WriteJobsRun, WrittenJobs } from './jobs-flags';
import {
  aboutJobs,
  jobsHead,
  limitsInWords,
  limitsOrAsked,
  scriptPlace,
  refuseJobOptions,
} from './job-place';
import { requireJobsFolder } from './jobs-folder';
import { measureSome } from './measure-some';
import { measureTraining } from './measure-training';
import type { JobCommand, MapsJob, ScansJob, TableJob } from './read-command';
import type { SlurmLimits } from './slurm-jobs';
import { submitOneScript } from './queue/submit-scripts';

/** Options of jobs that are about an array and the job after it. */
const ofArrays = [
  'groupTime',
  'groupMem',
  'tasks',
  'atOnce',
] as const satisfies readonly (keyof WriteJobsFlags)[];

/** A training, which continues when it was stopped. */
export async function trainingJobs(
  folder: string,
  job: Extract<JobCommand, { work: 'training' }>,
  call: WriteJobsRun,
): Promise<WrittenJobs> {
  const { flags: asked, command, streams } = call;
  const { flags, parts, source } = job;
  refuseJobOptions(
    command,
    ofArrays,
    'is for preprocess, and harmonize and apply of scans, but train is given',
  );
  const { out, overwrite } = flags;
  const about = aboutJobs(job, out);
  await requireJobsFolder(folder, about, asked);
  if (!overwrite) await requireAbsent(out);
  const { container, tried } = await triedContainer(job, { flags: asked, command, folder, output: out });
  const { cpus = 4 } = asked;
  const measured =
    asked.measure === undefined
      ? undefined
      : await measureTraining(
          (into) => [
            ...['train', source, ...optionWords(parts, { without: ['resume', 'overwrite', 'out'] })],
            ...['--out', into],
          ],
          { steps: flags.steps, time: asked.time, measure: asked.measure, cards: asksForCards(asked) },
          { container, cores: cpus, signal: streams.signal },
        );
  const limits = limitsOrAsked(measured?.limits, asked.time, asked.mem);
  const script: BatchScript = {
    name: 'train',
    about: 'Trains a network, and continues where an earlier run was stopped.',
    words: ['train', source, ...optionWords(parts, { without: ['resume'] }), '--resume'],
    cores: cpus,
    limits,
    progress: unfinishedFolder(out),
  };
  return oneJob(script, { about, asked, container }, [
    ...tried,
    ...(measured?.lines ?? []),
    `a training, with ${limitsInWords(limits, cpus)}; it continues when it was preempted, and when its time ran out`,
  ]);
}

function asksForCards({ sbatch }: WriteJobsFlags): boolean {
  return sbatch.some((one) => /gpu/.test(one));
}

/** Scans that are harmonized together: by a model that is fitted on them, or to be like some of them. */
export async function allScansJobs(
  folder: string,
  job: Extract<JobCommand, ScansJob>,
  call: WriteJobsRun,
): Promise<WrittenJobs> {
  const { flags: asked, command, streams } = call;
  const { flags, name, parts, source, method, site } = job;
  refuseJobOptions(command, ofArrays, `is for tasks of participants, but ${together(job)}: it is one job`);
  const { out } = flags;
  const about = aboutJobs(job, out);
  await requireJobsFolder(folder, about, asked);
  await inspectTarget(out, { resume: true });
  const { participants, issues } = await datasetParticipants(source, bidsSelection({ ...flags, site }));
  streams.out(issueLines(issues, 'slurm'));
  const files = participants.flatMap((one) => one.files);
  const { container, tried } = await triedContainer(job, {
    flags: asked,
    command,
    folder,
    output: out,
    files,
  });
  const cpus = asked.cpus ?? (method.quick ? 1 : 4);
  const measured =
    asked.measure === undefined
      ? undefined
      : await measureSome(
          job,
          { participants, measure: asked.measure },
          { container, cores: cpus, signal: streams.signal },
        );
  const limits = limitsOrAsked(measured?.limits, asked.time, asked.mem);
  const script: BatchScript = {
    name: 'job',
    about:
      'Harmonizes the scans of all participants together, and continues where an earlier run was stopped.',
    words: [name, ...parts.operands, ...optionWords(parts, { without: ['resume'] }), '--resume'],
    cores: cpus,
    limits,
  };
  return oneJob(script, { about, asked, container }, [
    ...tried,
    ...(measured?.lines ?? []),
    `one job for all scans, since ${together(job)}, with ${limitsInWords(limits, cpus)}; what it has written is kept when it is stopped`,
  ]);
}

function together({ method, model }: ScansJob): string {
  return model === undefined
    ? `${method.title} is fitted on all of them (by a model that is given, each is harmonized by itself)`
    : 'each is to be like some of them';
}

/** A table, which one run harmonizes. */
export async function tableJobs(
  folder: string,
  job: Extract<JobCommand, TableJob>,
  { flags: asked, command }: WriteJobsRun,
): Promise<WrittenJobs> {
  refuseJobOptions(command, ofArrays, 'is for tasks of participants, but a table is given: it is one job');
  refuseJobOptions(
    command,
    ['measure'],
    'is for scans and trainings: of a table, what would be measured is the job itself',
  );
  const { flags, name, outputs, parts, source } = job;
  const { out, overwrite, participants } = flags;
  const about = aboutJobs(job, out);
  await requireJobsFolder(folder, about, asked);
  const inputs = [source, ...(participants === undefined ? [] : [participants])];
  await requireOutputs(
    outputs.map((one) => join(out, one)),
    { inputs, overwrite },
  );
  const { container, tried } = await triedContainer(job, { flags: asked, command, folder, output: out });
  const { cpus = 2 } = asked;
  const limits: SlurmLimits = limitsOrAsked(undefined, asked.time, asked.mem);
  const script: BatchScript = {
    name: 'job',
    about:
      'Harmonizes a table; what an earlier run of the same job had written when it was stopped is replaced.',
    words: [name, ...parts.operands, ...optionWords(parts, { without: [] })],
    cores: cpus,
    limits,
    again: overwrite ? undefined : '--overwrite',
  };
  return oneJob(script, { about, asked, container }, [
    ...tried,
    `one job, with ${limitsInWords(limits, cpus)}; it begins anew when it was preempted`,
  ]);
}

/** Maps of more scans than fit in memory: one job, which continues a fit that was stopped. */
export async function mapsJobs(
  folder: string,
  job: Extract<JobCommand, MapsJob>,
  { flags: asked, command }: WriteJobsRun,
): Promise<WrittenJobs> {
  refuseJobOptions(command, ofArrays, 'is for tasks of participants: maps are one job');
  refuseJobOptions(command, ['measure'], 'is for scans and trainings, not for maps');
  const { flags, part, parts } = job;
  const { out, overwrite, root, workDir } = flags;
  const about = aboutJobs(job, out);
  await requireJobsFolder(folder, about, asked);
  if (!overwrite) await requireAbsent(join(out, 'provenance.json'));
  if (asked.container !== undefined && root === undefined && asked.containerBind.length === 0) {
    wrongUsage(
      command,
      `option '--container' of maps, which a table names: give their folder by --container-bind, too`,
    );
  }
  const { container, tried } = await triedContainer(job, { flags: asked, command, folder, output: out });
  const { cpus = 2 } = asked;
  const limits = limitsOrAsked(undefined, asked.time, asked.mem);
  const resumes = part === 'harmonize';
  const script: BatchScript = {
    name: 'job',
    about: resumes
      ? 'Harmonizes the maps of all scans, and continues where an earlier run was stopped.'
      : 'Harmonizes maps; what an earlier run of the same job had written when it was stopped is replaced.',
    words: [
      ...['maps', part, ...parts.operands, ...optionWords(parts, { without: ['resume'] })],
      ...(resumes ? ['--resume'] : []),
    ],
    cores: cpus,
    limits,
    // It changes with each block that is done, and not when a run starts.
    progress: resumes ? join(workFolderOf({ out, work: workDir }), 'journal.json') : undefined,
    again: resumes || overwrite ? undefined : '--overwrite',
  };
  const end = resumes
    ? 'it continues when it was preempted, and when its time ran out'
    : 'it begins anew when it was preempted';
  return oneJob(script, { about, asked, container }, [
    ...tried,
    `one job, with ${limitsInWords(limits, cpus)}; ${end}`,
  ]);
}

/** The files of one job, and what is said of it. */
function oneJob(
  script: BatchScript,
  {
    about,
    asked,
    container,
  }: {
    readonly about: ReturnType<typeof aboutJobs>;
    readonly asked: WriteJobsFlags;
    readonly container: Container | undefined;
  },
  lines: readonly string[],
): WrittenJobs {
  const { name, limits } = script;
  return {
    jobs: { ...jobsHead(), ...about, tasks: [{ name, participants: [], limits }] },
    files: {
      [`${name}.sh`]: batchScript(script, scriptPlace(asked, container)),
      'submit.sh': submitOneScript(name),
    },
    lines,
  };
}
