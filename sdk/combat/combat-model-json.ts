import { issuesToJson } from '../data/issue';
import type { JsonObject, JsonValue } from '../data/json';
import { tableReadingToJson } from '../data/table-reading';
import { checkCombatModel, malformedModel } from './stored/check-combat-model';
import type {
  CombatCovariate,
  CombatModel,
  CombatPrior,
  CombatSettings,
  CombatSite,
  CombatSmooth,
  FeatureStatus,
} from './combat-model';
import { shortJson } from '../data/short-json';
import type { CombatArrays } from './stored/json-parts';
import {
  issuesInModel,
  keptArray,
  matrixFromJson,
  nested,
  number,
  numbers,
  object,
  objects,
  provenanceOf,
  readingIn,
  strings,
  termsFromJson,
  termsToJson,
  text,
  vectorFromJson,
} from './stored/json-parts';
import { migrateCombatModel } from './stored/migrate-combat-model';

export type { CombatArrays } from './stored/json-parts';

/** A model with more numbers than this has them beside its JSON: text is three times as long, and slow. */
export const mostNumbersAsText = 250_000;

const arrayNames = [
  ...['columnMeans', 'grandMean', 'pooledSd', 'coefficients'],
  ...['scaleMeans', 'scaleCoefficients'],
  ...['gammaHat', 'deltaHat', 'gammaStar', 'deltaStar'],
  ...['penalties', 'freedom'],
] as const;

type ArrayName = ByFeature | 'scaleMeans' | 'scaleCoefficients' | 'penalties' | 'freedom' | BySite;
type ByFeature = 'columnMeans' | 'grandMean' | 'pooledSd' | 'coefficients';
type BySite = 'gammaHat' | 'deltaHat' | 'gammaStar' | 'deltaStar';

/**
 * Takes a model apart into JSON and, where it is large, arrays that are kept beside it.
 *
 * @param most - so many numbers may be text
 */
export function combatModelToStored(
  model: CombatModel,
  most: number = mostNumbersAsText,
): {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
} {
  const names: readonly ArrayName[] = arrayNames;
  const count = names.reduce((sum, name) => sum + model[name].length, 0);
  if (count <= most) return { description: combatModelToJson(model), arrays: new Map() };
  const arrays = names.map((name) => [name, { shape: shapeOf(model, name), data: model[name] }] as const);
  return { description: withoutArrays(model), arrays: new Map(arrays) };
}

function shapeOf(model: CombatModel, name: ArrayName): readonly number[] {
  const { features, sites, smooths, columns, scaleColumns } = model;
  if (name === 'columnMeans') return [columns.length];
  if (name === 'scaleMeans') return [scaleColumns.length];
  if (name === 'scaleCoefficients') return [scaleColumns.length, features.length];
  if (name === 'grandMean' || name === 'pooledSd') return [features.length];
  if (name === 'penalties' || name === 'freedom') return [smooths.length, features.length];
  return [name === 'coefficients' ? columns.length : sites.length, features.length];
}

/**
 * Turns a model into JSON that gives back the same bits. Numbers that are not finite become `null`; arrays with a
 * row per site or column become nested arrays, so that the file can be read by eye and by any other program.
 */
export function combatModelToJson(model: CombatModel): JsonObject {
  const arrays = (arrayNames as readonly ArrayName[]).map((name): [string, JsonValue] => {
    const shape = shapeOf(model, name);
    return [name, shape.length === 1 ? numbers(model[name]) : nested(model[name], shape[0], shape[1])];
  });
  return { ...withoutArrays(model), ...Object.fromEntries(arrays) };
}

