import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { shortJson } from '../../data/short-json';
import { malformedModel } from './check-combat-model';

/**
 * Brings the JSON of an earlier layout into today's: the one place to change when the layout does. Layout 1 (until version
 * 0.1.0) knew neither smooths nor medians, layout 2 neither interactions nor covariates of scale.
 *
 * @throws ConcordError `malformed-model` for a layout that this version does not know.
 */
export function migrateCombatModel(json: JsonObject): JsonObject {
  const { schema } = json;
  if (schema === 3) return json;
  if (schema === 2) return withTerms(json);
  if (schema === 1) return withTerms(withSmooths(json));
  const newer = typeof schema === 'number' && schema > 3;
  throw malformedModel(
    `its schema is ${shortJson(schema)} and this version of concord-mri reads 1 to 3${newer ? ' (update concord-mri)' : ''}`,
  );
}

/** Layout 1 in layout 2. */
function withSmooths(json: JsonObject): JsonObject {
  const { settings } = json;
  const before = { basis: 'p-spline', smoothing: 'reml', robust: false };
  return {
    ...json,
    settings: isJsonObject(settings) ? { ...before, ...settings } : settings,
    smooths: [],
    penalties: [],
    freedom: [],
  };
}

/** Layout 2 in layout 3: every covariate that is no smooth has a main effect. */
function withTerms(json: JsonObject): JsonObject {
  const { covariates } = json;
  const linear = Array.isArray(covariates) ? covariates.filter(isJsonObject) : [];
  return {
    ...json,
    terms: linear
      .filter(({ smooth }) => smooth !== true)
      .flatMap(({ name }) => (name === undefined ? [] : [[name]])),
    scaleTerms: [],
    scaleColumns: [],
    scaleMeans: [],
    scaleCoefficients: [],
  };
}
