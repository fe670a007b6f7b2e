import { issuesToJson } from '../../data/issue';
import type { JsonObject } from '../../data/json';
import { isNames } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { tableReadingToJson } from '../../data/table-reading';
import {
  combatModelFromJson,
  combatModelToJson,
  combatModelToStored,
  mostNumbersAsText,
} from '../combat-model-json';
import { malformedModel } from '../stored/check-combat-model';
import type { CombatArrays } from '../stored/json-parts';
import {
  issuesInModel,
  keptArray,
  matrixFromJson,
  nested,
  numbers,
  object,
  provenanceOf,
  readingIn,
  text,
  vectorFromJson,
} from '../stored/json-parts';
import type { CovbatModel, CovbatSettings } from './covbat-model';
import { clearLoadings } from './leftovers';

/** Takes a model apart into JSON and, where it is large, arrays that are kept beside it. */
export function covbatModelToStored(model: CovbatModel): {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
} {
  const { kind, schema, version, settings, centers, scales, rotation, explained, reading } = model;
  const { description: combat, arrays } = combatModelToStored(model.combat);
  const shape = [explained.length, centers.length] as const;
  const large = rotation.length > mostNumbersAsText;
  const description: JsonObject = {
    kind,
    schema,
    version,
    settings: { ...settings, scorePreserve: [...settings.scorePreserve] },
    combat,
    centers: numbers(centers),
    scales: numbers(scales),
    ...(large ? {} : { rotation: nested(rotation, ...shape) }),
    explained: numbers(explained),
    scores: combatModelToJson(model.scores),
    ...(reading === undefined ? {} : { reading: tableReadingToJson(reading) }),
    issues: issuesToJson(model.issues),
    provenance: model.provenance.map((step) => ({ ...step })),
  };
  return {
    description,
    arrays: large ? new Map([...arrays, ['rotation', { shape, data: rotation }]]) : arrays,
  };
}

/**
 * Reads a model back, checking that its parts are there and fit each other.
 *
 * @param arrays - those that are kept beside the JSON
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function covbatModelFromJson(json: JsonObject, arrays: CombatArrays = new Map()): CovbatModel {
  if (json['kind'] !== 'covbat') throw malformedModel(`its kind is ${shortJson(json['kind'])}, not "covbat"`);
  if (json['schema'] !== 1)
    throw malformedModel(
      `its schema is ${shortJson(json['schema'])} and this version of concord-mri reads 1`,
    );
  const combat = combatModelFromJson(object(json, 'combat'), arrays);
  const scores = combatModelFromJson(object(json, 'scores'));
  const width = combat.features.length;
  const count = scores.features.length;
  return checkParts({
    kind: 'covbat',
    schema: 1,
    version: text(json, 'version'),
    settings: settingsOf(object(json, 'settings')),
    combat,
    centers: vectorFromJson(json, 'centers', width),
    scales: vectorFromJson(json, 'scales', width),
    rotation:
      keptArray(arrays, 'rotation', [count, width]) ?? matrixFromJson(json, 'rotation', [count, width]),
    explained: vectorFromJson(json, 'explained', count),
    scores,
    ...readingIn(json),
    issues: issuesInModel(json),
    provenance: provenanceOf(json),
  });
}

function settingsOf(json: JsonObject): CovbatSettings {
  const { variance, standardize, scoreEb, scorePreserve } = json;
  if (variance !== null && !(typeof variance === 'number' && variance > 0 && variance < 1))
    throw malformedModel('settings have no variance');
  if (typeof standardize !== 'boolean' || typeof scoreEb !== 'boolean')
    throw malformedModel('settings have no standardize and scoreEb');
  if (!isNames(scorePreserve)) throw malformedModel('settings have no scorePreserve');
  return { variance, standardize, scoreEb, scorePreserve };
}

/** Both steps know the same sites, and axes are whole where features take part. */
function checkParts(model: CovbatModel): CovbatModel {
  const { combat, scores, rotation, scales, centers } = model;
  const sites = (one: CovbatModel['combat']): string => one.sites.map(({ name }) => name).join('\n');
  if (sites(combat) !== sites(scores)) throw malformedModel('its two steps have different sites');
  if (combat.settings.reference !== scores.settings.reference)
    throw malformedModel('its two steps have different reference sites');
  if (!rotation.every(Number.isFinite)) throw malformedModel('rotation holds a missing number');
  const broken = scales.findIndex(
    (scale, w) => !Number.isNaN(scale) && !(scale > 0 && scale < Infinity && Number.isFinite(centers[w])),
  );
  if (broken !== -1) throw malformedModel(`scales or centers of ${combat.features[broken]} are not usable`);
  // Models of up to version 0.1 may hold rounding there.
  clearLoadings(rotation, model);
  return model;
}
