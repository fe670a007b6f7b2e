import type { CovariateClassification, CovariateRegression, Interval, Protocol } from './audit';
import { bootstrapInterval, bootstrapMean } from './bootstrap';
import { areaUnderCurve } from './classification-scores';
import type { HeldOut } from './held-out';
import type { PersonUnits } from './person-units';
import { personUnits } from './person-units';
import type { PredictionTarget } from './prediction-target';
import type { SplitPlan } from './split-plan';

/** What a summary needs to know besides the predictions. */
export interface PredictionContext {
  readonly protocol: Protocol;
  readonly scheme: 'within-site' | 'leave-one-site-out';
  readonly seed: number;
}

/**
 * Scores the predictions of a continuous covariate, pooled over sites. The interval is over seeds; where there is
 * only one set of predictions, over persons, drawn with all their scans.
 *
 * @param held - one set of predictions per seed
 * @returns `undefined` when nothing was predicted
 */
export function summarizeRegression(
  plan: SplitPlan,
  { target, held }: { readonly target: PredictionTarget; readonly held: readonly HeldOut[] },
  { protocol, scheme, seed }: PredictionContext,
): CovariateRegression | undefined {
  const { outcome } = target;
  const scored = predictedRows(target, held[0]);
  if (scored.length === 0) return undefined;
  const errors = held.map(({ predicted }) => scored.map((at) => Math.abs(predicted[at] - outcome[at])));
  const baseline = held.map((one) => scored.map((at) => Math.abs(one.baseline[at] - outcome[at])));
  const maes = errors.map(average);
  const squares = (sets: readonly (readonly number[])[]): number =>
    sets.reduce((sum, set) => sum + set.reduce((inner, error) => inner + error * error, 0), 0);
  const persons = scoredByPerson(plan, scored);
  const overUnits = (units: Int32Array): number => {
    let [sum, count] = [0, 0];
    for (const unit of units) {
      for (const item of persons[unit]) {
        sum += errors[0][item];
        count++;
      }
    }
    return sum / count;
  };
  const record = {
    protocol,
    covariate: target.covariate,
    scheme,
    mae:
      held.length > 1
        ? bootstrapMean(maes, { seed })
        : bootstrapInterval(persons.length, { statistic: overUnits, estimate: maes[0] }, { seed }),
    r2: 1 - squares(errors) / squares(baseline),
    baselineMae: average(baseline.map(average)),
    subjects: scored.length,
  };
  return target.unit === undefined ? record : { ...record, unit: target.unit };
}

/**
 * Scores the predictions of a two-level covariate. The area under the curve is taken within each site and averaged,
 * weighted by pairs of one positive and one negative subject, so that levels unequally shared out among sites
 * neither help nor hurt. The interval is over seeds; where there is only one set of predictions, over persons, drawn with all their scans.
 *
 * @param held - one set of predictions per seed
 * @returns `undefined` when nothing was predicted
 */
export function summarizeClassification(
  plan: SplitPlan,
  { target, held }: { readonly target: PredictionTarget; readonly held: readonly HeldOut[] },
  { protocol, scheme, seed }: PredictionContext,
): CovariateClassification | undefined {
  const scored = predictedRows(target, held[0]);
  const score = (one: HeldOut, rows: readonly number[]): number =>
    aucWithinSites(plan, target, { held: one, rows });
  const aucs = held.map((one) => score(one, scored));
  if (scored.length === 0 || aucs.some(Number.isNaN) || target.positive === undefined) return undefined;
  const persons = scoredByPerson(plan, scored);
  const overUnits = (units: Int32Array): number =>
    score(
      held[0],
      Array.from(units).flatMap((unit) => persons[unit].map((item) => scored[item])),
    );
  const auc: Interval =
    held.length > 1
      ? bootstrapMean(aucs, { seed })
      : bootstrapInterval(
          persons.length,
          { statistic: overUnits, estimate: aucs[0] },
          { seed, resamples: 1000 },
        );
  const { covariate, positive } = target;
  return { protocol, covariate, positive, scheme, auc, subjects: scored.length };
}

function aucWithinSites(
  plan: SplitPlan,
  { outcome }: PredictionTarget,
  { held, rows }: { readonly held: HeldOut; readonly rows: readonly number[] },
): number {
  let weighted = 0;
  let pairs = 0;
  plan.siteNames.forEach((_, site) => {
    const here = rows.filter((at) => plan.sites[at] === site);
    const positive = here.map((at) => outcome[at] > 0);
    const positives = positive.filter(Boolean).length;
    const count = positives * (here.length - positives);
    if (count === 0) return;
    weighted +=
      count *
      areaUnderCurve(
        here.map((at) => held.predicted[at]),
        positive,
      );
    pairs += count;
  });
  return weighted / pairs;
}

/** The scored items of each person. */
function scoredByPerson(plan: SplitPlan, scored: readonly number[]): PersonUnits['members'] {
  return personUnits(scored.map((at) => String(plan.persons[at]))).members;
}

/** The rows that have both a prediction and the truth. */
function predictedRows({ outcome }: PredictionTarget, { predicted }: HeldOut): readonly number[] {
  return [...outcome.keys()].filter((at) => !Number.isNaN(outcome[at]) && !Number.isNaN(predicted[at]));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
