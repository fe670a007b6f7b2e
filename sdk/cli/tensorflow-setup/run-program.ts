import { spawn } from 'node:child_process';
import { ConcordError } from '../../errors';

/** How a program ended, and what it wrote. */
export interface ProgramResult {
  /** Its exit status; `null` where it was stopped because it took too long. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** How a program is run. */
export interface RunProgramOptions {
  readonly cwd?: string;
  /** Settings of the environment that are added to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** After how many seconds it is stopped. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and keeps what it writes.
 *
 * @returns `undefined` where there is no such program
 * @throws ConcordError `aborted` when `signal` has fired; the program and those it started are stopped.
 */
export async function runProgram(
  command: string,
  words: readonly string[],
  options: RunProgramOptions = {},
): Promise<ProgramResult | undefined> {
  const { cwd, env, timeout, signal } = options;
  if (signal?.aborted === true) throw aborted(signal);
  return new Promise((resolve, reject) => {
    // In a group of its own, so that the programs it starts can be stopped with it.
    const child = spawn(command, words, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    let late = false;
    const stop = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer =
      timeout === undefined ? undefined : setTimeout(() => ((late = true), stop()), timeout * 1000);
    signal?.addEventListener('abort', stop);
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      finish();
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    child.once('close', (code) => {
      finish();
      if (signal?.aborted === true) reject(aborted(signal));
      else resolve({ status: late ? null : (code ?? 1), out, err });
    });
  });
}

/** The last lines of what a program wrote, for an error: where programs say what went wrong. */
export function lastLines({ out, err }: ProgramResult, count = 6): string {
  const lines = `${out}\n${err}`.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

function aborted(signal: AbortSignal): ConcordError {
  return new ConcordError('aborted', 'the setup was canceled (run it again to continue from here)', {
    cause: signal.reason,
  });
}
