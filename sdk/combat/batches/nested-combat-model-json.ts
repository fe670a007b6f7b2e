import { issuesToJson } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import { isJsonObject, isNames } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { tableReadingToJson } from '../../data/table-reading';
import type { NormalPart } from '../../math/statistics/two-normals';
import { combatModelFromJson, combatModelToStored } from '../combat-model-json';
import { malformedModel } from '../stored/check-combat-model';
import type { CombatArrays } from '../stored/json-parts';
import {
  issuesInModel,
  number,
  object,
  objects,
  provenanceOf,
  readingIn,
  strings,
  text,
} from '../stored/json-parts';
import type { BatchVariable } from './batch-variables';
import type { MixtureSplit } from './mixture-split';
import { mixtureName } from './mixture-split';
import type { BatchStep, NestedCombatModel, NestedCombatSettings } from './nested-combat-model';

/** Takes a model apart into JSON and, where its steps are large, arrays that are kept beside it. */
export function nestedCombatModelToStored(model: NestedCombatModel): {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
} {
  const { kind, schema, version, settings, batches, split, tried, differing, sites, reading } = model;
  const steps = model.steps.map(({ batch, combat }) => ({ batch, ...combatModelToStored(combat) }));
  const description: JsonObject = {
    kind,
    schema,
    version,
    settings: { ...settings, preserve: [...settings.preserve], references: { ...settings.references } },
    batches: batches.map(({ name, from, levels }) => ({ name, from, levels: [...levels] })),
    ...(split === undefined
      ? {}
      : { split: { feature: split.feature, parts: split.parts.map((part) => ({ ...part })) } }),
    steps: steps.map(({ batch, description: combat }) => ({ batch, combat })),
    tried: tried.map(({ order, differing: pairs }) => ({ order: [...order], differing: pairs })),
    differing: differing.map((one) => ({ ...one })),
    sites: [...sites],
    ...(reading === undefined ? {} : { reading: tableReadingToJson(reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
  const arrays = steps.flatMap((step, at) =>
    [...step.arrays].map(([name, array]) => [`${stepPrefix(at)}${name}`, array] as const),
  );
  return { description, arrays: new Map(arrays) };
}

function stepPrefix(at: number): string {
  return `step${at + 1}.`;
}

/**
 * Reads a model back, checking that its parts are there and fit each other.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function nestedCombatModelFromJson(
  json: JsonObject,
  arrays: CombatArrays = new Map(),
): NestedCombatModel {
  if (json['kind'] !== 'nested-combat')
    throw malformedModel(`its kind is ${shortJson(json['kind'])}, not "nested-combat"`);
  if (json['schema'] !== 1)
    throw malformedModel(
      `its schema is ${shortJson(json['schema'])} and this version of concord-mri reads 1`,
    );
  return checkParts({
    kind: 'nested-combat',
    schema: 1,
    version: text(json, 'version'),
    settings: settingsOf(object(json, 'settings')),
    batches: objects(json, 'batches').map(variableOf),
    ...(json['split'] === undefined ? {} : { split: splitOf(object(json, 'split')) }),
    steps: objects(json, 'steps').map((step, at) => stepOf(step, at, arrays)),
    tried: objects(json, 'tried').map((one) => ({
      order: strings(one, 'order'),
      differing: number(one, 'differing'),
    })),
    differing: objects(json, 'differing').map((one) => ({
      batch: text(one, 'batch'),
      before: number(one, 'before'),
      after: number(one, 'after'),
    })),
    sites: strings(json, 'sites'),
    ...readingIn(json),
    issues: issuesInModel(json),
    provenance: provenanceOf(json),
  });
}

function settingsOf(json: JsonObject): NestedCombatSettings {
  const { order, mixture, references } = json;
  if (order !== 'searched' && order !== 'given') throw malformedModel('settings have no order');
  if (mixture !== 'none' && mixture !== 'batch' && mixture !== 'preserve')
    throw malformedModel('settings have no mixture');
  if (!isJsonObject(references) || !isNames(Object.values(references)))
    throw malformedModel('settings have no references');
  const levels = references as Readonly<Record<string, string>>;
  return { preserve: strings(json, 'preserve'), order, mixture, references: levels };
}

function variableOf(json: JsonObject): BatchVariable {
  const { from } = json;
  if (from !== 'site' && from !== 'covariate')
    throw malformedModel(`a batch variable is from ${shortJson(from)}`);
  return { name: text(json, 'name'), from, levels: strings(json, 'levels') };
}

function splitOf(json: JsonObject): MixtureSplit {
  const parts = objects(json, 'parts').map(partOf);
  if (parts.length !== 2) throw malformedModel(`a split has ${parts.length} parts`);
  return { feature: text(json, 'feature'), parts: [parts[0], parts[1]] };
}

function partOf(json: JsonObject): NormalPart {
  const part = { weight: number(json, 'weight'), mean: number(json, 'mean'), sd: number(json, 'sd') };
  if (part.weight > 0 && part.sd > 0) return part;
  throw malformedModel('a part of a split has no weight or no spread');
}

function stepOf(json: JsonObject, at: number, arrays: CombatArrays): BatchStep {
  const prefix = stepPrefix(at);
  const own = [...arrays].flatMap(([name, array]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), array] as const] : [],
  );
  return { batch: text(json, 'batch'), combat: combatModelFromJson(object(json, 'combat'), new Map(own)) };
}

/** Steps are one for each variable, and all are of the same features. */
function checkParts(model: NestedCombatModel): NestedCombatModel {
  const { steps, batches, split, settings } = model;
  const groups = split === undefined || settings.mixture !== 'batch' ? [] : [mixtureName(split)];
  const names = [...batches.map(({ name }) => name), ...groups];
  const inOrder = (list: readonly string[]): string => [...list].sort().join('\n');
  if (steps.length === 0 || inOrder(steps.map(({ batch }) => batch)) !== inOrder(names))
    throw malformedModel('its steps are not one for each of its batch variables');
  const features = steps.map(({ combat }) => combat.features.join('\n'));
  if (features.some((one) => one !== features[0])) throw malformedModel('its steps have different features');
  if (split !== undefined && !steps[0].combat.features.includes(split.feature))
    throw malformedModel(`its features are without ${shortJson(split.feature)}, which its groups are of`);
  return model;
}
