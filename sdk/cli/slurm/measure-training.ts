import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '../../data/counted';
import { ConcordError } from '../../errors';
import { makeScratchFolder, removeScratchFolder } from '../../io/files/scratch-folder';
import type { Measuring, UsedByRun } from './measured-run';
import { margins, measuredRun, memoryOf, usedInWords } from './measured-run';
import type { SlurmLimits } from './slurm-jobs';
import { secondsOfTime, timeText } from './slurm-text';

/** What was measured, with what it says to ask for. */
export interface Measured {
  readonly limits: SlurmLimits;
  readonly lines: readonly string[];
}

/** For how many seconds, and how many steps at least, steps are timed. */
const timed = { seconds: 20, steps: 3 } as const;

/** How much more time than was reckoned is asked for: less than for other jobs, since a training that needs more continues. */
const timeMargin = 1.5;

/** Seconds before the time limit at which a run may be asked to stop: a minute, and a minute of Slurm's clock. */
const latestNotice = 120;

/**
 * Trains here for some steps, into a folder that is removed again, and plans the time of the job by them.
 *
 * @param wordsOf - the words of the training that writes into this place
 * @throws ConcordError `failed-step` with what the run said; `invalid-option` for labels; `aborted`.
 */
export async function measureTraining(
  wordsOf: (into: string) => readonly string[],
  asked: {
    readonly steps: number;
    /** The time of a job, where it was given. */
    readonly time: string | undefined;
    readonly measure: string | true;
    /** Whether the job asks for graphics cards. */
    readonly cards: boolean;
  },
  how: Measuring,
): Promise<Measured> {
  const { steps, time, measure, cards } = asked;
  if (measure !== true) {
    throw new ConcordError(
      'invalid-option',
      `invalid option: --measure ${measure} (a training is measured on all its scans: give --measure without labels)`,
    );
  }
  const folder = await makeScratchFolder('concord-measure');
  try {
    const record = join(folder, 'used');
    const enough = (text: string): boolean => isEnough(stepsIn(text));
    const used = await measuredRun(
      wordsOf(join(folder, 'model')),
      { record, name: 'the training', enough },
      how,
    );
    const pace = paceOf(stepsIn(await readFile(record, 'utf8')), steps, used);
    return planned(pace, { steps, time, cards, used, cores: how.cores });
  } finally {
    removeScratchFolder(folder);
  }
}

/** How far a training was after so many seconds. */
interface Noted {
  readonly done: number;
  readonly seconds: number;
}

function stepsIn(record: string): readonly Noted[] {
  return [...record.matchAll(/^step\t(\d+)\t\d+\t([\d.]+)$/gm)].map(([, done, seconds]) => ({
    done: Number(done),
    seconds: Number(seconds),
  }));
}

function isEnough(noted: readonly Noted[]): boolean {
  const [first] = noted;
  const last = noted.at(-1);
  if (first === undefined || last === undefined) return false;
  return last.seconds - first.seconds >= timed.seconds && last.done - first.done >= timed.steps;
}

/** The time of a training: until its first steps, and of each step after. */
export interface Pace {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** How many steps were timed. */
  readonly timed: number;
}

/** What noted steps say; of a training that was over before there were two notes, all its time. */
function paceOf(noted: readonly Noted[], steps: number, { seconds }: UsedByRun): Pace {
  const [first] = noted;
  const last = noted.at(-1);
  if (first === undefined || last === undefined || last.done === first.done)
    return { startSeconds: 0, stepSeconds: seconds / steps, timed: steps };
  const stepSeconds = (last.seconds - first.seconds) / (last.done - first.done);
  return {
    startSeconds: Math.max(0, first.seconds - first.done * stepSeconds),
    stepSeconds,
    timed: last.done - first.done,
  };
}

/** What to ask for, and what that rests on. */
export function planned(
  pace: Pace,
  {
    steps,
    time,
    cards,
    used,
    cores,
  }: {
    readonly steps: number;
    readonly time: string | undefined;
    readonly cards: boolean;
    readonly used: UsedByRun;
    readonly cores: number;
  },
): Measured {
  const { startSeconds, stepSeconds } = pace;
  const work = steps * stepSeconds;
  const all = margins.startSeconds + timeMargin * (startSeconds + work);
  const limits = { time: timeText(all), memory: memoryOf(used.megabytes) };
  const each = stepSeconds < 0.1 ? `${(1000 * stepSeconds).toFixed(1)} ms` : `${stepSeconds.toFixed(2)} s`;
  return {
    limits,
    lines: [
      `measured on this machine with ${counted(cores, 'core')}: ${usedInWords(used)}; ${startSeconds.toFixed(1)} s before the first step, then ${each} a step (${counted(pace.timed, 'step')} timed)`,
      `reckoned from that: ${timeText(startSeconds + work)} for ${steps.toLocaleString('en-US')} steps and the start, without the end of the training, if the machines are as fast as this one` +
        (cards ? '; the graphics card that is asked for makes it another time: look at the first run' : ''),
      time === undefined
        ? `asked for: ${timeMargin} times that time and ${margins.startSeconds / 60} minutes, ${margins.memory} times that memory; what needs more time continues in another run`
        : runsInWords(pace, { work, time }),
    ],
  };
}

/** How many runs of a given time a training needs: each begins anew what is before the first step. */
function runsInWords(
  { startSeconds, stepSeconds }: Pace,
  { work, time }: { readonly work: number; readonly time: string },
): string {
  const room = secondsOfTime(time) - latestNotice - startSeconds;
  if (room < stepSeconds) {
    return `warning: in ${time} a run would not finish a step before it is asked to stop, ${latestNotice} s before its end: it would never be done`;
  }
  const runs = Math.max(1, Math.ceil(work / room));
  return `that is ${counted(runs, 'run')} of ${time}, each continued from the last (asked to stop up to ${latestNotice} s before its end); asked for: ${margins.memory} times that memory`;
}
