import type { Issue } from '../../data/issue';
import { isIssue } from '../../data/issue';
import type { JsonObject, JsonValue } from '../../data/json';
import { isJsonObject, isNames } from '../../data/json';
import type { Provenance } from '../../data/provenance';
import { isProvenance } from '../../data/provenance';
import { shortJson } from '../../data/short-json';
import type { TableReading } from '../../data/table-reading';
import { tableReadingFromJson } from '../../data/table-reading';
import type { CombatTerm } from '../design/formula';
import { malformedModel } from './check-combat-model';

/** Arrays by name, each with its shape, row-major. */
export type CombatArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float64Array }
>;

/** Numbers as JSON has them: `null` for what is not finite. */
export function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

/** Rows of numbers. */
export function nested(values: Float64Array, rows: number, width: number): JsonValue {
  return Array.from({ length: rows }, (_, row) => numbers(values.subarray(row * width, (row + 1) * width)));
}

/**
 * The issues of a stored model.
 *
 * @throws ConcordError `malformed-model`.
 */
export function issuesInModel(json: JsonObject): readonly Issue[] {
  const issues: unknown = json['issues'];
  if (Array.isArray(issues) && issues.every(isIssue)) return issues;
  throw malformedModel('issues are not a list of issues that this version of concord-mri knows');
}

/**
 * The provenance of a stored model.
 *
 * @throws ConcordError `malformed-model`.
 */
export function provenanceOf(json: JsonObject): Provenance {
  const provenance: unknown = json['provenance'];
  if (isProvenance(provenance)) return provenance;
  throw malformedModel('provenance is not a list of steps');
}

/** How the table was read; nothing where there is none, so that a model read back equals the one that was saved. */
export function readingIn(json: JsonObject): { readonly reading?: TableReading } {
  const reading = tableReadingFromJson(json['reading']);
  return reading === undefined ? {} : { reading };
}

/** An array that is kept beside the JSON; `undefined` where it is in it. */
export function keptArray(
  arrays: CombatArrays,
  name: string,
  shape: readonly number[],
): Float64Array | undefined {
  const kept = arrays.get(name);
  if (kept === undefined) return undefined;
  if (kept.shape.join(' ') === shape.join(' ')) return kept.data;
  throw malformedModel(`${name} has ${kept.shape.join(' × ')} numbers, not ${shape.join(' × ')}`);
}

/**
 * A list of numbers by its name.
 *
 * @throws ConcordError `malformed-model` where it is not of that length.
 */
export function vectorFromJson(json: JsonObject, name: string, length: number): Float64Array {
  const values = new Float64Array(length);
  fillRow(json[name], values, name);
  return values;
}

/**
 * Rows of numbers by their name, row-major.
 *
 * @throws ConcordError `malformed-model` where they are not of that shape.
 */
export function matrixFromJson(
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

/**
 * A text by its name.
 *
 * @throws ConcordError `malformed-model`.
 */
export function text(json: JsonObject, name: string): string {
  const found = json[name];
  if (typeof found !== 'string') throw malformedModel(`it has no ${name}`);
  return found;
}

/**
 * A number by its name.
 *
 * @throws ConcordError `malformed-model`.
 */
export function number(json: JsonObject, name: string): number {
  const found = json[name];
  if (typeof found !== 'number') throw malformedModel(`it has no ${name}`);
  return found;
}

/**
 * A list of texts by its name.
 *
 * @throws ConcordError `malformed-model`.
 */
export function strings(json: JsonObject, name: string): readonly string[] {
  const found = json[name];
  if (!isNames(found)) throw malformedModel(`${name} is not a list of names`);
  return found;
}

/**
 * An object by its name.
 *
 * @throws ConcordError `malformed-model`.
 */
export function object(json: JsonObject, name: string): JsonObject {
  const found = json[name];
  if (!isJsonObject(found)) throw malformedModel(`it has no ${name}`);
  return found;
}

/**
 * A list of objects by its name.
 *
 * @throws ConcordError `malformed-model`.
 */
export function objects(json: JsonObject, name: string): readonly JsonObject[] {
  const found = json[name];
  if (!Array.isArray(found) || !found.every(isJsonObject)) throw malformedModel(`${name} is not a list`);
  return found;
}

/** Terms as JSON has them. */
export function termsToJson(terms: readonly CombatTerm[]): JsonValue {
  return terms.map((term) => [...term]);
}

/**
 * The terms of a stored model.
 *
 * @throws ConcordError `malformed-model`.
 */
export function termsFromJson(json: JsonObject, name: string): readonly CombatTerm[] {
  const found = json[name];
  if (!Array.isArray(found)) throw malformedModel(`${name} is not a list of terms`);
  return found.map((term: unknown) => {
    if (isNames(term) && term.length > 0) return term;
    throw malformedModel(`${name} holds what is no list of covariates`);
  });
}
