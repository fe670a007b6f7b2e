import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { join } from 'node:path';
import type { AnyHarmonizer } from '../../compare/compared-harmonizer';
import type { CheckpointStore } from '../../data/networks/checkpoint';
import type { ImageCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { imageSource } from '../../data/images/memory-source';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { checkpointFolder } from '../../io/networks/checkpoint-folder';
import type { AnyModel, HarmonizerOptions, Method } from '../../methods/method';
import { allMethods } from '../../methods/methods';
import { loadModel } from '../../methods/save-model';
import { methodValues } from './method-options';
import type { NamedOptions } from './named-options';
import { namedHarmonizerOptions } from './named-options';
import { wrongUsage } from '../option-values';
import { unfinishedFolder } from '../unfinished-run';

/** What the options of `concord compare` hold that say what is compared. */
export interface CompareMethodsFlags {
  readonly methods: readonly string[];
  /** Folders of models, by the names of methods. */
  readonly model: Readonly<Record<string, string>>;
  /** Options of methods, see {@link namedOptionOf}. */
  readonly option: NamedOptions;
  readonly train: boolean;
  readonly resume: boolean;
  /** Where results go, and beside them the checkpoints of trainings. */
  readonly out?: string;
  readonly target?: string;
  readonly seed: number;
  readonly trainSteps?: number;
  readonly trainSize?: string;
  readonly batchSize?: number;
  readonly learningRate?: number;
}

/** Parses `METHOD=FOLDER`, one more of them. */
export function modelOf(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, folder] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('METHOD=FOLDER is allowed');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} has a model already`);
  return { ...before, [name]: folder };
}

/**
 * The methods that were named, without `raw`, which is always there; wrong usage where one is unknown, or not for this kind
 * of data.
 */
export function chosenMethods(
  { methods: names, model, train, option: options }: CompareMethodsFlags,
  command: Command,
  payload: 'features' | 'images',
): readonly Method[] {
  const known = allMethods();
  const data = payload === 'features' ? 'tables' : 'scans';
  const wanted = [...new Set(names)].filter((name) => name !== 'raw');
  const methods = wanted.map((name): Method => {
    const found = known.find((method) => method.name === name);
    if (found === undefined) {
      const own = known.filter(({ harmonizers }) => harmonizers[payload] !== undefined);
      const all = ['raw', ...own.map((method) => method.name)];
      const hint = suggestName(name, all, `for ${data} there are ${all.join(', ')}`);
      wrongUsage(command, `option '--methods' has ${JSON.stringify(name)}, which is not a method (${hint})`);
    }
    if (found.harmonizers[payload] === undefined) {
      wrongUsage(command, `option '--methods' has "${name}", which is not for ${data}`);
    }
    if (payload === 'features' && needsModel(found, { model, train })) {
      const trained = found.command?.train === undefined ? '' : ', or train it here with --train';
      wrongUsage(
        command,
        `option '--methods' has "${name}", which is a network: name its model with --model ${name}=FOLDER${trained}`,
      );
    }
    return found;
  });
  if (methods.length === 0) {
    wrongUsage(command, `option '--methods' names no method besides raw`);
  }
  const named = Object.keys(options).find((name) => !wanted.includes(name));
  if (named !== undefined) {
    wrongUsage(command, `option '--option' has one of "${named}", which is not among --methods`);
  }
  const stray = Object.keys(model).find((name) => !wanted.includes(name));
  if (stray !== undefined) {
    wrongUsage(command, `option '--model' has a model of "${stray}", which is not among --methods`);
  }
  return methods;
}

/** Whether a method is a network that was given no model, and is not to be trained here. */
export function needsModel(
  { name, quick, command }: Method,
  { model, train }: Pick<CompareMethodsFlags, 'model' | 'train'>,
): boolean {
  return !quick && !Object.hasOwn(model, name) && !(train && command?.train !== undefined);
}

/** The models that were named, by the names of methods. */
export async function loadedModels(
  methods: readonly Method[],
  { model }: Pick<CompareMethodsFlags, 'model'>,
): Promise<ReadonlyMap<string, AnyModel>> {
  const found = new Map<string, AnyModel>();
  for (const method of methods) {
    if (!Object.hasOwn(model, method.name)) continue;
    found.set(method.name, await loadModel(model[method.name], method.model.kind));
  }
  return found;
}

/** The harmonizer of a method for tables: what `concord harmonize` would use, with the same options. */
export function tableHarmonizer(
  method: Method,
  { flags, command, model }: { flags: CompareMethodsFlags; command: Command; model: AnyModel | undefined },
): AnyHarmonizer {
  const part = method.command?.tables;
  if (model === undefined && part !== undefined) {
    const values = methodValues(command, part.options);
    const problem = part.problem(values);
    if (problem !== undefined) wrongUsage(command, problem);
    // Some methods are fitted with a reference; others take it as their target when they are applied.
    const fitted = 'reference' in values && values['reference'] === undefined;
    return part.read(fitted ? { ...values, reference: flags.target } : values).harmonizer;
  }
  return made(method, 'features', { model });
}

/** The harmonizer of a method for slices: fitted here, with a stored model, or trained here. */
export function imageHarmonizer(
  method: Method,
  { flags, command, model }: { flags: CompareMethodsFlags; command: Command; model: AnyModel | undefined },
): AnyHarmonizer {
  const training = method.command?.train;
  const how = namedHarmonizerOptions(method, flags.option, { command, stored: model !== undefined });
  if (model !== undefined || method.quick || training === undefined) {
    return made(method, 'images', { ...how, model });
  }
  const sizes = Object.keys(training.sizes);
  const { trainSize: size = sizes.includes('small') ? 'small' : sizes[0], seed, learningRate } = flags;
  if (!sizes.includes(size)) {
    wrongUsage(
      command,
      `option '--train-size' is "${size}" (${suggestName(size, sizes, `${method.name} has ${sizes.join(', ')}`)})`,
    );
  }
  const { trainSteps: steps = 10_000, batchSize = 16 } = flags;
  const call = training.read(methodValues(command, training.options));
  const harmonizer = made(method, 'images', how);
  let fits = 0;
  if (harmonizer.kind !== 'images') return harmonizer;
  return {
    ...harmonizer,
    fit: (cohort: ImageCohort, run: RunOptions = {}) =>
      call.fit(imageSource(cohort), {
        size,
        steps,
        batchSize,
        learningRate,
        seed,
        checkpoints: checkpointsOf(method, fits++, flags),
        ...run,
      }),
  };
}

/** Where a training of a comparison keeps its checkpoints: in folds there are several of one method. */
function checkpointsOf({ name }: Method, fit: number, { out }: CompareMethodsFlags): CheckpointStore {
  return out === undefined ? nowhere : checkpointFolder(join(unfinishedFolder(out), `${name}-${fit + 1}`));
}

/** Without a folder for results a training cannot be resumed: one that is stopped starts again. */
const nowhere: CheckpointStore = {
  name: 'nowhere',
  latest: () => Promise.resolve(undefined),
  save: () => Promise.resolve(),
};

function made(method: Method, payload: 'features' | 'images', options: HarmonizerOptions): AnyHarmonizer {
  const harmonizer = method.harmonizers[payload]?.(options);
  if (harmonizer !== undefined) return harmonizer;
  throw new ConcordError('invalid-option', `invalid method: "${method.name}" has nothing for ${payload}`);
}
