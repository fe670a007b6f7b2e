import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkout } from '../checkout';

/** The notebook of cells that a kernel easily gets wrong. */
export const hardCells: string = join(checkout, 'kernels-config', 'hard-cells.ipynb');

/** What a cell of that notebook showed, in words. */
export interface ShownCell {
  readonly title: string;
  readonly shows: string;
}

/** The kernel that runs the cells. */
export interface RunCellsOptions {
  /** Its name in Jupyter. */
  readonly kernel: string;
  /** The variables of the environment with which Jupyter finds it. */
  readonly variables: NodeJS.ProcessEnv;
  /** How long is waited after an error, in seconds. @defaultValue 0 */
  readonly pause?: number;
}

/**
 * Runs the code cells of the notebook of hard cells in one kernel.
 *
 * @throws Error with what the program said when it fails
 */
export async function runCells(python: string, options: RunCellsOptions): Promise<readonly ShownCell[]> {
  const { kernel, variables, pause = 0 } = options;
  const words = [join(__dirname, 'run-cells.py'), kernel, hardCells, String(pause)];
  const program = spawn(python, words, { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(program, 'close') as Promise<[number]>;
  const [out, err, [status]] = await Promise.all([text(program.stdout), text(program.stderr), ended]);
  if (status !== 0) throw new Error(`the kernel ${kernel} could not be run: ${err}`);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ShownCell);
}
