import type { Command } from 'commander';
import { rm } from 'node:fs/promises';
import type { Plane } from '../data/images/image-set';
import { distinctIssues } from '../data/issue';
import { suggestName } from '../data/nearest-names';
import { ConcordError } from '../errors';
import { checkpointFolder } from '../io/networks/checkpoint-folder';
import { requireAbsent } from '../io/files/write-file';
import type { AnyModel, Method } from '../methods/method';
import type { TrainingImages, TrainingPart } from '../methods/method-command';
import { allMethods, methodNamed } from '../methods/methods';
import { saveModel } from '../methods/save-model';
import { startBackend } from './start-backend';
import { brainSteps } from '../preprocess/brain-steps';
import { preprocess } from '../preprocess/preprocess';
import type { BidsSelectionFlags } from './scans/bids-selection';
import { addSelectionOptions, bidsSelection } from './scans/bids-selection';
import { listNames } from '../data/list-names';
import type { ModelByKind } from '../methods/methods';
import { shippedWord, startingModel } from './methods/starting-model';
import { addMethodHelp } from './methods/method-help';
import type { OwnOptions } from './methods/method-options';
import { addMethodOptions, methodValues, requireOptionsOf } from './methods/method-options';
import type { BackendFlags } from './methods/network-options';
import { addBackendOption } from './methods/network-options';
import { choice, countOf, integerOf, positiveOf, wrongUsage } from './option-values';
import { planes } from './scans/slice-options';
import { notingSteps } from './note-used';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';
import { requireNoRun, unfinishedFolder } from './unfinished-run';

/** What the user asked `concord train` for. */
export interface TrainFlags extends BidsSelectionFlags, BackendFlags {
  readonly method: string;
  readonly out: string;
  readonly size: string;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly startFrom?: string;
  readonly plane: Plane;
  readonly imageSize?: number;
  readonly pixelSize?: number;
  readonly every?: number;
  readonly seed: number;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly strict: boolean;
}

/** The usual length of the sides of an image, in mm: a head fits. */
const fieldOfView = 192;

