import type { CovariateSlopes } from '../audit';
import type { FeatureModels } from './feature-models';
import type { SiteDesign } from './site-design';

/**
 * The slope of every feature on every design column before and after, both in residual standard deviations of the
 * feature before, so that they can be compared with each other and between features.
 */
export function compareSlopes(
  before: FeatureModels,
  after: FeatureModels,
  design: SiteDesign,
): readonly CovariateSlopes[] {
  const columns = design.terms.flatMap((term) => term.columns.map(({ name }) => ({ term, name })));
  return columns.map(({ term, name }, at) => {
    const scaled = (slopes: Float64Array): Float64Array =>
      slopes.map((slope, k) => slope / before.residualSd[k]);
    const record = {
      covariate: term.covariate,
      column: name,
      before: scaled(before.slopes[at]),
      after: scaled(after.slopes[at]),
    };
    return term.unit === undefined ? record : { ...record, unit: term.unit };
  });
}
