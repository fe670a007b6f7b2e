import { thrownError } from './cell-error';
import { cellQueue } from './execute-cells';
import { stages } from './interrupt-main';
import type { KernelState } from './kernel-state';
import { newState, publishStatus } from './kernel-state';
import { offerPackages } from './packages';
import { repliesTo } from './replies';
import type { CellRunner } from './run-cell';
import { cellRunner } from './run-cell';
import { takeOverProcess } from './standard-streams';
import { flag, openTransport, setFlag } from './transport';
import type { Tslab } from './upstream';
import { loadTslab } from './upstream';
import type { Received } from './wire';
import { currentFolder } from '../own-folders';

/** Deep calls of packages are not to hide the cell that made them. */
const framesOfErrors = 60;

/**
 * Starts the kernel that Jupyter describes in a file.
 *
 * @throws Error when the sockets cannot be opened
 * @throws ConcordError `missing-package` without tslab
 */
export async function startKernel(connectionFile: string, kernelInfo: object): Promise<void> {
  // What comes before the kernel is there waits.
  const early: Received[] = [];
  let onMessage = (message: Received): void => void early.push(message);
  let onShutdown = (): void => process.exit(0);
  let onAsked = (): void => undefined;
  let onInterrupt: (id: number) => void = () => undefined;
  const transport = await openTransport(connectionFile, kernelInfo, {
    onMessage: (message) => onMessage(message),
    onShutdown: () => onShutdown(),
    onAsked: () => onAsked(),
    onInterrupt: (id) => onInterrupt(id),
  });
  process.on('exit', () => transport.closeNow());
  const state = newState(transport);
  onAsked = () => republishBusy(state);
  const tslab = loadTslab();
  const folder = currentFolder();
  offerPackages(folder, tslab.compiler.sys);
  const runner = cellRunner(tslab, folder, transport.flags);
  const exit = takeOverProcess((stream, text) => state.output.write(stream, text));
  Error.stackTraceLimit = framesOfErrors;
  connectDisplays(state, tslab);
  reportLooseErrors(runner);
  onInterrupt = interrupter(state, runner);
  onShutdown = () => {
    state.output.end();
    runner.executor.close();
    exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onShutdown());
  onMessage = handler(state, runner, tslab);
  early.forEach(onMessage);
}

/** What is done with each message. */
function handler(state: KernelState, runner: CellRunner, tslab: Tslab): (message: Received) => void {
  const runCell = cellQueue(state, runner);
  return (message) => {
    if (message.header.msg_type === 'execute_request') return runCell(message);
    const { flags } = state.transport;
    const stage = flag(flags, 'stage');
    publishStatus(state, message.header, 'busy');
    try {
      setFlag(flags, 'stage', stages.compiling);
      const sources = { state, tslab, executor: runner.executor };
      for (const reply of repliesTo(message, sources)) state.transport.send(reply);
    } finally {
      setFlag(flags, 'stage', stage);
      publishStatus(state, message.header, 'idle');
      republishBusy(state);
    }
  };
}

/** Whoever watches the state of the kernel took the `idle` of another request for that of the cell. */
function republishBusy(state: KernelState): void {
  if (state.running !== null) publishStatus(state, state.running, 'busy');
}

/** The kernel as the SDK in its cells knows it. */
function connectDisplays(state: KernelState, tslab: Tslab): void {
  tslab.writeDisplaysTo((content, update) =>
    state.output.display(update ? 'update_display_data' : 'display_data', content),
  );
  Object.defineProperty(globalThis, Symbol.for('concord-mri.kernel'), {
    value: { clearOutput: (wait: boolean) => state.output.clear(wait) },
  });
}

/** What is done at an interrupt; as with a signal, whoever listens for SIGINT hears of it. */
function interrupter({ transport }: KernelState, runner: CellRunner): (id: number) => void {
  process.on('SIGINT', () => runner.interrupt());
  return (id) => {
    if (flag(transport.flags, 'interrupted') >= id) return;
    setFlag(transport.flags, 'interrupted', id);
    runner.interrupt();
    process.emit('SIGINT');
  };
}

/** Errors that no cell awaits are said, and end nothing. */
function reportLooseErrors(runner: CellRunner): void {
  const say = (what: string, error: unknown): void => {
    const { traceback } = thrownError(error, runner.cells);
    process.stderr.write(`${what}:\n${traceback.join('\n')}\n`);
  };
  process.on('uncaughtException', (error) => say('thrown where no cell awaits it', error));
  process.on('unhandledRejection', (reason) => say('rejected where no cell awaits it', reason));
}
