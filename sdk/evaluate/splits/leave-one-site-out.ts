import type { FeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { ConcordError } from '../../errors';
import { cannotBeFitted } from '../cannot-be-fitted';
import type { FoldSource } from './fold-source';
import type { HeldOutPredictions } from './held-out';
import { emptyPredictions } from './held-out';
import type { PredictionTarget } from '../predictors/prediction-target';
import type { PreparedRidge, RidgePrediction, RidgeTask } from '../predictors/ridge-prediction';
import { predictPrepared, prepareRidge } from '../predictors/ridge-prediction';
import type { RidgeWithoutRows } from '../predictors/ridge-without-rows';
import { ridgeWithoutRows } from '../predictors/ridge-without-rows';
import type { SplitPlan } from './split-plan';
import { quoteName } from '../../data/list-names';

/** Predictions at sites left out, and what was noticed. */
export interface OutsidePredictions {
  /** Held-out predictions per target. */
  readonly held: readonly HeldOutPredictions[];
  readonly issues: readonly Issue[];
}

/**
 * Predicts every target at each site from a model trained on all the other sites together. Persons scanned at the site
 * left out are not in training, not even with their scans at other sites, nor are persons of their families; where nobody else is left, or features cannot be
 * harmonized beside the others, there is no prediction at that site, with an Issue.
 *
 * @throws what harmonizing throws, where that is no matter of one site, or of every one.
 */
export async function leaveOneSiteOut(
  plan: SplitPlan,
  targets: readonly PredictionTarget[],
  { source, run }: { readonly source: FoldSource; readonly run: RunOptions },
): Promise<OutsidePredictions> {
  const held = targets.map(() => emptyPredictions(plan.rows.length));
  if (targets.length === 0 || plan.siteNames.length < 2) return { held, issues: [] };
  const issues: Issue[] = [];
  const failed: ConcordError[] = [];
  const report = progressReporter(`leaving sites out, ${source.protocol}`, plan.siteNames.length, run);
  const all = Int32Array.from(plan.rows.keys());
  const whole = sharedTable(source.given?.(plan.rows));
  const waiting = new WaitingRidges((site, made) => store(held, site, made));
  for (let site = 0; site < plan.siteNames.length; site++) {
    await breathe(run.signal);
    const test = all.filter((at) => plan.sites[at] === site);
    const tested = new Set(Array.from(test, (at) => plan.units[at]));
    const train = all.filter((at) => !tested.has(plan.units[at]));
    if (train.length === 0) {
      issues.push(allTravelled(plan.siteNames[site], plan.unitWords[0]));
      continue;
    }
    const outcomes = targets.map(({ outcome }) => Float64Array.from(train, (at) => outcome[at]));
    const usable = [...targets.keys()].filter((target) => varies(outcomes[target]));
    const left = { site, test, usable };
    const outcomesOf = usable.map((target) => outcomes[target]);
    const prepared = whole?.prepare(
      train,
      test,
      usable.map((target) => targets[target].outcome),
    );
    if (prepared === undefined) {
      const rowsAt = (positions: Int32Array): Int32Array => positions.map((at) => plan.rows[at]);
      try {
        const features = await source.split(rowsAt(train), rowsAt(test), run);
        const tasks: RidgeTask[] = [];
        for (const [at, target] of usable.entries()) {
          const { covariate } = targets[target];
          tasks.push({ outcome: outcomesOf[at], test: await features.test(covariate) });
        }
        waiting.add(left, prepareRidge(features.train, tasks));
      } catch (error) {
        // A method that takes no site that it has not seen takes none of them.
        if (source.protocol !== 'in-folds' || !cannotBeFitted(error) || error.code === 'unknown-site')
          throw error;
        failed.push(error);
        issues.push(notFitted(plan.siteNames[site], error));
      }
    } else waiting.add(left, prepared);
    report(site + 1);
  }
  waiting.finish();
  if (failed.length === plan.siteNames.length) throw failed[0];
  return { held, issues };
}

/** A site left out, and which targets are predicted there. */
interface LeftOut {
  readonly site: number;
  readonly test: Int32Array;
  readonly usable: readonly number[];
}

/** No more memory than this waits for being solved. */
const mostWaiting = 2 ** 26;

/** Regressions that are solved together, on all cores, as many as memory allows. */
class WaitingRidges {
  private waiting: { readonly left: LeftOut; readonly prepared: readonly PreparedRidge[] }[] = [];
  private bytes = 0;

  constructor(private readonly store: (left: LeftOut, made: readonly RidgePrediction[]) => void) {}

  add(left: LeftOut, prepared: readonly PreparedRidge[]): void {
    this.waiting.push({ left, prepared });
    // The inner products, and the table that they are of.
    this.bytes += prepared.reduce(
      (sum, { predictors, outcomes }) =>
        sum + 8 * predictors.products.size * (outcomes[0].length + predictors.products.size),
      0,
    );
    if (this.bytes > mostWaiting) this.finish();
  }

  finish(): void {
    const made = predictPrepared(this.waiting.map(({ prepared }) => prepared));
    this.waiting.forEach(({ left }, at) => this.store(left, made[at]));
    this.waiting = [];
    this.bytes = 0;
  }
}

function store(
  held: readonly HeldOutPredictions[],
  { site, test, usable }: LeftOut,
  made: readonly RidgePrediction[],
): void {
  made.forEach(({ predicted, baseline }, index) => {
    const own = held[usable[index]];
    test.forEach((at, item) => {
      own.predicted[at] = predicted[item];
      own.baseline[at] = baseline;
      own.model[at] = site;
    });
  });
}

/** From so many multiplications for the inner products of a table on, it is worth sharing them between sites. */
const worthSharing = 2 ** 26;

/** Given features as one table that sites are left out of, where it is large; small ones keep every digit without. */
function sharedTable(given: FeatureMatrix | undefined): RidgeWithoutRows | undefined {
  if (given === undefined || given.values.length * given.features.length < worthSharing) return undefined;
  return ridgeWithoutRows(given);
}

function allTravelled(site: string, unit: string): Issue {
  const message = `nothing is predicted at site ${quoteName(site)} left out: every ${unit} was scanned there, so none is left to train on`;
  const advice =
    unit === 'person'
      ? 'scan persons who were not at every site'
      : 'scan families that were not at every site';
  return makeIssue('figure-not-available', message, { site }, [advice]);
}

function notFitted(site: string, { problem, remedy }: ConcordError): Issue {
  const message = `nothing is predicted at site ${quoteName(site)} left out in folds, the figure is of the other sites: ${problem}`;
  return makeIssue('figure-not-available', message, { site }, remedy);
}

function varies(outcome: Float64Array): boolean {
  const present = outcome.filter((value) => !Number.isNaN(value));
  return present.some((value) => value !== present[0]);
}
