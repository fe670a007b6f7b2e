import type { Protocol, VarianceShare } from '../audit';
import type { FeatureModels } from './feature-models';
import type { SiteDesign } from './site-design';
import { medianPresent } from '../../math/statistics/median';

/** The share of variance (partial R²) by site and by each covariate, per feature and as the median feature. */
export function summarizeVariance(
  models: FeatureModels,
  design: SiteDesign,
  protocol: Protocol,
): readonly VarianceShare[] {
  const share = (source: string, perFeature: Float64Array): VarianceShare => ({
    protocol,
    source,
    perFeature,
    median: medianPresent(perFeature),
  });
  return [
    share('site', models.siteShare),
    ...design.terms.map((term, index) => share(term.covariate, models.termShares[index])),
  ];
}
