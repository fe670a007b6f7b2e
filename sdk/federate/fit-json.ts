import { issuesToJson } from '../data/issue';
import type { JsonObject } from '../data/json';
import { toJsonObject } from '../data/json';
import type { CombatCovariate, CombatSmooth } from '../combat/combat-model';
import {
  issuesInModel,
  matrixFromJson,
  nested,
  numbers,
  objects,
  strings,
  termsFromJson,
  termsToJson,
  vectorFromJson,
} from '../combat/stored/json-parts';
import type { FederatedFit } from './pool-sums';

/** The fit as JSON. */
export function fitToJson(fit: FederatedFit, features: number): JsonObject {
  return {
    hospitals: fit.hospitals,
    sites: fit.sites,
    covariates: fit.covariates.map((covariate) => ({ ...covariate })),
    terms: termsToJson(fit.terms),
    smooths: fit.smooths.map((smooth) => toJsonObject(smooth)),
    columns: fit.columns,
    columnMeans: numbers(fit.columnMeans),
    intercepts: nested(fit.intercepts, fit.sites.length, features),
    coefficients: nested(fit.coefficients, fit.columns.length, features),
    penalties: nested(fit.penalties, fit.smooths.length, features),
    freedom: nested(fit.freedom, fit.smooths.length, features),
    issues: issuesToJson(fit.issues),
  };
}

/**
 * The fit that a message has.
 *
 * @throws ConcordError `malformed-model`.
 */
export function fitFromJson(json: JsonObject, features: number): FederatedFit {
  const sites = strings(json, 'sites');
  const columns = strings(json, 'columns');
  const smooths = objects(json, 'smooths') as unknown as readonly CombatSmooth[];
  return {
    hospitals: strings(json, 'hospitals'),
    sites,
    covariates: objects(json, 'covariates') as unknown as readonly CombatCovariate[],
    terms: termsFromJson(json, 'terms'),
    smooths,
    columns,
    columnMeans: vectorFromJson(json, 'columnMeans', columns.length),
    intercepts: matrixFromJson(json, 'intercepts', [sites.length, features]),
    coefficients: matrixFromJson(json, 'coefficients', [columns.length, features]),
    penalties: matrixFromJson(json, 'penalties', [smooths.length, features]),
    freedom: matrixFromJson(json, 'freedom', [smooths.length, features]),
    issues: issuesInModel(json),
  };
}
