import type { CombatModel } from '../combat-model';

/**
 * The correction of one site: out = (y − fit − shift × spread) × factor + fit, where fit is the grand mean and covariates, and
 * spread is 1 unless σ depends on covariates.
 */
export interface SiteCorrection {
  /** γ* in the feature's units. */
  readonly shift: Float64Array;
  /** 1/√δ*². */
  readonly factor: Float64Array;
}

/** The correction that a model has for one of its sites; `undefined` for the reference site, which is left alone. */
export function modelCorrection(model: CombatModel, index: number): SiteCorrection | undefined {
  if (model.sites[index].adjusts === 'reference') return undefined;
  const row = index * model.features.length;
  return {
    shift: model.pooledSd.map((sd, feature) => sd * model.gammaStar[row + feature]),
    factor: model.pooledSd.map((_, feature) => 1 / Math.sqrt(model.deltaStar[row + feature])),
  };
}
