import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { checkout, jupyterVariables } from '../checkout';
import type { PythonEnvironment } from '../python-environment';
import type { Notebook } from './notebook-file';
import { readNotebook, textOf } from './notebook-file';

/** How the execution of a notebook went. */
export interface Execution {
  /** As far as it was executed. */
  readonly notebook: Notebook;
  /** What failed, with the failing cell's source and its error; `undefined` if nothing did. */
  readonly failure?: string;
}

/** What {@link executeNotebook} takes besides the notebook. */
export interface ExecuteOptions {
  readonly environment: PythonEnvironment;
  /** Where to write the executed notebook. */
  readonly output: string;
  /** Also run the code of folded answers. @defaultValue false */
  readonly answers?: boolean;
  /** Folder to find the kernel in, instead of the checkout's `kernels-config`. */
  readonly kernels?: string;
}

/** Executes a notebook through the `concord` kernel, its cells running in its own folder. */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Execution> {
  const { environment, output, kernels, answers = false } = options;
  const program = resolve(checkout, 'scripts', 'execute-notebook.py');
  const variables = {
    ...jupyterVariables(),
    // Pictures are drawn afterwards, where they are wanted, by a browser for all notebooks.
    CONCORD_BROWSER: 'off',
    CONCORD_FIGURES: 'renderer',
    // What everybody has: data of this machine would be in the outputs.
    CONCORD_DATA: 'none',
  };
  const runner = spawn(environment.python, [program, path, output, ...(answers ? ['--answers'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: kernels === undefined ? variables : { ...variables, JUPYTER_PATH: kernels },
  });
  const ended = once(runner, 'close') as Promise<[status: number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(runner.stdout), text(runner.stderr), ended]);
  const result = { stdout, stderr };
  if (status !== 0) throw new Error(`the notebook runner failed on ${path}:\n${stdout}${stderr}`);
  const lastLine = result.stdout.trim().split('\n').pop() ?? '';
  const report = JSON.parse(lastLine) as { failed: number | null; reason?: string };
  const notebook = readNotebook(output);
  if (report.reason === undefined) return { notebook };
  if (report.failed === null) return { notebook, failure: `${report.reason}\n${result.stderr}` };
  const cell = notebook.cells[report.failed];
  const said = cell.outputs
    ?.filter(({ output_type }) => output_type === 'error')
    .flatMap(({ traceback = [] }) => traceback)
    .join('\n');
  return { notebook, failure: `cell ${report.failed + 1}:\n${textOf(cell.source)}\n\n${said}` };
}

/** Executes notebooks two at a time, in their order, from when the first is asked for: each spends half of its time on one core. */
export function twoAtATime(
  paths: readonly string[],
  execute: (path: string) => Promise<Execution>,
): (path: string) => Promise<Execution> {
  const runs = new Map<string, Promise<Execution>>();
  const begin = (): void => {
    const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
    for (const [at, path] of paths.entries()) {
      const run = lanes[at % 2].then(() => execute(path));
      runs.set(path, run);
      lanes[at % 2] = run.catch(() => undefined);
    }
  };
  return (path) => {
    if (runs.size === 0) begin();
    return runs.get(path) ?? Promise.reject(new Error(`${path} is not among them`));
  };
}
