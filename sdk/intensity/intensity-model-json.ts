import type { JsonObject } from '../data/json';
import { ConcordError } from '../errors';
import { version } from '../version';
import type { HistogramMatchingModel } from './histogram-matching-model';
import type { NyulModel } from './nyul-model';

/** The models of intensity normalization that learn from a cohort. */
export type LearntIntensityModel = NyulModel | HistogramMatchingModel;

/** The version of the file that this package writes and reads. */
const schema = 1;

/** Turns a model into JSON: the model as it is, with the versions of file and package. */
export function intensityModelToJson(model: LearntIntensityModel): JsonObject {
  return JSON.parse(JSON.stringify({ ...model, schema, version })) as JsonObject;
}

/**
 * Reads a model back, checking that its numbers are there and ascend.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function intensityModelFromJson(json: JsonObject): LearntIntensityModel {
  if (json['schema'] !== schema) {
    throw malformed(
      `its schema is ${JSON.stringify(json['schema'])} and this version of concord-mri reads ${schema}`,
    );
  }
  const { scans, region, issues } = json;
  const whole = typeof scans === 'number' && isObject(region) && 'region' in region && 'outside' in region;
  if (!whole || !Array.isArray(issues)) throw malformed('scans, region or issues are missing');
  const rest = { scans, region, issues };
  if (json['kind'] === 'nyul') {
    const percentiles = ascending(json, 'percentiles');
    const standard = ascending(json, 'standard');
    if (percentiles.length !== standard.length) {
      throw malformed(`it has ${percentiles.length} percentiles and ${standard.length} standard intensities`);
    }
    return { kind: 'nyul', percentiles, standard, ...rest } as unknown as NyulModel;
  }
  const quantiles = ascending(json, 'quantiles');
  return { kind: 'histogram-matching', quantiles, ...rest } as unknown as HistogramMatchingModel;
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
  if (!fits) throw malformed(`its ${part} are not two or more numbers that ascend`);
  return numbers as number[];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed model: ${what}`);
}
