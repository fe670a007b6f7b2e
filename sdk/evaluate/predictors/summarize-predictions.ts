import type { CovariateClassification, CovariateRegression, Interval, Protocol } from '../audit';
import { areaWithinGroups } from './classification-scores';
import type { HeldOutPredictions } from '../splits/held-out';
import type { DrawnPredictions } from './prediction-bootstrap';
import { bootstrapPredictions } from './prediction-bootstrap';
import type { PredictionTarget } from './prediction-target';
import type { SplitPlan } from '../splits/split-plan';

/** What a summary needs to know besides the predictions. */
export interface PredictionContext {
  readonly protocol: Protocol;
  readonly scheme: 'within-site' | 'leave-one-site-out';
  readonly seed: number;
  /** The predictions from raw data, one set per seed, to compare with. */
  readonly raw?: readonly HeldOutPredictions[];
}

/**
 * Scores the predictions of a continuous covariate, pooled over sites. Intervals are over persons and seeds.
 *
 * @param held - one set of predictions per seed
 * @returns `undefined` when nothing was predicted
 */
export function summarizeRegression(
  plan: SplitPlan,
  { target, held }: { readonly target: PredictionTarget; readonly held: readonly HeldOutPredictions[] },
  { protocol, scheme, seed, raw }: PredictionContext,
): CovariateRegression | undefined {
  const { outcome } = target;
  const scored = predictedRows(target, held[0]);
  if (scored.length === 0) return undefined;
  const errors = held.map(({ predicted }) => scored.map((at) => Math.abs(predicted[at] - outcome[at])));
  const baseline = held.map((one) => scored.map((at) => Math.abs(one.baseline[at] - outcome[at])));
  const squares = (sets: readonly (readonly number[])[]): number =>
    sets.reduce((sum, set) => sum + set.reduce((inner, error) => inner + error * error, 0), 0);
  const score = (one: HeldOutPredictions, rows: readonly number[]): number =>
    average(rows.map((at) => Math.abs(one.predicted[at] - outcome[at])));
  const draw = drawing(plan, scored, held.length);
  const record = {
    protocol,
    covariate: target.covariate,
    scheme,
    mae: bootstrapPredictions(draw, (rows, repeat) => score(held[repeat], rows), { seed, resamples }),
    ...changeFromRaw(plan, target, { held, raw, score, seed }),
    r2: 1 - squares(errors) / squares(baseline),
    baselineMae: average(baseline.map(average)),
    subjects: scored.length,
  };
  return target.unit === undefined ? record : { ...record, unit: target.unit };
}

/**
 * Scores the predictions of a two-level covariate. The area under the curve is taken within each site and fold and
 * averaged, weighted by pairs of one positive and one negative subject, so that levels unequally shared out among sites
 * neither help nor hurt, nor do the means of what was trained on (see {@link areaWithinGroups}). Intervals are over
 * persons and seeds.
 *
 * `npm run study:chance -- 300`: 300 tables of two sites, sex drawn at random, the first two features apart by so many SDs
 * (effect); five folds, five seeds; means ± standard errors, and pooled over folds for comparison:
 *
 * | persons | features | effect | area | pooled | intervals with 0.5 | their width |
 * | ------- | -------- | ------ | ---- | ------ | ------------------ | ----------- |
 * | 24 | 2 | 0 | 0.494 ± 0.013 | 0.406 ± 0.009 | 98 % | 0.89 |
 * | 24 | 20 | 0 | 0.517 ± 0.012 | 0.443 ± 0.010 | 99 % | 0.90 |
 * | 48 | 2 | 0 | 0.499 ± 0.007 | 0.431 ± 0.005 | 98 % | 0.53 |
 * | 120 | 10 | 0 | 0.494 ± 0.004 | 0.463 ± 0.003 | 96 % | 0.28 |
 * | 300 | 10 | 0 | 0.496 ± 0.003 | 0.479 ± 0.002 | 93 % | 0.16 |
 * | 24 | 2 | 1.2 | 0.840 ± 0.008 | 0.763 ± 0.010 | 73 % | 0.63 |
 * | 48 | 2 | 0.8 | 0.753 ± 0.005 | 0.693 ± 0.006 | 50 % | 0.44 |
 * | 120 | 10 | 0.6 | 0.649 ± 0.004 | 0.612 ± 0.004 | 46 % | 0.26 |
 *
 * @param held - one set of predictions per seed
 * @returns `undefined` when nothing was predicted
 */
export function summarizeClassification(
  plan: SplitPlan,
  { target, held }: { readonly target: PredictionTarget; readonly held: readonly HeldOutPredictions[] },
  { protocol, scheme, seed, raw }: PredictionContext,
): CovariateClassification | undefined {
  const scored = predictedRows(target, held[0]);
  const score = (one: HeldOutPredictions, rows: readonly number[]): number =>
    aucWithinSites(plan, target, { held: one, rows });
  if (scored.length === 0 || target.positive === undefined) return undefined;
  if (held.some((one) => Number.isNaN(score(one, scored)))) return undefined;
  const { covariate, positive } = target;
  const draw = drawing(plan, scored, held.length);
  return {
    protocol,
    covariate,
    positive,
    scheme,
    auc: bootstrapPredictions(draw, (rows, repeat) => score(held[repeat], rows), { seed, resamples }),
    ...changeFromRaw(plan, target, { held, raw, score, seed }),
    subjects: scored.length,
  };
}

/** Resamples of each interval. */
const resamples = 1000;

/** What a change from raw predictions is computed from. */
interface ComparedPredictions {
  readonly held: readonly HeldOutPredictions[];
  readonly raw: readonly HeldOutPredictions[] | undefined;
  readonly score: (one: HeldOutPredictions, rows: readonly number[]) => number;
  readonly seed: number;
}

/** How much a figure changed from raw data, over the rows predicted in both states. */
function changeFromRaw(
  plan: SplitPlan,
  target: PredictionTarget,
  { held, raw, score, seed }: ComparedPredictions,
): { readonly change?: Interval } {
  if (raw === undefined) return {};
  const inRaw = new Set(predictedRows(target, raw[0]));
  const both = predictedRows(target, held[0]).filter((at) => inRaw.has(at));
  if (both.length === 0) return {};
  const difference = (rows: readonly number[], repeat: number): number =>
    score(held[repeat], rows) - score(raw[repeat], rows);
  const draw = drawing(plan, both, Math.min(held.length, raw.length));
  return { change: bootstrapPredictions(draw, difference, { seed, resamples }) };
}

function drawing(plan: SplitPlan, rows: readonly number[], repeats: number): DrawnPredictions {
  return { rows, persons: rows.map((at) => String(plan.persons[at])), repeats };
}

/** The area from pairs of persons of one site whom one model predicted: the others are not comparable. */
function aucWithinSites(
  plan: SplitPlan,
  { outcome }: PredictionTarget,
  { held, rows }: { readonly held: HeldOutPredictions; readonly rows: readonly number[] },
): number {
  const sites = plan.siteNames.length;
  return areaWithinGroups(
    rows.map((at) => held.predicted[at]),
    rows.map((at) => outcome[at] > 0),
    rows.map((at) => held.model[at] * sites + plan.sites[at]),
  );
}

/** The rows that have both a prediction and the truth. */
function predictedRows({ outcome }: PredictionTarget, { predicted }: HeldOutPredictions): readonly number[] {
  return [...outcome.keys()].filter((at) => !Number.isNaN(outcome[at]) && !Number.isNaN(predicted[at]));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
