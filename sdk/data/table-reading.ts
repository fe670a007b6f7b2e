import type { JsonObject, JsonValue } from './json';
import { isJsonObject } from './json';

/** A column that was not taken for a feature, and why. */
export interface ColumnSetAside {
  readonly name: string;
  readonly reason: string;
}

/** A covariate as it was read. */
export interface CovariateReading {
  readonly name: string;
  readonly kind: 'continuous' | 'categorical';
  readonly unit?: string;
  readonly levels?: readonly string[];
}

/**
 * How the table of a cohort was read: enough to read others of its kind the same way, and to show what was taken for
 * what. It holds no name of a file and nothing of a person.
 */
export interface TableReading {
  /** A table, or the folder of FreeSurfer subjects. */
  readonly source: 'table' | 'free-surfer';
  /** The column of ids. */
  readonly id: string;
  /** The column of persons, where there is one. */
  readonly person?: string;
  /** The columns of families, where persons are grouped by them. */
  readonly family?: readonly string[];
  /** The column of sites. */
  readonly site: string;
  readonly covariates: readonly CovariateReading[];
  /** Whether the features were named by the user, or are the numeric columns that nothing spoke against. */
  readonly features: 'chosen' | 'inferred';
  /** The columns that were not taken for features; empty where the features were chosen. */
  readonly setAside: readonly ColumnSetAside[];
  /** Every other option that says how cells, rows and columns are read, for example `missing`. */
  readonly options: JsonObject;
  /** The names of columns in the table of participants, as far as they were stated. */
  readonly participants?: { readonly id?: string; readonly site?: string; readonly visit?: string };
  /** What was read from a folder of FreeSurfer subjects. */
  readonly freeSurfer?: { readonly measures: readonly string[]; readonly parcellation: string };
}

/** A reading as plain JSON. */
export function tableReadingToJson(reading: TableReading): JsonObject {
  return JSON.parse(JSON.stringify(reading)) as JsonObject;
}

/**
 * Reads a {@link TableReading} back.
 *
 * @returns `undefined` where the value is none: a reading helps to read other tables and is not needed to use a model
 */
export function tableReadingFromJson(json: JsonValue | undefined): TableReading | undefined {
  if (!isJsonObject(json)) return undefined;
  const { source, id, site, covariates, features, setAside, options } = json;
  const sound =
    (source === 'table' || source === 'free-surfer') &&
    [id, site].every((name) => typeof name === 'string') &&
    (features === 'chosen' || features === 'inferred') &&
    isListOf(covariates, ({ name, kind }) => typeof name === 'string' && typeof kind === 'string') &&
    isListOf(setAside, ({ name, reason }) => typeof name === 'string' && typeof reason === 'string') &&
    isJsonObject(options) &&
    isFreeSurfer(json['freeSurfer']) &&
    isParticipants(json['participants']);
  return sound ? (json as unknown as TableReading) : undefined;
}

function isListOf(json: JsonValue | undefined, check: (item: JsonObject) => boolean): boolean {
  return Array.isArray(json) && json.every((item: JsonValue) => isJsonObject(item) && check(item));
}

function isFreeSurfer(json: JsonValue | undefined): boolean {
  if (json === undefined) return true;
  if (!isJsonObject(json) || typeof json['parcellation'] !== 'string') return false;
  const measures = json['measures'];
  return Array.isArray(measures) && measures.every((measure: JsonValue) => typeof measure === 'string');
}

function isParticipants(json: JsonValue | undefined): boolean {
  return (
    json === undefined ||
    (isJsonObject(json) && Object.values(json).every((name) => typeof name === 'string'))
  );
}
