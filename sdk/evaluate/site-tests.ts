import { median } from 'simple-statistics';
import type { FeatureTest, Protocol, SiteTests, TestResult } from './audit';
import { falseDiscoveryRate } from './false-discovery-rate';
import type { FeatureModels } from './feature-models';
import type { Statistic } from './statistic';

/**
 * The per-feature tests for differences between sites, with false-discovery-rate q values and how many features
 * fall below `alpha`.
 */
export function summarizeSiteTests(
  models: FeatureModels,
  features: readonly string[],
  { protocol, alpha }: { readonly protocol: Protocol; readonly alpha: number },
): SiteTests {
  const anova = withQ(models.anova);
  const kruskal = withQ(models.kruskal);
  const levene = withQ(models.levene);
  const tests = features.map((feature, k): FeatureTest => ({
    feature,
    anova: anova[k],
    kruskal: kruskal[k],
    levene: levene[k],
  }));
  const below = (results: readonly TestResult[]): number => results.filter(({ q }) => q < alpha).length;
  return {
    protocol,
    features: tests,
    medianAnovaF: finiteMedian(anova.map(({ statistic }) => statistic)),
    significant: { anova: below(anova), kruskal: below(kruskal), levene: below(levene) },
    alpha,
  };
}

function withQ(statistics: readonly Statistic[]): readonly TestResult[] {
  const q = falseDiscoveryRate(statistics.map(({ p }) => p));
  return statistics.map(({ statistic, p }, k) => ({ statistic, p, q: q[k] }));
}

/** The median of the values that are not `NaN`; `NaN` when there are none. */
export function finiteMedian(values: ArrayLike<number>): number {
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  return present.length === 0 ? NaN : median(present);
}
