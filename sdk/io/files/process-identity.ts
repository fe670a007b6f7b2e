import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** By what a process can be distinguished from every other, also from one that has its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The machine, for people to read. */
  readonly host: string;
  /** What processes share whose numbers mean the same: one start of one machine, one container. */
  readonly place: string;
  /** When the process started, in the system's own words; empty where the system does not say. */
  readonly started: string;
}

/** Says who this process is. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const { pid } = process;
  return { pid, host: hostname(), place: await thisPlace(), started: (await startOf(pid)) ?? '' };
}

/** Whether a process is still running; `undefined` when it cannot be known from here. */
export async function isRunning(other: ProcessIdentity): Promise<boolean | undefined> {
  if (other.place !== (await thisPlace())) return undefined;
  if (!hasNumber(other.pid)) return false;
  const started = await startOf(other.pid);
  if (started === undefined && !hasNumber(other.pid)) return false;
  if (started === undefined || other.started === '') return undefined;
  // Numbers are reused: once a process has ended, another may have its number.
  return started === other.started;
}

/** Linux names each start of a machine and each space of process numbers; elsewhere there is one space per machine. */
async function thisPlace(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname());
  const numbers = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot.trim()} ${numbers}`;
}

/** Whether there is a process of this number. */
export function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // Not allowed to ask means that it is there.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started; `undefined` when it is not there or the system does not say. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // See proc(5): the name of the program, in parentheses, may hold anything; state and start are fields 3 and 22.
    const fields = status?.slice(status.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, and only waits for its parent to notice.
    return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
  }
  if (process.platform === 'win32') return undefined;
  const asked = promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return asked.then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
