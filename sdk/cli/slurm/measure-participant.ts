import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { makeScratchFolder, removeScratchFolder } from '../../io/files/scratch-folder';
import { advise, option } from '../../remedy';
import { usedFile } from '../note-used';
import type { DatasetParticipant } from './dataset-participants';
import { timeText } from './slurm-text';
import type { SlurmLimits } from './slurm-jobs';

/** The program of the command: above the compiled files, or the sources. */
export const concordProgram: string = ['../..', '../../..']
  .map((up) => resolve(__dirname, up, 'bin', 'concord.js'))
  .find((path) => existsSync(path)) as string;

/** What a run took. */
export interface UsedByRun {
  readonly seconds: number;
  readonly megabytes: number;
}

/** What the two levels took for one participant. */
export interface MeasuredParticipant {
  readonly participant: DatasetParticipant;
  readonly level: UsedByRun;
  readonly group: UsedByRun;
  /** What the slices of this participant take, which the group level has in memory for all at once. */
  readonly slicesMegabytes: number;
}

/** How much more than was measured is asked for: machines of a cluster differ, and so do scans. */
export const margins = { time: 3, startSeconds: 120, memory: 1.5 } as const;

/**
 * Runs both levels on one participant, each in a process of its own, into a folder that is removed again.
 *
 * @param wordsOf - the words of a level that writes into this folder
 * @throws ConcordError `failed-step` with what the run said; `aborted`.
 */
export async function measureParticipant(
  participant: DatasetParticipant,
  wordsOf: (level: 'participant' | 'group', target: string) => readonly string[],
  { cores, signal }: { readonly cores: number; readonly signal: AbortSignal },
): Promise<MeasuredParticipant> {
  const folder = await makeScratchFolder('concord-measure');
  try {
    const target = join(folder, 'derivative');
    const run = (level: 'participant' | 'group'): Promise<UsedByRun> =>
      measuredRun([...wordsOf(level, target), `--participant-label=${participant.label}`], {
        record: join(folder, level),
        name: `sub-${participant.label}`,
        cores,
        signal,
      });
    const level = await run('participant');
    const group = await run('group');
    return { participant, level, group, slicesMegabytes: await slicesIn(target) };
  } finally {
    removeScratchFolder(folder);
  }
}

async function measuredRun(
  words: readonly string[],
  {
    record,
    name,
    cores,
    signal,
  }: {
    readonly record: string;
    readonly name: string;
    readonly cores: number;
    readonly signal: AbortSignal;
  },
): Promise<UsedByRun> {
  throwIfAborted(signal);
  const env = { ...process.env, [usedFile]: record, SLURM_CPUS_PER_TASK: String(cores) };
  const child = spawn(process.execPath, [concordProgram, ...words], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const status = await new Promise<number | null>((done) => child.on('close', done));
  signal.removeEventListener('abort', stop);
  throwIfAborted(signal);
  const text = await readFile(record, 'utf8').catch(() => '');
  const [, seconds, kilobytes] = text.trim().split('\t').map(Number);
  if (status !== 0 || !(kilobytes > 0)) {
    const why =
      said
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^concord: /, '') ?? '';
    throw new ConcordError('failed-step', `the measured run of ${name} ended with status ${status}: ${why}`, {
      remedy: advise`measure another one with ${option('measure')}`,
    });
  }
  return { seconds, megabytes: kilobytes / 1024 };
}

async function slicesIn(target: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(target)) {
    if (!entry.startsWith('slices')) continue;
    for (const file of await readdir(join(target, entry)))
      bytes += (await stat(join(target, entry, file))).size;
  }
  return bytes / 1024 ** 2;
}

/** What to ask for, for a task of so many participants. */
export function limitsOfTask({ level }: MeasuredParticipant, most: number): SlurmLimits {
  return limitsOf({ seconds: level.seconds * most, megabytes: level.megabytes });
}

/** What to ask for, for the group level of so many participants. */
export function limitsOfGroup({ group, slicesMegabytes }: MeasuredParticipant, all: number): SlurmLimits {
  // The slices of all are there twice while they are put together.
  const megabytes = group.megabytes + 2 * slicesMegabytes * (all - 1);
  return limitsOf({ seconds: group.seconds * all, megabytes });
}

function limitsOf({ seconds, megabytes }: UsedByRun): SlurmLimits {
  const memory = `${100 * Math.ceil((margins.memory * megabytes) / 100)}M`;
  return { time: timeText(margins.startSeconds + margins.time * seconds), memory };
}
