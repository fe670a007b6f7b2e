import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from '../../../scripts/checkout';
import type { WantedBackend } from './start-backend';
import { backendWords } from './start-backend';
import type { Answer, Introduction, Task, TaskName } from './tasks';

/** How to start a program of the benchmark. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly threads: number;
  /** The most repeats that it is worth waiting for; with 0 the first time counts. @defaultValue no limit */
  readonly most?: Readonly<Partial<Record<TaskName, number>>>;
}

/** A program in a process of its own, which is kept alive and does what it is asked to; only one is asked at a time. */
export class Peer {
  private child: ChildProcess | undefined;
  private answers: AsyncIterator<string> | undefined;

  constructor(readonly program: Program) {}

  get name(): string {
    return this.program.name;
  }

  /** Starts the program, unless it runs, and answers what it says of itself. */
  async start(): Promise<Introduction> {
    const { command, args, threads } = this.program;
    const variables = ['OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS'];
    const env = Object.fromEntries(variables.map((name) => [name, String(threads)]));
    this.child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: checkout,
      env: { ...process.env, ...env },
    });
    if (this.child.stdout === null) throw new Error(`${this.name} has no output`);
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    return (await this.read('when it started')) as Introduction;
  }

  /** Has a task done once. */
  async ask(task: Task): Promise<Answer> {
    if (this.child === undefined) await this.start();
    this.child?.stdin?.write(`${JSON.stringify(task)}\n`);
    return (await this.read(`to ${task.task}`)) as Answer;
  }

  /** Ends the process; the next task starts another. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.stdin?.end();
    await once(child, 'exit');
  }

  private async read(when: string): Promise<object> {
    const line = await this.answers?.next();
    if (line === undefined || line.done === true)
      throw new Error(`${this.name} ended without an answer ${when}`);
    return JSON.parse(line.value) as object;
  }
}

const node = (script: string, ...args: readonly string[]): Pick<Program, 'command' | 'args'> => ({
  command: process.execPath,
  args: ['--import', 'tsx', join(__dirname, script), ...args],
});

/** A backend of Concord, with the tensors of bench-data.ts that lie in a folder. */
export function concordProgram(wanted: WantedBackend, folder: string): Program {
  const { backend, threads } = wanted;
  return { name: backend, threads, ...node('concord-peer.ts', ...backendWords(wanted), folder) };
}

/** PyTorch, with the Python that has it. */
export function torchProgram(
  python: string,
  { threads, folder }: { readonly threads: number; readonly folder: string },
): Program {
  const args = [join(__dirname, 'torch_peer.py'), String(threads), folder];
  return { name: 'PyTorch', threads, command: python, args };
}

/** The wasm backend of tfjs as it is. */
export function stockProgram(folder: string): Program {
  const most = { 'conv-training': 5, inference: 3, latency: 5, step: 0 };
  return { name: 'stock wasm', threads: 1, most, ...node('stock-peer.ts', folder) };
}
