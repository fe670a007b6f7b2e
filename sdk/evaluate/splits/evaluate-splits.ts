import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { sharedProgress } from '../../data/shared-progress';
import { deriveSeed } from '../../math/random';
import type { CovariateClassification, CovariateRegression, SiteProbe } from '../audit';
import { cannotBeFitted } from '../cannot-be-fitted';
import { crossValidate } from './cross-validate';
import type { EvaluateSettings } from '../evaluate-options';
import type { FoldSource } from './fold-source';
import type { HeldOutPredictions } from './held-out';
import { leaveOneSiteOut } from './leave-one-site-out';
import { missingFeatureIssues } from './missing-features';
import type { PredictionTarget } from '../predictors/prediction-target';
import { makeTargets } from '../predictors/prediction-target';
import type { SplitPlan } from './split-plan';
import { planSplits } from './split-plan';
import { summarizeClassification, summarizeRegression } from '../predictors/summarize-predictions';
import { summarizeProbe } from '../predictors/summarize-probes';
import type { SvmKernel } from '../predictors/svm/svm-task';

/** The figures of one protocol that come from held-out subjects. */
export interface SplitEvaluation {
  readonly probes: readonly SiteProbe[];
  readonly regressions: readonly CovariateRegression[];
  readonly classifications: readonly CovariateClassification[];
  readonly issues: readonly Issue[];
}

/** {@link SplitEvaluation} with the predictions it comes from, for other states of the data to be compared with. */
export interface SplitRun extends SplitEvaluation {
  /** Predictions per scheme, target and seed. */
  readonly held: readonly (readonly (readonly HeldOutPredictions[])[])[];
}

/** What is trained on which splits: made once, so that every protocol is judged on the same ones. */
export interface SplitDesign {
  readonly settings: EvaluateSettings;
  readonly auditSites: readonly string[];
  readonly plan: SplitPlan;
  readonly targets: readonly PredictionTarget[];
  readonly issues: readonly Issue[];
}

const PROBES: readonly SvmKernel[] = ['linear', 'rbf'];

/**
 * Plans splits and finds the covariates that can be predicted.
 *
 * @param fitted - covariates that a harmonizer is to be fitted with inside the folds
 */
export function designSplits(
  cohort: FeatureCohort,
  settings: EvaluateSettings,
  fitted: readonly string[] = [],
): SplitDesign {
  const plan = planSplits(cohort, settings, fitted);
  const { targets, issues } = makeTargets(cohort, plan, settings.covariates);
  const auditSites = siteNames(cohort.participants);
  return {
    settings,
    auditSites,
    plan,
    targets,
    issues: [...plan.issues, ...missingFeatureIssues(cohort), ...issues],
  };
}

/**
 * Runs site probes and covariate predictions on the features of one protocol.
 *
 * @param run - `raw`: the same run on raw data, to say how much predictions changed
 */
export async function evaluateSplits(
  design: SplitDesign,
  source: FoldSource,
  run: RunOptions & { readonly raw?: Pick<SplitRun, 'held'> },
): Promise<SplitRun> {
  return (await beginSplits(design, source, run)).finish();
}

/** {@link SplitRun} whose site probes are still being trained on other threads. */
export interface PendingSplits extends Pick<SplitRun, 'held'> {
  /** Waits for the probes. */
  finish(): Promise<SplitRun>;
  /** Does without them. */
  drop(): void;
}

/** {@link evaluateSplits}, with the site probes trained while the caller does something else. */
export async function beginSplits(
  design: SplitDesign,
  source: FoldSource,
  run: RunOptions & { readonly raw?: Pick<SplitRun, 'held'> },
): Promise<PendingSplits> {
  const { plan, targets } = design;
  const nothing = { probes: [], regressions: [], classifications: [], issues: [], held: [] };
  if (plan.siteNames.length < 2)
    return { held: [], finish: () => Promise.resolve(nothing), drop: () => undefined };
  const progress = sharedProgress(undefined, 100, run);
  const made = await crossValidate(plan, { probes: PROBES, targets }, { source, run: progress.next(75) });
  try {
    const outside = await predictOutside(design, source, progress.next(25));
    const predicted = summarizePredictions(design, { within: made.targets, outside, source, run });
    progress.finish();
    const finish = async (): Promise<SplitRun> => {
      const probes = scoreProbes(design, source, await made.sites());
      return { ...predicted, probes };
    };
    return { held: predicted.held, finish, drop: made.drop };
  } catch (error) {
    made.drop();
    throw error;
  }
}

/** Scores what was predicted of covariates. */
function summarizePredictions(
  design: SplitDesign,
  {
    within,
    outside,
    source,
    run,
  }: {
    readonly within: readonly (readonly HeldOutPredictions[])[];
    readonly outside: Awaited<ReturnType<typeof predictOutside>>;
    readonly source: FoldSource;
    readonly run: { readonly raw?: Pick<SplitRun, 'held'> };
  },
): Omit<SplitRun, 'probes'> {
  const { plan, targets } = design;
  const schemes = [
    { scheme: 'within-site' as const, held: within },
    { scheme: 'leave-one-site-out' as const, held: outside.held.map((one) => [one]) },
  ];
  const regressions: CovariateRegression[] = [];
  const classifications: CovariateClassification[] = [];
  schemes.forEach(({ scheme, held }, at) => {
    targets.forEach((target, index) => {
      if (held[index] === undefined) return;
      const seed = deriveSeed(design.settings.seed, 1000 + index);
      const raw = run.raw?.held[at]?.[index];
      const context = { protocol: source.protocol, scheme, seed, raw };
      if (target.kind === 'regression') {
        const summary = summarizeRegression(plan, { target, held: held[index] }, context);
        if (summary !== undefined) regressions.push(summary);
      } else {
        const summary = summarizeClassification(plan, { target, held: held[index] }, context);
        if (summary !== undefined) classifications.push(summary);
      }
    });
  });
  const held = schemes.map((entry) => entry.held);
  const issues = [...outside.issues, ...source.issues()];
  return { regressions, classifications, issues, held };
}

function scoreProbes(
  { plan, settings, auditSites }: SplitDesign,
  { protocol }: FoldSource,
  named: readonly (readonly Int32Array[])[],
): readonly SiteProbe[] {
  return PROBES.map((probe, index) => {
    const seed = deriveSeed(settings.seed, 2000 + index);
    return summarizeProbe(plan, named[index], { probe, protocol, seed, auditSites });
  });
}

/** Of a harmonizer that has no way to take a site that it was not fitted on. */
const onlyOwnSites = ['this method harmonizes only the sites that it was fitted on; the other figures hold'];

/** Leave-one-site-out predictions; none, with an Issue, when the harmonizer cannot serve a site unseen. */
async function predictOutside(
  { plan, targets }: SplitDesign,
  source: FoldSource,
  run: RunOptions,
): Promise<{ readonly held: readonly HeldOutPredictions[]; readonly issues: readonly Issue[] }> {
  try {
    return await leaveOneSiteOut(plan, targets, { source, run });
  } catch (error) {
    if (source.protocol !== 'in-folds' || !cannotBeFitted(error)) throw error;
    const message = `predictions at sites left out are not available in folds: ${error.problem}`;
    const advice = error.code === 'unknown-site' && error.remedy.length === 0 ? onlyOwnSites : error.remedy;
    return { held: [], issues: [makeIssue('figure-not-available', message, {}, advice)] };
  }
}
