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
  const { pooledSd, gammaStar, deltaStar } = model;
  const width = pooledSd.length;
  const shift = new Float64Array(width);
  const factor = new Float64Array(width);
  for (let w = 0, at = index * width; w < width; w++, at++) {
    shift[w] = pooledSd[w] * gammaStar[at];
    factor[w] = 1 / Math.sqrt(deltaStar[at]);
  }
  return { shift, factor };
}
