import { basename } from 'node:path';
import type { MethodComparison } from '../../evaluate/comparison/method-comparison';
import { leaveOut } from '../../compare/compared-harmonizer';
import type { Noticed } from '../../compare/compared-harmonizer';
import { distinctIssues } from '../../data/issue';
import { ConcordError } from '../../errors';
import type { AnyModel, Method } from '../../methods/method';
import type { TrainedNetwork } from '../../methods/network-card';
import { loadAnyModel } from '../../methods/save-model';
import type { ShippedModels } from '../../methods/shipped-models';
import { modelsPackage, shippedFolder, shippedModels, shippedNames } from '../../methods/shipped-models';
import type { CompareMethodsFlags } from './compare-methods-flags';
import { loadedModels, needsModel } from './compare-methods-flags';

/** Methods that can be compared, and the models of those that have one. */
export interface MethodsWithModels extends Noticed {
  readonly methods: readonly Method[];
  readonly models: ReadonlyMap<string, AnyModel>;
  /** Where each model is from, in words. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whose models are known to have learned from nobody who can be in the data. */
  readonly heldOut: readonly string[];
}

/**
 * Finds a model for each method that needs one: the one that was named, else of those that ship for it the one that knows
 * the sites of the data, else the first. A method without one is left out by name.
 *
 * @param sites - those of the scans, and the target
 * @throws ConcordError `missing-package` when the package of models is needed and not there; `invalid-option` when no
 * method is left.
 */
export async function methodsWithModels(
  chosen: readonly Method[],
  flags: Pick<CompareMethodsFlags, 'model' | 'train'>,
  sites: readonly string[],
): Promise<MethodsWithModels> {
  const noticed: Noticed = { issues: [], leftOut: [] };
  const models = new Map(await loadedModels(chosen, flags));
  const sources = new Map([...models.keys()].map((name) => [name, basename(flags.model[name])]));
  const heldOut: string[] = [];
  const failed = new Map<Method, ConcordError>();
  const wanting = chosen.filter((method) => needsModel(method, flags));
  const shipped = wanting.length === 0 ? undefined : packageOfModels(wanting[0]);
  for (const method of wanting) {
    const { name } = method;
    const folders = shippedOf(method, shipped);
    if (folders instanceof ConcordError) {
      leaveOut(noticed, name, folders);
      failed.set(method, folders);
      continue;
    }
    const { folder, model } = await fitting(method, folders, sites);
    models.set(name, model);
    sources.set(name, `${basename(folder)} of ${modelsPackage} ${shipped?.version}`);
    if (learnedFromNobody(model)) heldOut.push(name);
  }
  const methods = chosen.filter((method) => !failed.has(method));
  const [first] = failed.values();
  if (methods.length === 0) throw first;
  return { methods, models, sources, heldOut, ...noticed };
}

function packageOfModels({ name }: Method): ShippedModels {
  try {
    return shippedModels();
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    const remedy = [
      `npm install ${modelsPackage}, name a model with --model ${name}=FOLDER, or train it here with --train`,
    ];
    throw new ConcordError(cause.code, `no model of ${name}: ${cause.problem}`, { remedy, cause });
  }
}

/** The folders of the models of a method that ship: at least one. */
function shippedOf({ name }: Method, shipped: ShippedModels | undefined): readonly string[] | ConcordError {
  try {
    const [first = name, ...others] = shippedNames(name, shipped);
    return [first, ...others].map((own) => shippedFolder(own, shipped));
  } catch (cause) {
    if (!(cause instanceof ConcordError)) throw cause;
    const remedy = [
      `train one by concord train and name it with --model ${name}=FOLDER, or train it here with --train`,
    ];
    return new ConcordError(cause.code, cause.problem, { remedy, cause });
  }
}

/** A model with where it is from. */
interface Stored {
  readonly folder: string;
  readonly model: AnyModel;
}

/** The first model that knows all sites; where none does, the first of all, which says what it knows. */
async function fitting(
  method: Method,
  [first, ...others]: readonly string[],
  sites: readonly string[],
): Promise<Stored> {
  const usual = { folder: first, model: await loadAnyModel(first) };
  if (knows(method, usual.model, sites)) return usual;
  for (const folder of others) {
    const model = await loadAnyModel(folder);
    if (knows(method, model, sites)) return { folder, model };
  }
  return usual;
}

function knows(method: Method, model: AnyModel, sites: readonly string[]): boolean {
  const targets = method.harmonizers.images?.({ model }).targets(model) ?? [];
  return sites.every((site) => targets.includes(site));
}

/** Whether a model learned from digital persons only, who were made for nothing else. */
function learnedFromNobody(model: AnyModel): boolean {
  const { learned } = model as AnyModel & Partial<Pick<TrainedNetwork, 'learned'>>;
  return learned !== undefined && learned.people.real === 0;
}

/** The comparison with what was left out before it began, and where each model is from. */
export function withSources(
  comparison: MethodComparison,
  { issues, leftOut, sources }: Pick<MethodsWithModels, 'issues' | 'leftOut' | 'sources'>,
): MethodComparison {
  return {
    ...comparison,
    methods: comparison.methods.map((method) => {
      const source = sources.get(method.name);
      return method.model === undefined ? method : { ...method, model: { ...method.model, source } };
    }),
    leftOut: [...leftOut, ...comparison.leftOut],
    issues: distinctIssues([...issues, ...comparison.issues]),
  };
}
