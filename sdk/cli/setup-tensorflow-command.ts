import type { Command } from 'commander';
import { Option } from 'commander';
import { choice } from './option-values';
import type { CommandStreams } from './streams';
import type { TensorflowSource } from './tensorflow-setup/setup-cache';
import { cacheFolder, inUnits } from './tensorflow-setup/setup-cache';
import type { SetupRun } from './tensorflow-setup/setup-run';
import { tryInProcess } from './tensorflow-setup/try-in-process';

interface SetupFlags {
  readonly gpu?: true;
  readonly cpu?: true;
  readonly from?: TensorflowSource;
  readonly python?: string;
  readonly status: boolean;
  readonly undo: boolean;
  readonly cache: boolean;
}

/** Adds `concord setup-tensorflow`. */
export function setupTensorflowCommand(program: Command, streams: CommandStreams): void {
  program
    .command('setup-tensorflow')
    .description(
      'make native TensorFlow work here, the fastest backend for networks: the npm package, TensorFlow below it ' +
        '(0.3 GB to fetch and 0.9 GB on disk; with CUDA 3.4 and 5.7 GB) and the binding between them',
    )
    .addOption(new Option('--gpu', 'with CUDA, even where nvidia-smi names no device').conflicts('cpu'))
    .addOption(new Option('--cpu', 'without CUDA, even where nvidia-smi names a device').conflicts('gpu'))
    .addOption(
      choice('--from <source>', 'where TensorFlow is taken from (default: the first that works)', [
        'prebuilt',
        'python',
        'wheel',
      ]),
    )
    .option('--python <program>', 'the Python whose TensorFlow or pip is used (default: python3)')
    .option('--status', 'show the current state, and change nothing', false)
    .option('--undo', 'undo what was done to the project', false)
    .option('--cache', 'with --undo: empty the cache too', false)
    .action((flags: SetupFlags) => run(flags, streams));
}

async function run(flags: SetupFlags, streams: CommandStreams): Promise<void> {
  const erase = streams.live ? '\r\u001b[K' : '';
  const say = (line: string): void => {
    streams.err(erase);
    streams.out(`${line}\n`);
  };
  const onBytes = (bytes: number): void => {
    if (streams.live) streams.err(`${erase}${inUnits(bytes)} fetched`);
  };
  const setup: SetupRun = {
    cache: cacheFolder(),
    say,
    onBytes,
    attempt: tryInProcess,
    signal: streams.signal,
  };
  const { setupStatus, undoSetup } = await import('./tensorflow-setup/undo-setup.js');
  if (flags.status) return setupStatus({}, setup);
  if (flags.undo) return undoSetup({ cache: flags.cache }, setup);
  const cuda = flags.gpu ?? (flags.cpu === true ? false : undefined);
  const { from: source, python } = flags;
  const { setupTensorflow } = await import('./tensorflow-setup/setup-tensorflow.js');
  const trial = await setupTensorflow({ cuda, source, python }, setup);
  const threads = trial.threads === undefined ? '' : `, ${trial.threads} threads`;
  const [forward, training] = [trial.forwardSeconds, trial.trainingSeconds].map((s) => (1000 * s).toFixed(1));
  say(`ready: ${trial.package}, ${trial.notes.join(', ')}, on ${trial.device}${threads}`);
  say(`a convolution (8 × 64 × 64 × 64, 3 × 3) takes ${forward} ms, with its gradients ${training} ms`);
}
