import { isDeepStrictEqual } from 'node:util';
import { quoteName } from '../data/list-names';
import { covariateNamed } from '../data/people/participants';
import { designColumns } from '../combat/design/covariate-design';
import type { ConcordError } from '../errors';
import { advise } from '../remedy';
import type { HospitalCounts } from './counts';
import type { HospitalTable } from './hospital-table';
import type { FederatedMessage } from './message';
import { refusedMessage } from './message';
import type { FederatedPlan } from './plan';
import { plannedEffects } from './plan';
import type { FederatedFit } from './pool-sums';
import type { HospitalSquares } from './squares';
import type { FederatedStudy } from './study';
import type { HospitalSums } from './sums';

/**
 * Makes sure that a plan asks for what the study said and nothing else: sums of another covariate, or of a curve that bends around one
 * person, would be as well signed.
 *
 * @throws ConcordError `refused-message`.
 */
export function requirePlanned(
  { cohort, sites }: HospitalTable,
  { study, plan }: { readonly study: FederatedStudy; readonly plan: FederatedPlan },
): void {
  const names = study.preserve.map(({ name }) => name);
  const planned = plan.covariates.map(({ name }) => name);
  if (!isDeepStrictEqual(planned, names)) throw notAgreed('plan', 'asks for other covariates than the study');
  const { terms, smooths } = plan;
  if (!isDeepStrictEqual({ terms, smooths }, plannedEffects(study, plan.covariates)))
    throw notAgreed('plan', 'has other effects of covariates than the study');
  const other = plan.covariates.find(
    ({ name, kind }) => covariateNamed(cohort.participants, name).kind !== kind,
  );
  if (other !== undefined)
    throw notAgreed('plan', `has ${other.name} as ${other.kind}, which it is not in the table`);
  const feature = plan.features.find((name) => !cohort.features.features.includes(name));
  if (feature !== undefined)
    throw notAgreed('plan', `has feature ${quoteName(feature)}, which is not in the table`);
  const site = sites.find((name) => !plan.sites.some((known) => known.name === name));
  if (site !== undefined) throw notAgreed('plan', `lacks site ${quoteName(site)}, which is in the table`);
}

/**
 * Makes sure that a fit is one of the plan.
 *
 * @throws ConcordError `refused-message`.
 */
export function requireFitted(plan: FederatedPlan, fit: FederatedFit, { sites }: HospitalTable): void {
  const names = plan.covariates.map(({ name }) => name);
  const fitted = fit.covariates.map(({ name }) => name);
  const curves = fit.smooths.map(({ name, by, knots }) => JSON.stringify([name, by, knots]));
  const agreed = plan.smooths.map(({ name, by, knots }) => JSON.stringify([name, by, knots]));
  const same =
    isDeepStrictEqual(fitted, names) &&
    isDeepStrictEqual(fit.terms, plan.terms) &&
    isDeepStrictEqual(fit.columns, designColumns(fit)) &&
    curves.every((curve) => agreed.includes(curve));
  if (!same) throw notAgreed('fit', 'has other effects of covariates than the plan');
  const site = sites.find((name) => !fit.sites.includes(name));
  if (site !== undefined) throw notAgreed('fit', `lacks site ${quoteName(site)}, which is in the table`);
}

function notAgreed(step: string, problem: string): ConcordError {
  return refusedMessage(
    `the coordinator's "${step}" ${problem}`,
    advise`ask the coordinator; all are to use the same version of concord-mri, and a hospital the same table in every round`,
  );
}

/** What a hospital sent, as far as it did. */
export interface SentParts {
  readonly name: string;
  readonly counts: HospitalCounts;
  readonly sums: HospitalSums;
  readonly squares?: HospitalSquares;
}

/**
 * Makes sure that what a hospital sent later is of the scans that it counted first.
 *
 * @throws ConcordError `refused-message`.
 */
export function requireSameScans({ name, counts, sums, squares }: SentParts, features: number): void {
  const counted = counts.sites.map((site) => `${site.name} ${site.scans}`);
  const [all] = sums.sets;
  const summed = sums.sites.map((site, at) => `${site} ${all?.scans[at]}`);
  if (!isDeepStrictEqual(summed, counted)) throw otherTable(name, 'sums', 'other scans than its "counts"');
  const met = new Int32Array(features);
  for (const set of sums.sets) for (const w of set.features) met[w]++;
  const named = sums.sets.reduce((sum, set) => sum + set.features.length, 0);
  if (named !== features || met.some((times) => times !== 1))
    throw otherTable(name, 'sums', 'other features than the plan');
  if (squares === undefined || isDeepStrictEqual(squares.sites, sums.sites)) return;
  throw otherTable(name, 'squares', 'other sites than its "sums"');
}

/**
 * Makes sure that all answers of a hospital are of one table, by the codes that they have of it: sums of one and squares of another would
 * make a model of neither. Answers of earlier versions have none.
 *
 * @param answers - of one hospital, in the order of the rounds
 * @throws ConcordError `refused-message`.
 */
export function requireOneTable(answers: readonly FederatedMessage[]): void {
  const coded = answers.filter(({ content }) => typeof content['table'] === 'string');
  const other = coded.find(({ content }) => content['table'] !== coded[0].content['table']);
  if (other !== undefined)
    throw otherTable(
      other.from,
      other.step,
      `another table than its "${coded[0].step}", though of as many scans`,
    );
}

function otherTable(name: string, step: string, of: string): ConcordError {
  return refusedMessage(
    `the "${step}" of ${quoteName(name)} are of ${of}`,
    advise`have the hospital answer with the table that its first answer was made of`,
  );
}
