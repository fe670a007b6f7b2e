import type { Command } from 'commander';
import { rm } from 'node:fs/promises';
import type { Plane } from '../data/image-set';
import type { DdaeModel } from '../ddae/ddae-model';
import { ConcordError } from '../errors';
import { checkpointFolder } from '../io/networks/checkpoint-folder';
import { requireAbsent } from '../io/write-file';
import { saveModel } from '../models';
import type { MurdModel } from '../murd/murd-model';
import { formatBackend } from '../nn/backend/format-backend';
import type { BidsSelectionFlags } from './bids-selection';
import { addSelectionOptions, bidsSelection } from './bids-selection';
import { requireOptionsOf } from './harmonize-flags';
import type { BackendFlags } from './network-options';
import { addBackendOption } from './network-options';
import { choice, countOf, integerOf, listOf, positiveOf, wrongUsage } from './option-values';
import { distinctIssues } from '../data/issue';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';

interface TrainFlags extends BidsSelectionFlags, BackendFlags {
  readonly method: 'ddae' | 'murd';
  readonly out: string;
  readonly size: keyof typeof imageSizes;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly plane: Plane;
  readonly imageSize?: number;
  readonly pixelSize?: number;
  readonly every?: number;
  readonly preserve: readonly string[];
  readonly joint: boolean;
  readonly seed: number;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly strict: boolean;
}

/** Pixels along each side of the images that a size of network is meant for. */
const imageSizes = { tiny: 32, small: 64, base: 128, 'paper-like': 128 } as const;

/** What an image shows along each side unless told otherwise, in mm: a head fits. */
const fieldOfView = 192;

/** Adds `concord train`. */
export function trainCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('train')
    .description('train a network on the scans of a BIDS dataset, for concord harmonize')
    .argument('<bids_dir>', 'a BIDS dataset of preprocessed scans with brain masks')
    .addOption(choice('--method <name>', 'what to train', ['ddae', 'murd']).default('ddae'))
    .requiredOption('--out <folder>', 'where to write the model: model.json and weights.safetensors')
    .addOption(
      choice('--size <name>', 'how large the network is; base: ddae only', Object.keys(imageSizes)).default(
        'small',
      ),
    )
    .option('--steps <count>', 'how long to train', countOf, 10_000)
    .option('--batch-size <count>', 'images per step', countOf, 16)
    .option(
      '--learning-rate <rate>',
      'how far a step goes at most (default: 0.001 with ddae, 0.0005 with murd)',
      positiveOf,
    )
    .addOption(
      choice('--plane <plane>', 'the plane of the slices', ['axial', 'coronal', 'sagittal']).default('axial'),
    )
    .option('--joint', 'murd: learn all contrasts of the dataset at once, each with its own styles', false)
    .option(
      '--image-size <pixels>',
      'the size of slices (default: 32, 64, 128 or 256, as --size asks)',
      countOf,
    )
    .option('--pixel-size <mm>', `the size of their pixels (default: ${fieldOfView} mm in all)`, positiveOf)
    .option('--every <mm>', 'a slice every so many millimetres (default: the size of a pixel)', positiveOf)
    .option(
      '--preserve <names>',
      'ddae: covariates that are known besides the site, for example age,sex',
      listOf,
      [],
    )
    .option('--seed <number>', 'seed of the training', integerOf, 1)
    .option('--resume', 'go on with a run that was stopped', false)
    .option('--overwrite', 'replace a model of an earlier run', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  addBackendOption(addSelectionOptions(command)).action((source: string, flags: TrainFlags) => {
    requireOptionsOf(command, flags.method, optionsOf(command, flags.method));
    if (flags.method === 'murd' && flags.size === 'base') {
      wrongUsage(command, `option '--size' is "base" (of murd there are tiny, small, paper-like)`);
    }
    return run(source, flags, streams);
  });
}

/** The options that a method knows: all but those of the other. */
function optionsOf(command: Command, method: TrainFlags['method']): ReadonlySet<string> {
  const others = method === 'ddae' ? ['joint'] : ['preserve'];
  const names = command.options.map((option) => option.attributeName());
  return new Set(names.filter((name) => !others.includes(name)));
}

