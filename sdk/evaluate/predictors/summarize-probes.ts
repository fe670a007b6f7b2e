import type { Protocol, SiteProbe } from '../audit';
import { bootstrapMean, bootstrapWithinGroups } from './bootstrap';
import { balancedAccuracy, recallPerClass } from './classification-scores';
import type { SplitPlan } from '../splits/split-plan';

/** Scores what one probe named in every seed. `recall` has one entry per site of the audit, `NaN` for those left out. */
export function summarizeProbe<Kind extends string>(
  plan: SplitPlan,
  named: readonly Int32Array[],
  about: {
    readonly probe: Kind;
    readonly protocol: Protocol;
    readonly seed: number;
    readonly auditSites: readonly string[];
  },
): SiteProbe<Kind> {
  const classes = plan.siteNames.length;
  // Who is always in training is never named; that is the same for every seed.
  const tested = Int32Array.from(plan.rows.keys()).filter((at) => plan.assignments[0][at] !== -1);
  const sites = tested.map((at) => plan.sites[at]);
  const persons = tested.map((at) => plan.units[at]);
  const namings = named.map((predicted) => tested.map((at) => predicted[at]));
  const perSeed = namings.map((predicted) => balancedAccuracy(sites, predicted, classes));
  const recalls = namings.map((predicted) => recallPerClass(sites, predicted, classes));
  const correct = namings.map((predicted) =>
    Float64Array.from(sites, (site, item) => Number(predicted[item] === site)),
  );
  return {
    probe: about.probe,
    protocol: about.protocol,
    balancedAccuracy: bootstrapMean(perSeed, { seed: about.seed }),
    overSubjects: bootstrapWithinGroups(correct, sites, {
      seed: about.seed,
      resamples: 1000,
      persons,
      keptWith: plan,
    }),
    chance: 1 / classes,
    perSeed,
    recall: about.auditSites.map((site) => {
      const code = plan.siteNames.indexOf(site);
      return code < 0 ? NaN : recalls.reduce((sum, recall) => sum + recall[code], 0) / recalls.length;
    }),
    folds: plan.folds,
    oneAnswer: oneAnswerShare(plan, named),
  };
}

/** The share of folds in which all those tested, of several sites, were given one and the same site. */
function oneAnswerShare(plan: SplitPlan, named: readonly Int32Array[]): number {
  let folds = 0;
  let alike = 0;
  named.forEach((predicted, repeat) => {
    for (let fold = 0; fold < plan.folds; fold++) {
      const tested = [...plan.rows.keys()].filter((at) => plan.assignments[repeat][at] === fold);
      if (new Set(tested.map((at) => plan.sites[at])).size < 2) continue;
      folds++;
      if (new Set(tested.map((at) => predicted[at])).size === 1) alike++;
    }
  });
  return folds === 0 ? 0 : alike / folds;
}
