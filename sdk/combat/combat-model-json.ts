import type { Issue } from '../data/issue';
import { issuesToJson } from '../data/issue';
import type { JsonObject, JsonValue } from '../data/json';
import type { Provenance } from '../data/provenance';
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

/**
 * Turns a model into JSON that gives back the same bits. Numbers that are not finite become `null`; arrays with a
 * row per site or column become nested arrays, so that the file can be read by eye and by any other program.
 */
export function combatModelToJson(model: CombatModel): JsonObject {
  const width = model.features.length;
  const bySite = (values: Float64Array): JsonValue => nested(values, model.sites.length, width);
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
    columnMeans: numbers(model.columnMeans),
    grandMean: numbers(model.grandMean),
    pooledSd: numbers(model.pooledSd),
    coefficients: nested(model.coefficients, model.columns.length, width),
    gammaHat: bySite(model.gammaHat),
    deltaHat: bySite(model.deltaHat),
    gammaStar: bySite(model.gammaStar),
    deltaStar: bySite(model.deltaStar),
    pooledPrior: priorToJson(model.pooledPrior),
    ...(model.reading === undefined ? {} : { reading: tableReadingToJson(model.reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
}

/**
 * Reads a model back, checking that every part is there, of the right size, and fits the others.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function combatModelFromJson(json: JsonObject): CombatModel {
  if (json['kind'] !== 'combat')
    throw malformedModel(`its kind is ${JSON.stringify(json['kind'])}, not "combat"`);
  const schema = json['schema'];
  if (schema !== 1) {
    const newer = typeof schema === 'number' && schema > 1;
    throw malformedModel(
      `its schema is ${JSON.stringify(schema)} and this version of concord-mri reads 1${newer ? ' (update concord-mri)' : ''}`,
    );
  }
  const features = strings(json, 'features');
  const columns = strings(json, 'columns');
  const sites = objects(json, 'sites').map(siteFromJson);
  const width = features.length;
  const status = strings(json, 'status');
  if (status.length !== width)
    throw malformedModel(`status has ${status.length} entries for ${width} features`);
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
    columnMeans: vector(json, 'columnMeans', columns.length),
    grandMean: vector(json, 'grandMean', width),
    pooledSd: vector(json, 'pooledSd', width),
    coefficients: matrix(json, 'coefficients', columns.length, width),
    gammaHat: matrix(json, 'gammaHat', sites.length, width),
    deltaHat: matrix(json, 'deltaHat', sites.length, width),
    gammaStar: matrix(json, 'gammaStar', sites.length, width),
    deltaStar: matrix(json, 'deltaStar', sites.length, width),
    pooledPrior: json['pooledPrior'] === null ? null : priorFromJson(object(json, 'pooledPrior')),
    ...readingIn(json),
    issues: objects(json, 'issues') as unknown as readonly Issue[],
    provenance: objects(json, 'provenance') as unknown as Provenance,
  });
}

/** Nothing where there is none, so that a model read back equals the one that was saved. */
function readingIn(json: JsonObject): Pick<CombatModel, 'reading'> {
  const reading = tableReadingFromJson(json['reading']);
  return reading === undefined ? {} : { reading };
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
    throw malformedModel(`site ${JSON.stringify(json['name'])} adjusts "${adjusts}"`);
  }
  return {
    name: text(json, 'name'),
    subjects: number(json, 'subjects'),
    adjusts,
    prior: json['prior'] === null ? null : priorFromJson(object(json, 'prior')),
    iterations: number(json, 'iterations'),
  };
}

function vector(json: JsonObject, name: string, length: number): Float64Array {
  const values = new Float64Array(length);
  fillRow(json[name], values, name);
  return values;
}

function matrix(json: JsonObject, name: string, rows: number, width: number): Float64Array {
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
      throw malformedModel(`${name} holds ${JSON.stringify(value)}`);
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
  if (!isObject(found)) throw malformedModel(`it has no ${name}`);
  return found;
}

function objects(json: JsonObject, name: string): readonly JsonObject[] {
  const found = json[name];
  if (!Array.isArray(found) || !found.every(isObject)) throw malformedModel(`${name} is not a list`);
  return found;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
