import type { Issue } from '../data/issue';
import { isIssue, issuesToJson } from '../data/issue';
import type { JsonObject, JsonValue } from '../data/json';
import { isJsonObject } from '../data/json';
import type { Provenance } from '../data/provenance';
import { isProvenance } from '../data/provenance';
import { tableReadingFromJson, tableReadingToJson } from '../data/table-reading';
import { checkCombatModel, malformedModel } from './check-combat-model';
import type {
  CombatCovariate,
  CombatModel,
  CombatPrior,
  CombatSettings,
  CombatSite,
  FeatureStatus,
} from './combat-model';
import { shortJson } from '../data/short-json';

/** Arrays by name, each with its shape, row-major. */
export type CombatArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float64Array }
>;

/** A model with more numbers than this has them beside its JSON: text is three times as long, and slow. */
const mostNumbersAsText = 250_000;

const arrayNames = [
  ...['columnMeans', 'grandMean', 'pooledSd', 'coefficients'],
  ...['gammaHat', 'deltaHat', 'gammaStar', 'deltaStar'],
] as const;

type ArrayName = 'columnMeans' | 'grandMean' | 'pooledSd' | 'coefficients' | BySite;
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

function shapeOf({ features, sites, columns }: CombatModel, name: ArrayName): readonly number[] {
  if (name === 'columnMeans') return [columns.length];
  if (name === 'grandMean' || name === 'pooledSd') return [features.length];
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
    columns: model.columns,
    pooledPrior: priorToJson(model.pooledPrior),
    ...(reading === undefined ? {} : { reading: tableReadingToJson(reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
}

/**
 * Brings the JSON of an earlier layout into today's: the one place to change when the layout does.
 *
 * @throws ConcordError `malformed-model` for a layout that this version does not know.
 */
function migrated(json: JsonObject): JsonObject {
  const schema = json['schema'];
  if (schema === 1) return json;
  const newer = typeof schema === 'number' && schema > 1;
  throw malformedModel(
    `its schema is ${shortJson(schema)} and this version of concord-mri reads 1${newer ? ' (update concord-mri)' : ''}`,
  );
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
  const json = migrated(stored);
  const features = strings(json, 'features');
  const columns = strings(json, 'columns');
  const sites = objects(json, 'sites').map(siteFromJson);
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
    schema: 1,
    version: text(json, 'version'),
    settings: object(json, 'settings') as unknown as CombatSettings,
    features,
    status: status as readonly FeatureStatus[],
    sites,
    covariates: objects(json, 'covariates') as unknown as readonly CombatCovariate[],
    columns,
    columnMeans: vector('columnMeans', columns.length),
    grandMean: vector('grandMean', width),
    pooledSd: vector('pooledSd', width),
    coefficients: matrix('coefficients', columns.length),
    gammaHat: matrix('gammaHat', sites.length),
    deltaHat: matrix('deltaHat', sites.length),
    gammaStar: matrix('gammaStar', sites.length),
    deltaStar: matrix('deltaStar', sites.length),
    pooledPrior: json['pooledPrior'] === null ? null : priorFromJson(object(json, 'pooledPrior')),
    ...readingIn(json),
    issues: issuesOf(json),
    provenance: provenanceOf(json),
  });
}

/** Nothing where there is none, so that a model read back equals the one that was saved. */
function readingIn(json: JsonObject): Pick<CombatModel, 'reading'> {
  const reading = tableReadingFromJson(json['reading']);
  return reading === undefined ? {} : { reading };
}

function issuesOf(json: JsonObject): readonly Issue[] {
  const issues: unknown = json['issues'];
  if (Array.isArray(issues) && issues.every(isIssue)) return issues;
  throw malformedModel('issues are not a list of issues that this version of concord-mri knows');
}

function provenanceOf(json: JsonObject): Provenance {
  const provenance: unknown = json['provenance'];
  if (isProvenance(provenance)) return provenance;
  throw malformedModel('provenance is not a list of steps');
}

/** An array that is kept beside the JSON; `undefined` where it is in it. */
function keptArray(arrays: CombatArrays, name: string, shape: readonly number[]): Float64Array | undefined {
  const kept = arrays.get(name);
  if (kept === undefined) return undefined;
  if (kept.shape.join(' ') === shape.join(' ')) return kept.data;
  throw malformedModel(`${name} has ${kept.shape.join(' × ')} numbers, not ${shape.join(' × ')}`);
}

function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

function nested(values: Float64Array, rows: number, width: number): JsonValue {
  return Array.from({ length: rows }, (_, row) => numbers(values.subarray(row * width, (row + 1) * width)));
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

function vectorFromJson(json: JsonObject, name: string, length: number): Float64Array {
  const values = new Float64Array(length);
  fillRow(json[name], values, name);
  return values;
}

function matrixFromJson(
  json: JsonObject,
  name: string,
  [rows, width]: readonly [number, number],
): Float64Array {
  const found = json[name];
  if (!Array.isArray(found) || found.length !== rows)
    throw malformedModel(`${name} is not an array of ${rows} rows`);
  const values = new Float64Array(rows * width);
  found.forEach((row: JsonValue, index) =>
    fillRow(row, values.subarray(index * width, (index + 1) * width), name),
  );
  return values;
}

function fillRow(row: JsonValue | undefined, target: Float64Array, name: string): void {
  if (!Array.isArray(row) || row.length !== target.length) {
    throw malformedModel(`${name} is not made of rows of ${target.length} numbers`);
  }
  row.forEach((value: JsonValue, index) => {
    if (value !== null && typeof value !== 'number')
      throw malformedModel(`${name} holds ${shortJson(value)}`);
    target[index] = value ?? NaN;
  });
}

function text(json: JsonObject, name: string): string {
  const found = json[name];
  if (typeof found !== 'string') throw malformedModel(`it has no ${name}`);
  return found;
}

function number(json: JsonObject, name: string): number {
  const found = json[name];
  if (typeof found !== 'number') throw malformedModel(`it has no ${name}`);
  return found;
}

function strings(json: JsonObject, name: string): readonly string[] {
  const found = json[name];
  if (!Array.isArray(found) || !found.every((item): item is string => typeof item === 'string')) {
    throw malformedModel(`${name} is not a list of names`);
  }
  return found;
}

function object(json: JsonObject, name: string): JsonObject {
  const found = json[name];
  if (!isJsonObject(found)) throw malformedModel(`it has no ${name}`);
  return found;
}

function objects(json: JsonObject, name: string): readonly JsonObject[] {
  const found = json[name];
  if (!Array.isArray(found) || !found.every(isJsonObject)) throw malformedModel(`${name} is not a list`);
  return found;
}