function withoutArrays(model: CombatModel): JsonObject {
  const { reading } = model;
  return {
    kind: model.kind,
    schema: model.schema,
    version: model.version,
    settings: { ...model.settings },
    features: model.features,
    status: model.status,
    sites: model.sites.map((site) => ({ ...site, prior: priorToJson(site.prior) })),
    covariates: model.covariates.map((covariate) => ({ ...covariate })),
    terms: termsToJson(model.terms),
    smooths: model.smooths.map(({ by, ...smooth }) => ({
      ...smooth,
      ...(by === undefined ? {} : { by: { ...by } }),
    })),
    columns: model.columns,
    scaleTerms: termsToJson(model.scaleTerms),
    scaleColumns: model.scaleColumns,
    pooledPrior: priorToJson(model.pooledPrior),
    ...(reading === undefined ? {} : { reading: tableReadingToJson(reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
}

/**
 * Reads a model back, checking that every part is there, of the right size, and fits the others.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function combatModelFromJson(stored: JsonObject, arrays: CombatArrays = new Map()): CombatModel {
  if (stored['kind'] !== 'combat')
    throw malformedModel(`its kind is ${shortJson(stored['kind'])}, not "combat"`);
  const json = migrateCombatModel(stored);
  const features = strings(json, 'features');
  const columns = strings(json, 'columns');
  const scaleColumns = strings(json, 'scaleColumns');
  const sites = objects(json, 'sites').map(siteFromJson);
  const smooths = objects(json, 'smooths') as unknown as readonly CombatSmooth[];
  const width = features.length;
  const status = strings(json, 'status');
  if (status.length !== width)
    throw malformedModel(`status has ${status.length} entries for ${width} features`);
  const vector = (name: string, length: number): Float64Array =>
    keptArray(arrays, name, [length]) ?? vectorFromJson(json, name, length);
  const matrix = (name: string, rows: number): Float64Array =>
    keptArray(arrays, name, [rows, width]) ?? matrixFromJson(json, name, [rows, width]);
  return checkCombatModel({
    kind: 'combat',
    schema: 3,
    version: text(json, 'version'),
    settings: object(json, 'settings') as unknown as CombatSettings,
    features,
    status: status as readonly FeatureStatus[],
    sites,
    covariates: objects(json, 'covariates') as unknown as readonly CombatCovariate[],
    terms: termsFromJson(json, 'terms'),
    smooths,
    columns,
    columnMeans: vector('columnMeans', columns.length),
    grandMean: vector('grandMean', width),
    pooledSd: vector('pooledSd', width),
    scaleTerms: termsFromJson(json, 'scaleTerms'),
    scaleColumns,
    scaleMeans: vector('scaleMeans', scaleColumns.length),
    scaleCoefficients: matrix('scaleCoefficients', scaleColumns.length),
    coefficients: matrix('coefficients', columns.length),
    penalties: matrix('penalties', smooths.length),
    freedom: matrix('freedom', smooths.length),
    gammaHat: matrix('gammaHat', sites.length),
    deltaHat: matrix('deltaHat', sites.length),
    gammaStar: matrix('gammaStar', sites.length),
    deltaStar: matrix('deltaStar', sites.length),
    pooledPrior: json['pooledPrior'] === null ? null : priorFromJson(object(json, 'pooledPrior')),
    ...readingIn(json),
    issues: issuesInModel(json),
    provenance: provenanceOf(json),
  });
}

function priorToJson(prior: CombatPrior | null): JsonValue {
  if (prior === null) return null;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    locationMean: finite(prior.locationMean),
    locationVariance: finite(prior.locationVariance),
    scaleShape: finite(prior.scaleShape),
    scaleScale: finite(prior.scaleScale),
  };
}

function priorFromJson(json: JsonObject): CombatPrior {
  const value = (name: string): number => {
    const found = json[name];
    if (found === null) return NaN;
    if (typeof found !== 'number') throw malformedModel(`a prior has no ${name}`);
    return found;
  };
  return {
    locationMean: value('locationMean'),
    locationVariance: value('locationVariance'),
    scaleShape: value('scaleShape'),
    scaleScale: value('scaleScale'),
  };
}

function siteFromJson(json: JsonObject): CombatSite {
  const adjusts = text(json, 'adjusts');
  if (adjusts !== 'location-and-scale' && adjusts !== 'location' && adjusts !== 'reference') {
    throw malformedModel(`site ${shortJson(json['name'])} adjusts "${adjusts}"`);
  }
  return {
    name: text(json, 'name'),
    subjects: number(json, 'subjects'),
    adjusts,
    prior: json['prior'] === null ? null : priorFromJson(object(json, 'prior')),
    iterations: number(json, 'iterations'),
  };
}
