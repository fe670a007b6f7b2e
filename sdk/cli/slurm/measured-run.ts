import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { throwIfAborted } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { usedFile } from '../note-used';
import type { Container } from './container-words';
import { containerWords } from './container-words';
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

/** How a run is measured. */
export interface Measuring {
  /** In which it runs, where it is one. */
  readonly container: Container | undefined;
  readonly cores: number;
  readonly signal: AbortSignal;
}

/** How much more than was measured is asked for: machines of a cluster differ, and so do scans. */
export const margins = { time: 3, startSeconds: 120, memory: 1.5 } as const;

/**
 * Runs the command in a process of its own, as a job would.
 *
 * @param words - the words after `concord`
 * @param about - `record`: a file in a temporary folder, for what it used; `name`: what is measured; `enough`: asked now and
 * then, with what is in the file so far, whether the run is to be stopped, which then counts as its end
 * @throws ConcordError `failed-step` with what the run said; `aborted`.
 */
export async function measuredRun(
  words: readonly string[],
  about: { readonly record: string; readonly name: string; readonly enough?: (record: string) => boolean },
  { container, cores, signal }: Measuring,
): Promise<UsedByRun> {
  throwIfAborted(signal);
  const { record, name, enough } = about;
  const env = { ...process.env, [usedFile]: record, SLURM_CPUS_PER_TASK: String(cores) };
  const [program, ...first] =
    container === undefined
      ? [process.execPath, concordProgram]
      : containerWords(container, [dirname(record)]);
  const child = spawn(program, [...first, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const readRecord = (): Promise<string> => readFile(record, 'utf8').catch(() => '');
  let stopped = false;
  const watch = setInterval(() => {
    void readRecord().then((text) => {
      if (stopped || enough?.(text) !== true) return;
      stopped = true;
      stop();
    });
  }, 500);
  const status = await new Promise<number | null>((done) => {
    child.on('error', (error) => ((said += `\n${error.message}`), done(127)));
    child.on('close', done);
  });
  clearInterval(watch);
  signal.removeEventListener('abort', stop);
  throwIfAborted(signal);
  const [, seconds, kilobytes] = /^used\t([\d.]+)\t(\d+)$/m.exec(await readRecord()) ?? [];
  const isWell = status === 0 || (stopped && status === 143);
  if (!isWell || !(Number(kilobytes) > 0)) {
    const last = said.trim().split('\n').at(-1) ?? '';
    throw new ConcordError(
      'failed-step',
      `the measured run of ${name} ended with status ${status}: ${last.replace(/^concord: /, '')}`,
      { remedy: advise`measure another one with ${option('measure')}` },
    );
  }
  return { seconds: Number(seconds), megabytes: Number(kilobytes) / 1024 };
}

/** What to ask for, for what would take so much here. */
export function limitsOf({ seconds, megabytes }: UsedByRun): SlurmLimits {
  return { time: timeText(margins.startSeconds + margins.time * seconds), memory: memoryOf(megabytes) };
}

/** The memory to ask for. */
export function memoryOf(megabytes: number): string {
  return `${100 * Math.ceil((margins.memory * megabytes) / 100)}M`;
}

/** What a run took, in words. */
export function usedInWords({ seconds, megabytes }: UsedByRun): string {
  return `${seconds.toFixed(1)} s and ${Math.ceil(megabytes)} MB`;
}
