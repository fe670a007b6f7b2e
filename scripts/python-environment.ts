import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The oldest Python that the pinned requirements can be installed on. */
const oldest = [3, 9] as const;

/** A virtual environment with its requirements installed. */
export interface PythonEnvironment {
  /** The interpreter; start tools as `python -m tool`, which works in folders of any name. */
  readonly python: string;
}

/** What {@link ensurePythonEnvironment} takes. */
export interface PythonEnvironmentOptions {
  /** Where the virtual environment lies or shall lie. */
  readonly folder: string;
  /** The file of pinned requirements. */
  readonly requirements: string;
  /** Commands to try as Python. @defaultValue `CONCORD_PYTHON` where it is set, else `python3`, `python` */
  readonly interpreters?: readonly string[];
  /** Called with what is about to be done when it takes a while. */
  readonly onStep?: (step: string) => void;
}

/** Python or what is needed of it cannot be had; the message ends with the remedy. */
export class PythonUnavailableError extends Error {
  override readonly name: string = 'PythonUnavailableError';
}

/**
 * Makes the virtual environment, or does nothing where it is there and made from the same requirements.
 *
 * @throws PythonUnavailableError when there is no Python, it is too old, or packages cannot be installed.
 */
export function ensurePythonEnvironment(options: PythonEnvironmentOptions): PythonEnvironment {
  const { folder, requirements } = options;
  const python = interpreterOf(folder);
  const stamp = join(folder, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const isMade = (): boolean =>
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && versionOf(python) !== undefined;
  if (isMade()) return { python };
  return oneAtATime(`${folder}.lock`, () => {
    // Another process may have made it meanwhile.
    if (!isMade()) make(options, { python, stamp, wanted });
    return { python };
  });
}

/** Does the work while no other process does: tests of two processes want the same environment. */
function oneAtATime<Result>(lock: string, work: () => Result): Result {
  const owner = join(lock, 'process');
  mkdirSync(dirname(lock), { recursive: true });
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isGone(owner)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(clock, 0, 0, 500);
    }
  }
  try {
    writeFileSync(owner, String(process.pid));
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Whether the process that is named in a file no longer runs; while there is no file it is about to be written. */
function isGone(owner: string): boolean {
  if (!existsSync(owner)) return false;
  const id = Number(readFileSync(owner, 'utf8'));
  if (!(id > 0)) return false;
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function make(
  options: PythonEnvironmentOptions,
  { python, stamp, wanted }: { readonly python: string; readonly stamp: string; readonly wanted: string },
): void {
  const { folder, requirements, onStep = () => undefined } = options;
  const base = findPython(options.interpreters ?? defaultInterpreters());
  onStep(`making the virtual environment ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  const made = run(base, ['-m', 'venv', folder]);
  if (made.status !== 0) {
    throw new PythonUnavailableError(
      `${base} cannot make a virtual environment: ${lastLines(made.output)}\n` +
        'remedy: install the venv module (on Debian and Ubuntu: apt install python3-venv), ' +
        'or name another Python in the environment variable CONCORD_PYTHON',
    );
  }
  onStep(`installing ${requirements} (some minutes the first time)`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  const installed = run(python, pip);
  if (installed.status !== 0) {
    throw new PythonUnavailableError(
      `pip cannot install ${requirements}: ${lastLines(installed.output)}\n` +
        'remedy: check the network and the package index that pip is set up to use, then try again',
    );
  }
  writeFileSync(stamp, wanted);
}

/** The interpreter inside a virtual environment. */
function interpreterOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

function defaultInterpreters(): readonly string[] {
  const named = process.env['CONCORD_PYTHON'];
  return named === undefined || named === '' ? ['python3', 'python'] : [named];
}

/**
 * The first of these commands that is a Python new enough.
 *
 * @throws PythonUnavailableError naming what was tried and found.
 */
function findPython(interpreters: readonly string[]): string {
  const found: string[] = [];
  for (const interpreter of interpreters) {
    const version = versionOf(interpreter);
    if (version === undefined) {
      found.push(`${interpreter}: cannot be started`);
    } else if (version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1])) {
      found.push(`${interpreter}: version ${version.join('.')}`);
    } else {
      return interpreter;
    }
  }
  throw new PythonUnavailableError(
    `Python ${oldest.join('.')} or newer is needed (${found.join('; ')})\n` +
      'remedy: install Python from python.org or your package manager, ' +
      'or name one in the environment variable CONCORD_PYTHON',
  );
}

/** Major and minor version of a Python command, or `undefined` where it cannot be started. */
function versionOf(interpreter: string): readonly [number, number] | undefined {
  const { status, output } = run(interpreter, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const match = /^(\d+)\.(\d+)\s*$/.exec(output);
  return status === 0 && match !== null ? [Number(match[1]), Number(match[2])] : undefined;
}

function run(command: string, args: readonly string[]): { status: number | null; output: string } {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { status: result.status, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/** The end of a tool's output, where it says what went wrong. */
function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join('\n');
}