/** Adds `concord train`. */
export function trainCommand(program: Command, streams: CommandStreams): void {
  const methods = allMethods().filter(({ command }) => command?.train !== undefined);
  const names = methods.map(({ name }) => name);
  const sizes = [...new Set(methods.flatMap((method) => Object.keys(trainingOf(method).sizes)))];
  const rates = methods.map((method) => `${trainingOf(method).learningRate} with ${method.name}`);
  const starting = listNames(
    methods.filter((method) => trainingOf(method).starts).map(({ name }) => name),
    4,
  );
  const command = program
    .command('train')
    .description('train a network on the scans of a BIDS dataset, for concord harmonize')
    .argument('<bids_dir>', 'a BIDS dataset of preprocessed scans with brain masks')
    .addOption(choice('--method <name>', 'what to train', names).default(names[0]))
    .requiredOption('--out <folder>', 'where to write the model: model.json and weights.safetensors')
    .addOption(choice('--size <name>', 'how large the network is', sizes).default('small'))
    .option('--steps <count>', 'how long to train', countOf, 10_000)
    .option('--batch-size <count>', 'images per step', countOf, 16)
    .option('--learning-rate <rate>', `the highest learning rate (default: ${rates.join(', ')})`, positiveOf)
    .option(
      '--start-from <model>',
      `the folder of a model of this method and size to continue from, at other sites too, or ${shippedWord}, for the one that ships, or the name under which another ships (${starting} only)`,
    )
    .addOption(choice('--plane <plane>', 'the plane of the slices', planes).default('axial'))
    .option('--image-size <pixels>', 'the size of slices (default: what --size is meant for)', countOf)
    .option('--pixel-size <mm>', `the size of their pixels (default: ${fieldOfView} mm in all)`, positiveOf)
    .option('--every <mm>', 'distance between slices in mm (default: the size of a pixel)', positiveOf)
    .option('--seed <number>', 'seed of the training', integerOf, 1)
    .option('--resume', 'continue a run that was stopped', false)
    .option('--overwrite', 'replace a model of an earlier run', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  addBackendOption(addSelectionOptions(command));
  addMethodOptions(command, methods.map(ownOptions));
  addMethodHelp(command, {
    methods,
    optionsOf: (method) => optionsOf(command, method),
    ownOf: (method) => ownOptions(method).options,
  });
  command.action((source: string, flags: TrainFlags) =>
    run(source, { ...requireTraining(command, flags), flags, streams }),
  );
}

/** The names of the options that go with a method: those of all trainings, as far as it can, and its own. */
function optionsOf(command: Command, method: Method): ReadonlySet<string> {
  const own = new Set(allMethods().flatMap(({ command: of }) => Object.keys(of?.train?.options ?? {})));
  const apart = trainingOf(method).starts ? own : new Set([...own, 'startFrom']);
  const shared = command.options.map((option) => option.attributeName()).filter((name) => !apart.has(name));
  return new Set([...shared, ...Object.keys(ownOptions(method).options)]);
}

/** What is trained by the options of the command; ends it where they do not go together. */
export function requireTraining(
  command: Command,
  flags: TrainFlags,
): Pick<TrainRun, 'method' | 'part' | 'values'> {
  const method = methodNamed(flags.method);
  requireOptionsOf(command, `--method ${method.name}`, optionsOf(command, method));
  const part = trainingOf(method);
  const values = methodValues(command, part.options);
  const wrong = part.problem(values) ?? wrongSize(method, flags.size);
  if (wrong !== undefined) wrongUsage(command, wrong);
  return { method, part, values };
}

function trainingOf({ name, command }: Method): TrainingPart<AnyModel> {
  if (command?.train !== undefined) return command.train;
  throw new ConcordError('invalid-option', `invalid method: "${name}" is not trained`);
}

function ownOptions(method: Method): OwnOptions {
  return { name: method.name, options: trainingOf(method).options };
}

function wrongSize(method: Method, size: string): string | undefined {
  const sizes = Object.keys(trainingOf(method).sizes);
  if (sizes.includes(size)) return undefined;
  return `option '--size' is "${size}" (${suggestName(size, sizes, `${method.name} has ${sizes.join(', ')}`)})`;
}

/** One call of `concord train`. */
interface TrainRun {
  readonly method: Method;
  readonly part: TrainingPart<AnyModel>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly flags: TrainFlags;
  readonly streams: CommandStreams;
}

async function run(source: string, call: TrainRun): Promise<void> {
  const { method, part, flags, streams } = call;
  const { out, overwrite, backend } = flags;
  if (!overwrite) await requireAbsent(out);
  const unfinished = unfinishedFolder(out);
  if (!flags.resume) await requireNoRun(unfinished);
  const { clear, ...running } = progressLine(streams);
  try {
    const chosen = await startBackend(backend, streams);
    if (streams.live) streams.err(`${chosen}\n`);
    const model = await train(source, call, { unfinished, running });
    await saveModel(model, out, { overwrite });
    await rm(unfinished, { recursive: true, force: true });
    clear();
    streams.out(issueLines(distinctIssues(model.issues), 'train'));
    streams.out(`${method.title} of ${part.summary(model)}\nwritten to ${out}\n`);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `the run is kept in ${unfinished}; the same command with --resume continues`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

async function train(
  source: string,
  { method, part, values, flags }: TrainRun,
  work: {
    readonly unfinished: string;
    readonly running: Omit<ReturnType<typeof progressLine>, 'clear'>;
  },
): Promise<AnyModel> {
  const { loadBids } = await import('../io/bids/load-bids.js');
  const { volumeSource } = await import('../preprocess/volume-source.js');
  const { unfinished, running } = work;
  const { size, steps, batchSize, learningRate, plane, seed, strict } = flags;
  const meant: TrainingImages = part.sizes[size];
  const imageSize = flags.imageSize ?? meant.imageSize;
  const pixelSize = flags.pixelSize ?? fieldOfView / imageSize;
  const training = part.read(values);
  const { covariates } = training;
  const loaded = await loadBids(source, {
    ...bidsSelection(flags),
    missingSite: 'drop' as const,
    strict,
    signal: running.signal,
    ...(covariates.length === 0 ? {} : { covariates }),
  });
  const slices = await volumeSource(
    preprocess(loaded, brainSteps({ plane, pixelSize: [pixelSize, pixelSize] })),
    {
      channels: meant.channels,
      plane,
      size: imageSize,
      center: 'mask',
      fill: 0,
      at: { every: flags.every ?? pixelSize },
      strict,
      ...running,
    },
  );
  const checkpoints = checkpointFolder(unfinished);
  const settings = { size, steps, batchSize, learningRate, seed, checkpoints, ...notingSteps(running) };
  if (flags.startFrom === undefined) return training.fit(slices, settings);
  const kind = method.model.kind as keyof ModelByKind;
  return training.fit(slices, { ...settings, startFrom: await startingModel(flags.startFrom, kind) });
}
