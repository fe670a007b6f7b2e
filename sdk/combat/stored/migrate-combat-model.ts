import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { malformedModel } from './check-combat-model';

/**
 * Brings the JSON of an earlier layout into today's: the one place to change when the layout does. Layout 1 (until version
 * 0.1.0) knew neither smooths nor medians.
 *
 * @throws ConcordError `malformed-model` for a layout that this version does not know.
 */
export function migrateCombatModel(json: JsonObject): JsonObject {
  const { schema, settings } = json;
  if (schema === 2) return json;
  if (schema === 1) {
    const before = { basis: 'p-spline', smoothing: 'reml', robust: false };
    return {
      ...json,
      settings: isJsonObject(settings) ? { ...before, ...settings } : settings,
      smooths: [],
      penalties: [],
      freedom: [],
    };
  }
  const newer = typeof schema === 'number' && schema > 2;
  throw malformedModel(
    `its schema is ${shortJson(schema)} and this version of concord-mri reads 1 and 2${newer ? ' (update concord-mri)' : ''}`,
  );
}
