import { isIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { isJsonObject } from '../data/json';
import { ConcordError } from '../errors';
import { fcmSettings } from '../intensity/fcm-normalize';
import { kdeSettings } from '../intensity/kde-normalize';
import { nyulSettings } from '../intensity/nyul-model';
import { percentileSettings } from '../intensity/percentile-scale';
import { regionSettings } from '../intensity/region';
import { whiteStripeSettings } from '../intensity/white-stripe';
import { version } from '../version';
import type { FittedMethod, IntensityModel, IntensityTarget } from './intensity-model';
import { shortJson } from '../data/short-json';

/** The version of the layout that this package writes and reads. */
const schema = 1;

/** Turns the model of an intensity harmonizer into JSON: as it is, with the versions of layout and package. */
export function intensityHarmonizerModelToJson(model: IntensityModel): JsonObject {
  return JSON.parse(JSON.stringify({ ...model, schema, version })) as JsonObject;
}

/**
 * Reads a model back, checking that its numbers are there and make sense.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function intensityHarmonizerModelFromJson(json: JsonObject): IntensityModel {
  if (json['kind'] !== 'intensity') throw malformed(`its kind is ${shortJson(json['kind'])}`);
  if (json['schema'] !== schema) {
    throw malformed(
      `its schema is ${shortJson(json['schema'])} and this version of concord-mri reads ${schema}`,
    );
  }
  const { scans, suffix, region, issues, targets } = json as Readonly<Record<string, unknown>>;
  if (!isCount(scans)) throw malformed('it does not say how many scans it was learned from');
  if (suffix !== undefined && (typeof suffix !== 'string' || suffix === ''))
    throw malformed('its suffix is not what scans can measure');
  if (!isJsonObject(region)) throw malformed('its region is not one that a model can have');
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw malformed('its issues are not issues that this version of concord-mri knows');
  if (!Array.isArray(targets) || !targets.every(isJsonObject)) throw malformed('it has no targets');
  const read = targets.map(targetFrom);
  const names = read.map(({ name }) => name);
  if (names[0] !== 'average' || new Set(names).size < names.length)
    throw malformed('its targets are not the average followed by sites, each once');
  if (new Set(read.map(({ fitted }) => fitted.method)).size > 1)
    throw malformed('its targets belong to several methods');
  const settings = checked('region', () => regionSettings(region));
  const known = typeof suffix === 'string' ? { suffix } : {};
  return { kind: 'intensity', targets: read, scans, ...known, region: settings, issues };
}

function targetFrom(json: JsonObject): IntensityTarget {
  const { name, scans, fitted, calibration } = json as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') throw malformed('a target has no name');
  if (!isCount(scans)) throw malformed(`target "${name}" does not say how many scans it was learned from`);
  if (!isJsonObject(fitted)) throw malformed(`target "${name}" has no method`);
  const { scale, offset } = isJsonObject(calibration) ? calibration : {};
  if (!isFinite(scale) || !isFinite(offset) || scale <= 0)
    throw malformed(`target "${name}" has no calibration`);
  return { name, scans, fitted: fittedFrom(fitted), calibration: { scale, offset } };
}

/** Settings are read by the functions that fill them in, which check them. */
function fittedFrom(json: JsonObject): FittedMethod {
  const method = typeof json['method'] === 'string' ? json['method'] : '';
  const settings = isJsonObject(json['settings']) ? json['settings'] : {};
  switch (method) {
    case 'z-score':
      return { method };
    case 'percentile':
      return { method, settings: checked(method, () => percentileSettings(settings)) };
    case 'white-stripe':
      return { method, settings: checked(method, () => whiteStripeSettings(settings)) };
    case 'kde-mode':
      return { method, settings: checked(method, () => kdeSettings(settings)) };
    case 'fcm':
      return { method, settings: checked(method, () => fcmSettings(settings)) };
    case 'nyul': {
      const nyul = checked(method, () => nyulSettings(settings));
      const standard = ascending(json, 'standard');
      if (standard.length === nyul.landmarks.length) return { method, settings: nyul, standard };
      throw malformed(
        `it has ${nyul.landmarks.length} landmarks and ${standard.length} standard intensities`,
      );
    }
    case 'histogram-matching':
      return { method, quantiles: ascending(json, 'quantiles') };
    default:
      throw malformed(`its method is "${method}"`);
  }
}

function checked<Settings>(what: string, fill: () => Settings): Settings {
  try {
    return fill();
  } catch (cause) {
    const why = cause instanceof ConcordError ? cause.problem : String(cause);
    throw malformed(`the settings of ${what}: ${why}`);
  }
}

function ascending(json: JsonObject, part: string): readonly number[] {
  const numbers: unknown = json[part];
  const fits =
    Array.isArray(numbers) &&
    numbers.length >= 2 &&
    numbers.every((value: unknown, i) => isFinite(value) && (i === 0 || Number(numbers[i - 1]) <= value));
  if (!fits) throw malformed(`its ${part} are not two or more ascending numbers`);
  return numbers as number[];
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0;
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed model: ${what}`);
}