async function run(source: string, flags: TrainFlags, streams: CommandStreams): Promise<void> {
  const { out, overwrite, backend } = flags;
  if (!overwrite) await requireAbsent(out);
  const unfinished = `${out}.unfinished`;
  if (!flags.resume) await requireNoRun(unfinished);
  const { clear, ...running } = progressLine(streams);
  try {
    // The networks, and TensorFlow.js with them, are loaded where they are needed: see models.ts.
    const { useBackend } = await import('../nn/backend/use-backend.js');
    const report = await useBackend(backend ?? 'auto');
    if (streams.live) streams.err(`${formatBackend(report).split('\n')[0]}\n`);
    const model = await train(source, { flags, unfinished, running });
    await saveModel(model, out, { overwrite });
    await rm(unfinished, { recursive: true, force: true });
    clear();
    streams.out(issueLines(distinctIssues(model.issues), 'train'));
    streams.out(`${describe(model)}\nwritten to ${out}\n`);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `the run is kept in ${unfinished}; the same command with --resume goes on`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

async function requireNoRun(folder: string): Promise<void> {
  try {
    await requireAbsent(folder);
  } catch (cause) {
    if (!(cause instanceof ConcordError) || cause.code !== 'file-exists') throw cause;
    throw new ConcordError(
      'file-exists',
      `file exists: ${folder} holds a run that was stopped (go on with --resume, or take it away)`,
      { where: { file: folder }, cause },
    );
  }
}

async function train(
  source: string,
  work: {
    readonly flags: TrainFlags;
    readonly unfinished: string;
    readonly running: Omit<ReturnType<typeof progressLine>, 'clear'>;
  },
): Promise<DdaeModel | MurdModel> {
  const { loadBids } = await import('../io/bids/load-bids.js');
  const { brainSteps } = await import('../preprocess/brain-steps.js');
  const { preprocess } = await import('../preprocess/preprocess.js');
  const { volumeSource } = await import('../preprocess/volume-source.js');
  const { flags, unfinished, running } = work;
  const { method, size, steps, batchSize, learningRate, plane, preserve, seed, strict } = flags;
  const triples = method === 'murd' && size === 'paper-like';
  const imageSize = flags.imageSize ?? (triples ? 256 : imageSizes[size]);
  const pixelSize = flags.pixelSize ?? fieldOfView / imageSize;
  const loaded = await loadBids(source, {
    ...{ ...bidsSelection(flags), strict, signal: running.signal },
    ...(preserve.length === 0 ? {} : { covariates: preserve }),
  });
  const slices = await volumeSource(
    preprocess(loaded, brainSteps({ plane, pixelSize: [pixelSize, pixelSize] })),
    {
      ...{
        channels: triples ? 3 : 1,
        plane,
        size: imageSize,
        center: 'mask',
        fill: 0,
        at: { every: flags.every ?? pixelSize },
        strict,
      },
      ...running,
    },
  );
  const checkpoints = checkpointFolder(unfinished);
  const shared = { steps, batchSize, learningRate, seed, checkpoints, ...running };
  if (method === 'ddae') {
    const { fitDdae } = await import('../ddae/fit-ddae.js');
    return fitDdae(slices, { size, known: preserve, ...shared });
  }
  const { fitMurd } = await import('../murd/fit-murd.js');
  const contrasts = flags.joint ? 'joint' : 'one';
  return fitMurd(slices, { size: size === 'base' ? 'small' : size, contrasts, ...shared });
}

function describe({ kind, sites, training, heldOut }: DdaeModel | MurdModel): string {
  const judged = training.history.flatMap(({ values }) => values['validation'] ?? []).at(-1);
  const loss = judged === undefined ? '' : `, loss on ${heldOut.length} scans held out ${judged.toFixed(4)}`;
  return `${kind.toUpperCase()} of ${sites.length} sites (${sites.join(', ')}): ${training.steps} steps${loss}`;
}
