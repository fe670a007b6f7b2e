import type { IntensityModel } from '../baselines/intensity-model';
import type { PixelCombatModel } from '../baselines/pixel-combat/pixel-combat-model';
import type { SiteScalingModel } from '../baselines/site-scaling-model';
import type { CombatModel } from '../combat/combat-model';
import type { NestedCombatModel } from '../combat/batches/nested-combat-model';
import type { CovbatModel } from '../combat/covbat/covbat-model';
import type { LongitudinalModel } from '../combat/longitudinal/longitudinal-model';
import { listNames } from '../data/list-names';
import { clearlyMeant } from '../data/nearest-names';
import type { CvaeModel } from '../cvae/cvae-model';
import type { CycleganModel } from '../cyclegan/cyclegan-model';
import type { DdaeModel } from '../ddae/ddae-model';
import { ConcordError } from '../errors';
import type { HistogramMatchingModel } from '../intensity/histogram-matching-model';
import type { NyulModel } from '../intensity/nyul-model';
import type { MurdModel } from '../murd/murd-model';
import type { AutoencoderModel } from '../nn/autoencoder/autoencoder-model';
import type { StarganModel } from '../stargan/stargan-model';
import { autoencoderKind } from './autoencoder-kind';
import { combatMethod } from './combat-method';
import { covbatMethod } from './covbat-method';
import { cvaeMethod } from './cvae-method';
import { cycleganMethod } from './cyclegan-method';
import { ddaeMethod } from './ddae-method';
import { histogramMatchingKind, nyulKind } from './learned-intensity-kinds';
import type { AnyModel, Method, ModelKind } from './method';
import { intensityMethods } from './intensity-methods';
import { longitudinalMethod } from './longitudinal-method';
import { murdMethod } from './murd-method';
import { nestedCombatMethod } from './nested-combat-method';
import { pixelCombatMethod } from './pixel-combat-method';
import { siteScalingMethod } from './site-scaling-method';
import { starganV2Method } from './stargan-v2-method';
import { styleGanMethod } from './style-gan-method';
import { requireCall } from '../data/calls/require-call';

/** The models by their kinds, as `loadModel(path, kind)` returns them. */
export interface ModelByKind {
  readonly combat: CombatModel;
  readonly covbat: CovbatModel;
  readonly 'nested-combat': NestedCombatModel;
  readonly longitudinal: LongitudinalModel;
  readonly 'site-scaling': SiteScalingModel;
  readonly 'pixel-combat': PixelCombatModel;
  readonly intensity: IntensityModel;
  readonly nyul: NyulModel;
  readonly 'histogram-matching': HistogramMatchingModel;
  readonly autoencoder: AutoencoderModel;
  readonly cvae: CvaeModel;
  readonly cyclegan: CycleganModel;
  readonly ddae: DdaeModel;
  readonly murd: MurdModel;
  readonly 'stargan-v2': StarganModel;
  readonly 'style-gan': StarganModel;
}

/** Every method, in the order of help texts and tables: a new one is a line here. */
const known: Method[] = [
  combatMethod,
  covbatMethod,
  nestedCombatMethod,
  longitudinalMethod,
  siteScalingMethod,
  ...intensityMethods,
  pixelCombatMethod,
  ddaeMethod,
  murdMethod,
  cvaeMethod,
  cycleganMethod,
  starganV2Method,
  styleGanMethod,
];

/** Kinds of models that are not those of a method of harmonization. */
const others: readonly ModelKind[] = [nyulKind, histogramMatchingKind, autoencoderKind];

/** Every method there is, those that were added included. */
export function allMethods(): readonly Method[] {
  return known;
}

/** Every kind of model that can be saved, loaded and shown. */
export function modelKinds(): readonly ModelKind[] {
  return [...new Set(known.map(({ model }) => model)), ...others];
}

/**
 * Adds a method of your own: its models can then be saved, loaded and shown, it takes whole scans if it works on slices,
 * takes part in comparisons, and has its options on the command line.
 *
 * @returns takes it away again
 * @throws ConcordError `invalid-option` when there is a method of that name.
 */
export function addMethod<Model extends AnyModel>(method: Method<Model>): () => void {
  requireCall('methods.add', { method });
  if (known.some(({ name }) => name === method.name)) {
    throw new ConcordError('invalid-option', `invalid method: there is one named "${method.name}" already`);
  }
  const added: Method = method;
  known.push(added);
  return () => void known.splice(known.indexOf(added), 1);
}

/**
 * The method of that name.
 *
 * @throws ConcordError `invalid-option` naming those that there are.
 */
export function methodNamed(name: string): Method {
  const found = known.find((method) => method.name === name);
  if (found !== undefined) return found;
  const names = known.map((method) => method.name);
  const near = clearlyMeant(name, names);
  const hint = near === undefined ? `there are ${listNames(names, names.length)}` : `did you mean "${near}"?`;
  throw new ConcordError('invalid-option', `unknown method: ${JSON.stringify(name)} (${hint})`);
}

/**
 * The kind of a model, and the name in text of the one method that makes such models; `undefined` for what is no model.
 */
export function aboutModel(
  value: unknown,
): { readonly kind: ModelKind; readonly title: string | undefined } | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const kind = modelKinds().find((one) => one.kind === value.kind);
  if (kind === undefined) return undefined;
  return { kind, title: makerOf(value as AnyModel)?.title };
}

/** The method that made a model; `undefined` where none did. */
export function makerOf(model: AnyModel): Method | undefined {
  return known.find((method) => method.model.kind === model.kind && (method.made?.(model) ?? true));
}
