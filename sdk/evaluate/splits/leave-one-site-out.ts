import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { FoldSource } from './fold-source';
import type { HeldOutPredictions } from './held-out';
import { emptyPredictions } from './held-out';
import type { PredictionTarget } from '../predictors/prediction-target';
import type { RidgeTask } from '../predictors/ridge-prediction';
import { predictByRidge } from '../predictors/ridge-prediction';
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
 * left out are not in training, not even with their scans at other sites; where nobody else is left, there is no
 * prediction at that site, with an Issue.
 */
export async function leaveOneSiteOut(
  plan: SplitPlan,
  targets: readonly PredictionTarget[],
  { source, run }: { readonly source: FoldSource; readonly run: RunOptions },
): Promise<OutsidePredictions> {
  const held = targets.map(() => emptyPredictions(plan.rows.length));
  if (targets.length === 0 || plan.siteNames.length < 2) return { held, issues: [] };
  const issues: Issue[] = [];
  const report = progressReporter(`leaving sites out, ${source.protocol}`, plan.siteNames.length, run);
  const all = Int32Array.from(plan.rows.keys());
  for (let site = 0; site < plan.siteNames.length; site++) {
    await breathe(run.signal);
    const test = all.filter((at) => plan.sites[at] === site);
    const tested = new Set(Array.from(test, (at) => plan.persons[at]));
    const train = all.filter((at) => !tested.has(plan.persons[at]));
    if (train.length === 0) {
      issues.push(allTravelled(plan.siteNames[site]));
      continue;
    }
    const outcomes = targets.map(({ outcome }) => Float64Array.from(train, (at) => outcome[at]));
    const usable = [...targets.keys()].filter((target) => varies(outcomes[target]));
    const rowsAt = (positions: Int32Array): Int32Array => positions.map((at) => plan.rows[at]);
    const features = await source.split(rowsAt(train), rowsAt(test), run);
    const tasks: RidgeTask[] = [];
    for (const target of usable) {
      tasks.push({ outcome: outcomes[target], test: await features.test(targets[target].covariate) });
    }
    predictByRidge(features.train, tasks).forEach(({ predicted, baseline }, index) => {
      test.forEach((at, item) => {
        held[usable[index]].predicted[at] = predicted[item];
        held[usable[index]].baseline[at] = baseline;
        held[usable[index]].model[at] = site;
      });
    });
    report(site + 1);
  }
  return { held, issues };
}

function allTravelled(site: string): Issue {
  const message = `nothing is predicted at site ${quoteName(site)} left out: every person was scanned there, so none is left to train on`;
  return makeIssue('figure-not-available', message, { site }, ['scan persons who were not at every site']);
}

function varies(outcome: Float64Array): boolean {
  const present = outcome.filter((value) => !Number.isNaN(value));
  return present.some((value) => value !== present[0]);
}
