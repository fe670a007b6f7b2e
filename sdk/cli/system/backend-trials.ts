import { extname, join } from 'node:path';
import type { BackendName } from '../../nn/backend/backend-report';
import { lastLines, runProgram } from '../tensorflow-setup/run-program';

/** A backend that was tried. */
export interface BackendTrial {
  readonly backend: BackendName;
  readonly starts: boolean;
  readonly threads: number | null;
  /** What it computes on and with; or why it does not start. */
  readonly said: string;
}

/** What a process that tried says: a backend's report as far as it matters here, or why there is none. */
export interface TrialAnswer {
  readonly threads?: number;
  readonly said?: string;
  readonly failure?: string;
}

/** Tries backends, each in a process of its own: one that does not fit may end it, and this one's choice stays. */
export async function tryBackends(
  backends: readonly BackendName[],
  signal?: AbortSignal,
): Promise<readonly BackendTrial[]> {
  const trials: BackendTrial[] = [];
  // One after the other: each takes all cores.
  for (const backend of backends) trials.push(await startElsewhere(backend, signal));
  return trials;
}

async function startElsewhere(backend: BackendName, signal?: AbortSignal): Promise<BackendTrial> {
  const words = [
    ...process.execArgv,
    '-e',
    loader(join(__dirname, `try-backend${extname(__filename)}`)),
    backend,
  ];
  const result = await runProgram(process.execPath, words, { timeout: 60, signal });
  const line = result?.out.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) {
    const late = result?.status === null ? 'it takes longer than a minute' : undefined;
    const why =
      late ??
      (result === undefined ? 'no process for it starts' : `its process ended: ${lastLines(result, 2)}`);
    return { backend, starts: false, threads: null, said: why };
  }
  const { threads = null, said, failure } = JSON.parse(line) as TrialAnswer;
  return { backend, starts: failure === undefined, threads, said: failure ?? said ?? '' };
}

/** A process loads JavaScript only; tests and scripts run the sources. */
function loader(program: string): string {
  const hook = program.endsWith('.ts') ? `require(${JSON.stringify(require.resolve('tsx/cjs'))});` : '';
  return `${hook}require(${JSON.stringify(program)}).tryBackend(process.argv.at(-1));`;
}
