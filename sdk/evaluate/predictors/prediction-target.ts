import type { Cohort } from '../../data/cohort';
import type { CategoricalCovariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { covariateNamed } from '../../data/people/participants';
import type { SplitPlan } from '../splits/split-plan';
import { counted } from '../../data/counted';
import { quoteName } from '../../data/list-names';

/** A covariate to be predicted from the features. */
export interface PredictionTarget {
  readonly covariate: string;
  readonly kind: 'regression' | 'classification';
  readonly unit?: string;
  /** The level that counts as positive, for a classification. */
  readonly positive?: string;
  /** Per row of the plan: the value, or ±1 for a classification; `NaN` where it is missing. */
  readonly outcome: Float64Array;
  /** Per site of the plan, whether it has enough persons for a figure of its own. */
  readonly eligible: readonly boolean[];
}

/** A site needs this many persons with the covariate for a regression within it. */
const FEWEST_FOR_REGRESSION = 10;
/** A site needs this many persons of each level for a classification within it. */
const FEWEST_PER_LEVEL = 5;

/** Of fewer pairs held out together, the interval of an area spans more than half of what is possible. */
const FEWEST_PAIRS = 60;

/** Finds what can be predicted: continuous covariates, and categorical ones with two levels. */
export function makeTargets(
  cohort: Pick<Cohort, 'participants'>,
  plan: SplitPlan,
  covariates: readonly string[],
): { readonly targets: readonly PredictionTarget[]; readonly issues: readonly Issue[] } {
  const targets = covariates.flatMap((name) => makeTarget(cohort, plan, name));
  const unpredicted = covariates.flatMap((name) => notTwoLevels(cohort, plan, name));
  const tooFew = targets.flatMap(({ covariate, eligible }) => {
    const left = plan.siteNames.filter((_, site) => !eligible[site]);
    if (left.length === 0) return [];
    const message = `${covariate} is not predicted within ${left.map((site) => quoteName(site)).join(', ')}: too few subjects have it there`;
    return [makeIssue('too-few-subjects', message, { column: covariate })];
  });
  return {
    targets,
    issues: [...unpredicted, ...tooFew, ...targets.flatMap((target) => fewPairs(plan, target))],
  };
}

/** An Issue for a categorical covariate that has another number of levels than two among the rows of the plan. */
function notTwoLevels(cohort: Pick<Cohort, 'participants'>, plan: SplitPlan, name: string): readonly Issue[] {
  const covariate = covariateNamed(cohort.participants, name);
  // Where no row is left, each site has an issue that says why.
  if (covariate.kind === 'continuous' || plan.rows.length === 0) return [];
  const met = levelsMet(covariate, plan);
  if (met.length === 2) return [];
  const levels = met.map((code) => `"${covariate.levels[code]}"`).join(', ');
  const message = `${name} is not predicted: it has ${met.length} levels (${levels || 'none'}) where two are required`;
  return [makeIssue('figure-not-available', message, { column: name }, ['use a covariate with two levels'])];
}

/** An Issue where an area under the curve within sites rests on so few pairs that its interval says nearly nothing. */
function fewPairs(
  plan: SplitPlan,
  { covariate, kind, outcome, eligible }: PredictionTarget,
): readonly Issue[] {
  if (kind === 'regression' || !eligible.some(Boolean)) return [];
  const counts = new Map<string, [number, number]>();
  plan.assignments.forEach((assignment, seed) => {
    assignment.forEach((fold, at) => {
      if (fold === -1 || Number.isNaN(outcome[at]) || !eligible[plan.sites[at]]) return;
      const key = `${seed} ${fold} ${plan.sites[at]}`;
      const count = counts.get(key) ?? [0, 0];
      count[Number(outcome[at] > 0)]++;
      counts.set(key, count);
    });
  });
  const all = [...counts.values()].reduce((sum, [negative, positive]) => sum + negative * positive, 0);
  const pairs = Math.round(all / plan.assignments.length);
  if (pairs >= FEWEST_PAIRS) return [];
  const message = `${covariate} is classified within sites from ${counted(pairs, 'pair')} held out together: the interval of that area says nearly nothing`;
  return [makeIssue('too-few-subjects', message, { column: covariate }, ['add persons'])];
}

/** Codes of the levels that the rows of the plan have. */
function levelsMet(covariate: CategoricalCovariate, plan: SplitPlan): readonly number[] {
  const codes = new Set(Array.from(plan.rows, (row) => covariate.codes[row]));
  return [...covariate.levels.keys()].filter((code) => codes.has(code));
}

function makeTarget(
  cohort: Pick<Cohort, 'participants'>,
  plan: SplitPlan,
  name: string,
): readonly PredictionTarget[] {
  const covariate = covariateNamed(cohort.participants, name);
  if (covariate.kind === 'continuous') {
    const outcome = Float64Array.from(plan.rows, (row) => covariate.values[row]);
    const eligible = plan.siteNames.map((_, site) => {
      const here = positions(plan, (at) => plan.sites[at] === site && !Number.isNaN(outcome[at]));
      const enough = unitsAt(plan, here) >= FEWEST_FOR_REGRESSION;
      return enough && here.some((at) => outcome[at] !== outcome[here[0]]);
    });
    const target = { covariate: name, kind: 'regression' as const, outcome, eligible };
    return [covariate.unit === undefined ? target : { ...target, unit: covariate.unit }];
  }
  const met = levelsMet(covariate, plan);
  if (met.length !== 2) return [];
  const signs = new Map([
    [met[0], -1],
    [met[1], 1],
  ]);
  const outcome = Float64Array.from(plan.rows, (row) => signs.get(covariate.codes[row]) ?? NaN);
  const eligible = plan.siteNames.map((_, site) =>
    [-1, 1].every(
      (sign) =>
        unitsAt(
          plan,
          positions(plan, (at) => plan.sites[at] === site && outcome[at] === sign),
        ) >= FEWEST_PER_LEVEL,
    ),
  );
  return [{ covariate: name, kind: 'classification', positive: covariate.levels[met[1]], outcome, eligible }];
}

function positions(plan: SplitPlan, pick: (at: number) => boolean): readonly number[] {
  return [...plan.rows.keys()].filter(pick);
}

/** Persons at these places, or families where they are known: relatives teach less than as many strangers. */
function unitsAt(plan: SplitPlan, at: readonly number[]): number {
  return new Set(at.map((position) => plan.units[position])).size;
}
