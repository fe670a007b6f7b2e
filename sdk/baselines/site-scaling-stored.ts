import { isIssue, issuesToJson } from '../data/issue';
import type { JsonObject, JsonValue } from '../data/json';
import { ConcordError } from '../errors';
import { version } from '../version';
import type { FeatureMoments, SiteScalingModel } from './site-scaling-model';

/** Arrays by name, each with its shape, row-major. */
export type SiteScalingArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float64Array }
>;

/** The version of the layout that this package writes and reads. */
const schema = 1;
/** A model with more numbers than this has them beside its JSON: text is three times as long, and slow. */
const mostNumbersAsText = 250_000;

const measures = ['mean', 'sd'] as const;

/**
 * Takes a model apart into JSON and, where it is large, arrays that are kept beside it: `mean` and `sd`, (1 + sites) ×
 * features, all subjects together in the first row. In JSON, `null` stands for `NaN`.
 */
export function siteScalingToStored(model: SiteScalingModel): {
  readonly description: JsonObject;
  readonly arrays: SiteScalingArrays;
} {
  const { features, sites, pooled, issues } = model;
  const rows = [pooled, ...sites.map(({ moments }) => moments)];
  const description: JsonObject = {
    kind: 'site-scaling',
    schema,
    version,
    features,
    sites: sites.map(({ name }) => name),
    issues: issuesToJson(issues),
  };
  const whole = (measure: (typeof measures)[number]): Float64Array => {
    const values = new Float64Array(rows.length * features.length);
    rows.forEach((row, at) => values.set(row[measure], at * features.length));
    return values;
  };
  if (2 * rows.length * features.length > mostNumbersAsText) {
    const shape = [rows.length, features.length];
    return { description, arrays: new Map(measures.map((name) => [name, { shape, data: whole(name) }])) };
  }
  const text = (measure: (typeof measures)[number]): JsonValue =>
    rows.map((row) => Array.from(row[measure], (value) => (Number.isFinite(value) ? value : null)));
  return { description: { ...description, mean: text('mean'), sd: text('sd') }, arrays: new Map() };
}

/**
 * Reads a model back, checking that its parts are there and fit each other.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function siteScalingFromStored(
  json: JsonObject,
  arrays: SiteScalingArrays = new Map(),
): SiteScalingModel {
  if (json['kind'] !== 'site-scaling') throw malformed(`its kind is ${JSON.stringify(json['kind'])}`);
  if (json['schema'] !== schema) {
    throw malformed(
      `its schema is ${JSON.stringify(json['schema'])} and this version of concord-mri reads ${schema}`,
    );
  }
  const features = names(json, 'features');
  const sites = names(json, 'sites');
  if (sites.length === 0) throw malformed('it has no site');
  const shape = [1 + sites.length, features.length] as const;
  const mean = matrix(json, arrays, { name: 'mean', shape });
  const sd = matrix(json, arrays, { name: 'sd', shape });
  if (sd.some((value) => value < 0)) throw malformed('a standard deviation is below 0');
  const row = (at: number): FeatureMoments => {
    const from = at * features.length;
    const to = (at + 1) * features.length;
    return { mean: mean.slice(from, to), sd: sd.slice(from, to) };
  };
  const issues: unknown = json['issues'];
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw malformed('its issues are not issues that this version of concord-mri knows');
  return {
    kind: 'site-scaling',
    features,
    pooled: row(0),
    sites: sites.map((name, at) => ({ name, moments: row(at + 1) })),
    issues,
  };
}

function names(json: JsonObject, part: string): readonly string[] {
  const found: unknown = json[part];
  const fits =
    Array.isArray(found) &&
    found.every((name): name is string => typeof name === 'string' && name !== '') &&
    new Set(found).size === found.length;
  if (!fits) throw malformed(`its ${part} are not a list of distinct names`);
  return found;
}

function matrix(
  json: JsonObject,
  arrays: SiteScalingArrays,
  { name, shape: [rows, width] }: { readonly name: string; readonly shape: readonly [number, number] },
): Float64Array {
  const kept = arrays.get(name);
  if (kept !== undefined) {
    if (kept.shape.join(' ') === `${rows} ${width}`) return kept.data;
    throw malformed(`${name} has ${kept.shape.join(' × ')} numbers, not ${rows} × ${width}`);
  }
  const found: unknown = json[name];
  if (!Array.isArray(found) || found.length !== rows) throw malformed(`${name} does not have ${rows} rows`);
  const values = new Float64Array(rows * width);
  found.forEach((row: unknown, at) => {
    if (!Array.isArray(row) || row.length !== width || !row.every(isNumber)) {
      throw malformed(`${name} is not made of rows of ${width} numbers`);
    }
    values.set(
      row.map((value) => value ?? NaN),
      at * width,
    );
  });
  return values;
}

function isNumber(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed model: ${what}`);
}
