import { join } from 'node:path';
import type { StartedBackend } from '../../nn/backend/backend-report';
import type { ConvolutionTrial } from '../../nn/backend/trial-convolution';
import { runProgram, lastLines } from './run-program';

/** What a first computation showed. */
export type TensorflowTrial = StartedBackend & ConvolutionTrial;

/**
 * Starts native TensorFlow in a process of its own and lets it compute: a package that was set up after this process
 * looked for it would not be seen here, and a library that does not fit may end the process.
 *
 * @param folder - where the package is
 * @returns what it showed, or why it does not work
 */
export async function tryInProcess(
  folder: string,
  signal?: AbortSignal,
): Promise<TensorflowTrial | { readonly failure: string }> {
  const program = join(__dirname, `try-tensorflow${__filename.endsWith('.ts') ? '.ts' : '.js'}`);
  const words = [...process.execArgv, program, folder];
  const result = await runProgram(process.execPath, words, { timeout: 120, signal });
  const answer = result?.out.split('\n').find((line) => line.startsWith('{'));
  if (answer !== undefined) return JSON.parse(answer) as TensorflowTrial | { readonly failure: string };
  if (result === undefined) return { failure: `${process.execPath} does not run` };
  return { failure: result.status === null ? 'it takes longer than 2 minutes' : lastLines(result, 4) };
}
