import type { JsonObject } from '../data/json';
import { counted } from '../data/counted';
import { applyDesign } from '../combat/design/covariate-design';
import { countSites, residualsOf } from '../combat/means/site-residuals';
import { matrixFromJson, nested, strings } from '../combat/stored/json-parts';
import type { HospitalTable } from './hospital-table';
import { fittedValues } from './hospital-table';
import type { FederatedPlan } from './plan';
import type { FederatedFit } from './pool-sums';
import type { FederatedStudy } from './study';

/** The third answer of a hospital: the squared residuals of each feature, summed over its scans of each site. */
export interface HospitalSquares {
  readonly sites: readonly string[];
  /** Sites × features; `NaN` where there is nothing to sum. */
  readonly squares: Float64Array;
}

/**
 * Sums what is left of a hospital's values once all hospitals' sites and covariates are taken away. Squares about the pooled
 * fit, not about the hospital's own: only these add up to those of the joined table where a site is in several hospitals.
 */
export function hospitalSquares(
  table: HospitalTable,
  {
    study,
    plan,
    fit,
  }: { readonly study: FederatedStudy; readonly plan: FederatedPlan; readonly fit: FederatedFit },
): HospitalSquares {
  const { participants } = table.cohort;
  const data = fittedValues(table, plan.features, study);
  const width = plan.features.length;
  const { values } = applyDesign(participants, fit);
  const codes = Int32Array.from(participants.sites, (site) => fit.sites.indexOf(site));
  const siteCount = fit.sites.length;
  const columns = fit.columns.length;
  const design = { codes, siteCount, siteSizes: countSites(codes, siteCount), values, columns };
  const block = { data, stride: width, offset: 0, width, first: 0 };
  const squares = new Float64Array(table.sites.length * width);
  const found = new Float64Array(squares.length);
  for (let w = 0; w < width; w++) {
    residualsOf(block, w, { design, fit }).forEach((rest, row) => {
      if (Number.isNaN(rest)) return;
      const at = table.codes[row] * width + w;
      squares[at] += rest * rest;
      found[at]++;
    });
  }
  return { sites: table.sites, squares: squares.map((sum, at) => (found[at] > 0 ? sum : NaN)) };
}

/** Squares as JSON. */
export function squaresToJson({ sites, squares }: HospitalSquares): JsonObject {
  return { sites, squares: nested(squares, sites.length, squares.length / sites.length) };
}

/**
 * The squares of a message.
 *
 * @throws ConcordError `malformed-model`.
 */
export function squaresFromJson(json: JsonObject, features: number): HospitalSquares {
  const sites = strings(json, 'sites');
  return { sites, squares: matrixFromJson(json, 'squares', [sites.length, features]) };
}

/** What the third answer discloses, in words. */
export function squaresDisclose({ sites, squares }: HospitalSquares): readonly string[] {
  const features = squares.length / sites.length;
  return [
    `how much each of ${counted(features, 'feature')} varies at ${counted(sites.length, 'site')} beyond sites and covariates: the sum of squared residuals`,
  ];
}
