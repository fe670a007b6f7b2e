import { issuesToJson } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { tableReadingToJson } from '../../data/table-reading';
import { combatModelFromJson, combatModelToStored, mostNumbersAsText } from '../combat-model-json';
import { malformedModel } from '../stored/check-combat-model';
import type { CombatArrays } from '../stored/json-parts';
import {
  issuesInModel,
  keptArray,
  matrixFromJson,
  nested,
  number,
  numbers,
  object,
  provenanceOf,
  readingIn,
  strings,
  text,
  vectorFromJson,
} from '../stored/json-parts';
import type { LongitudinalModel, LongitudinalSettings, LongitudinalTime } from './longitudinal-model';
import { effectCount } from './longitudinal-model';

/** Takes a model apart into JSON and, where it is large, arrays that are kept beside it. */
export function longitudinalModelToStored(model: LongitudinalModel): {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
} {
  const { kind, schema, version, settings, time, persons, effects, reading } = model;
  const { description: combat, arrays } = combatModelToStored(model.combat);
  const shape = shapeOf(model, model.combat.features.length);
  const large = effects.length > mostNumbersAsText;
  const description: JsonObject = {
    kind,
    schema,
    version,
    settings: { ...settings },
    combat,
    persons: [...persons],
    scans: [...model.scans],
    time: time === null ? null : { ...time },
    ...(large ? {} : { effects: nested(effects, ...shape.effects) }),
    covariance: nested(model.covariance, ...shape.covariance),
    residualVariance: numbers(model.residualVariance),
    criterion: numbers(model.criterion),
    ...(reading === undefined ? {} : { reading: tableReadingToJson(reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
  return {
    description,
    arrays: large ? new Map([...arrays, ['effects', { shape: shape.effects, data: effects }]]) : arrays,
  };
}

function shapeOf(
  model: Pick<LongitudinalModel, 'time' | 'persons'>,
  width: number,
): {
  readonly effects: readonly [number, number];
  readonly covariance: readonly [number, number];
} {
  const count = effectCount(model);
  return { effects: [model.persons.length * count, width], covariance: [count === 1 ? 1 : 3, width] };
}

/**
 * Reads a model back, checking that its parts are there and fit each other.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function longitudinalModelFromJson(
  json: JsonObject,
  arrays: CombatArrays = new Map(),
): LongitudinalModel {
  if (json['kind'] !== 'longitudinal')
    throw malformedModel(`its kind is ${shortJson(json['kind'])}, not "longitudinal"`);
  if (json['schema'] !== 1)
    throw malformedModel(
      `its schema is ${shortJson(json['schema'])} and this version of concord-mri reads 1`,
    );
  const combat = combatModelFromJson(object(json, 'combat'), arrays);
  const width = combat.features.length;
  const persons = strings(json, 'persons');
  const time = json['time'] === null ? null : timeFromJson(object(json, 'time'));
  const shape = shapeOf({ time, persons }, width);
  return checkParts({
    kind: 'longitudinal',
    schema: 1,
    version: text(json, 'version'),
    settings: settingsOf(object(json, 'settings')),
    combat,
    persons,
    scans: strings(json, 'scans'),
    time,
    effects: keptArray(arrays, 'effects', shape.effects) ?? matrixFromJson(json, 'effects', shape.effects),
    covariance: matrixFromJson(json, 'covariance', shape.covariance),
    residualVariance: vectorFromJson(json, 'residualVariance', width),
    criterion: vectorFromJson(json, 'criterion', width),
    ...readingIn(json),
    issues: issuesInModel(json),
    provenance: provenanceOf(json),
  });
}

function timeFromJson(json: JsonObject): LongitudinalTime {
  if (!isJsonObject(json)) throw malformedModel('it has no time');
  return { center: number(json, 'center'), spread: number(json, 'spread') };
}

function settingsOf(json: JsonObject): LongitudinalSettings {
  const { residualVariance, randomSlope } = json;
  if (residualVariance !== 'reml' && residualVariance !== 'msr')
    throw malformedModel('settings have no residualVariance');
  if (randomSlope !== null && typeof randomSlope !== 'string')
    throw malformedModel('settings have no randomSlope');
  return { residualVariance, randomSlope };
}

/** Persons are there once, slopes have a time, and what harmonization uses is a number. */
function checkParts(model: LongitudinalModel): LongitudinalModel {
  const { combat, persons, settings, time, effects, scans, residualVariance, covariance } = model;
  if (new Set(persons).size < persons.length) throw malformedModel('persons holds a name twice');
  if (new Set(scans).size < scans.length) throw malformedModel('scans holds a name twice');
  if ((settings.randomSlope === null) !== (time === null))
    throw malformedModel('it has slopes without a time, or a time without slopes');
  if (time !== null && !(Number.isFinite(time.center) && time.spread > 0))
    throw malformedModel('its time has no center and spread');
  const { randomSlope } = settings;
  if (randomSlope !== null && !combat.covariates.some(({ name }) => name === randomSlope))
    throw malformedModel(`the covariate of slopes, ${randomSlope}, is not among its covariates`);
  if (!effects.every(Number.isFinite)) throw malformedModel('effects holds a missing number');
  const width = combat.features.length;
  const broken = combat.features.find(
    (_, w) =>
      combat.status[w] === 'harmonized' &&
      !(residualVariance[w] > 0 && covariance[w] >= 0 && !(covariance[2 * width + w] < 0)),
  );
  if (broken !== undefined) throw malformedModel(`the variances of ${broken} are not usable`);
  return model;
}
