import { medianPresent } from '../../math/statistics/median';
import type { FeatureTest, Protocol, SiteTests, TestResult } from '../audit';
import { falseDiscoveryRate } from './false-discovery-rate';
import type { FeatureModels } from './feature-models';
import type { Statistic } from '../statistic';

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
  const slopes = withQ(models.slopesBySite);
  const tests = features.map((feature, k): FeatureTest => ({
    feature,
    anova: anova[k],
    kruskal: kruskal[k],
    levene: levene[k],
    slopes: slopes[k],
  }));
  const below = (results: readonly TestResult[]): number => results.filter(({ q }) => q < alpha).length;
  return {
    protocol,
    features: tests,
    medianAnovaF: medianPresent(anova.map(({ statistic }) => statistic)),
    significant: {
      anova: below(anova),
      kruskal: below(kruskal),
      levene: below(levene),
      slopes: below(slopes),
    },
    alpha,
  };
}

function withQ(statistics: readonly Statistic[]): readonly TestResult[] {
  const q = falseDiscoveryRate(statistics.map(({ p }) => p));
  return statistics.map(({ statistic, p }, k) => ({ statistic, p, q: q[k] }));
}
