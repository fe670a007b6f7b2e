import { isIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { ConcordError } from '../errors';
import { version } from '../version';
import type { HistogramMatchingModel } from './histogram-matching-model';
import type { NyulModel } from './nyul-model';
import type { RegionSettings } from './region';
import { shortJson } from '../data/short-json';

/** The models of intensity normalization that learn from a cohort. */
export type LearnedIntensityModel = NyulModel | HistogramMatchingModel;

/** The version of the file that this package writes and reads. */
const schema = 1;

/** Turns a model into JSON: the model as it is, with the versions of file and package. */
export function intensityModelToJson(model: LearnedIntensityModel): JsonObject {
  return JSON.parse(JSON.stringify({ ...model, schema, version })) as JsonObject;
}

/**
 * Reads a model back, checking that its numbers are there and ascend.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function intensityModelFromJson(json: JsonObject): LearnedIntensityModel {
  if (json['schema'] !== schema) {
    throw malformed(
      `its schema is ${shortJson(json['schema'])} and this version of concord-mri reads ${schema}`,
    );
  }
  const { scans, region, issues } = json as Readonly<Record<string, unknown>>;
  if (typeof scans !== 'number') throw malformed('it does not say how many scans it was learned from');
  if (!isRegion(region)) throw malformed('its region is not one that a model can have');
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw malformed('its issues are not issues that this version of concord-mri knows');
  const rest = { scans, region: { region: region.region, outside: region.outside }, issues };
  if (json['kind'] === 'nyul') {
    const percentiles = ascending(json, 'percentiles');
    const standard = ascending(json, 'standard');
    if (percentiles.length !== standard.length) {
      throw malformed(`it has ${percentiles.length} percentiles and ${standard.length} standard intensities`);
    }
    return { kind: 'nyul', percentiles, standard, ...rest };
  }
  if (json['kind'] !== 'histogram-matching') throw malformed(`its kind is ${shortJson(json['kind'])}`);
  return { kind: 'histogram-matching', quantiles: ascending(json, 'quantiles'), ...rest };
}

function ascending(json: JsonObject, part: string): readonly number[] {
  const numbers: unknown = json[part];
  const fits =
    Array.isArray(numbers) &&
    numbers.length >= 2 &&
    numbers.every((value: unknown, i) => {
      const before: unknown = numbers[i - 1];
      return Number.isFinite(value) && (typeof before !== 'number' || before <= Number(value));
    });
  if (!fits) throw malformed(`its ${part} are not two or more ascending numbers`);
  return numbers as number[];
}

function isRegion(value: unknown): value is RegionSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { region, outside } = value as Readonly<Record<string, unknown>>;
  return (region === 'mask' || region === 'non-zero') && (outside === 'auto' || outside === 'map');
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed model: ${what}`);
}
