import type { Issue } from '../../data/issue';
import type { CombatSettings } from '../combat-model';
import type { SiteAssignment } from '../design/confounding';
import { separateFromSites } from '../design/confounding';
import type { CovariateDesign } from '../design/covariate-design';
import type { MeanModel } from '../means/mean-model';
import { covariateScale } from './covariate-scale';
import { pooledScale } from './pooled-scale';
import { robustScale } from './robust-scale';
import type { ScaleModel } from './scale-model';

/**
 * Prepares the scale model of a design. Sites widen scans by amounts of their own, so that what a covariate does to the spread
 * must be separable from them, as in the mean.
 *
 * @throws ConcordError `confounded` naming the columns and the sites that coincide.
 */
export function fitScaleModel(
  { mean, design }: { readonly mean: MeanModel; readonly design: CovariateDesign },
  sites: SiteAssignment,
  { settings, reference }: { readonly settings: CombatSettings; readonly reference: number },
): { readonly scale: ScaleModel; readonly issues: readonly Issue[] } {
  const columns = design.columns.length;
  if (columns === 0) {
    const { robust } = settings;
    return {
      scale: robust ? robustScale(mean.design, reference, settings) : pooledScale(settings),
      issues: [],
    };
  }
  const { issues } = separateFromSites(design, sites, 'effect on scale');
  const scale = covariateScale(mean, { values: design.values, columns }, settings.maxIterations);
  return { scale, issues };
}
