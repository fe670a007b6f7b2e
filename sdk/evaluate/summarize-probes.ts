import type { Protocol, SiteProbe } from './audit';
import { bootstrapMean, bootstrapWithinGroups } from './bootstrap';
import { balancedAccuracy, recallPerClass } from './classification-scores';
import type { SplitPlan } from './split-plan';
import type { SvmKernel } from './svm';

/** Scores what one probe named in every seed. `recall` has one entry per site of the audit, `NaN` for those left out. */
export function summarizeProbe(
  plan: SplitPlan,
  named: readonly Int32Array[],
  about: {
    readonly probe: SvmKernel;
    readonly protocol: Protocol;
    readonly seed: number;
    readonly auditSites: readonly string[];
  },
): SiteProbe {
  const classes = plan.siteNames.length;
  const perSeed = named.map((predicted) => balancedAccuracy(plan.sites, predicted, classes));
  const recalls = named.map((predicted) => recallPerClass(plan.sites, predicted, classes));
  const correct = named.map((predicted) =>
    Float64Array.from(plan.sites, (site, at) => Number(predicted[at] === site)),
  );
  return {
    probe: about.probe,
    protocol: about.protocol,
    balancedAccuracy: bootstrapMean(perSeed, { seed: about.seed }),
    overSubjects: bootstrapWithinGroups(correct, plan.sites, { seed: about.seed, resamples: 1000 }),
    chance: 1 / classes,
    perSeed,
    recall: about.auditSites.map((site) => {
      const code = plan.siteNames.indexOf(site);
      return code < 0 ? NaN : recalls.reduce((sum, recall) => sum + recall[code], 0) / recalls.length;
    }),
    folds: plan.folds,
  };
}
