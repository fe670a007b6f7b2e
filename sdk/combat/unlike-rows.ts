import type { FeatureCohort } from '../data/cohort';
import type { CombatModel, FeatureStatus } from './combat-model';
import type { SiteCorrection } from './frame/site-correction';
import { spreadAt } from './frame/expected-values';
import { farAway } from './unlike-training';

/** So many features of each scan are looked at, evenly over the table: enough to see a quarter of them. */
const looked = 64;

/** What a cohort is applied with. */
export interface Applied {
  /** Subjects × columns, coded as the model was fitted. */
  readonly design: Float64Array;
  /** Subjects × scale columns. */
  readonly scale: Float64Array;
  /** By the name of a site. */
  readonly corrections: ReadonlyMap<string, SiteCorrection | undefined>;
}

/**
 * The scans of which a quarter or more of the features, and at least two, are further from what the model expects at their site
 * than {@link farAway} pooled standard deviations: scans in another unit. Means of features do not show it where few scans, or
 * those of one site, are so.
 *
 * A site that the model does not know has an effect of 0 here, whatever was estimated of it: estimated from scans in another
 * unit, it makes up for the unit.
 */
export function unlikeRows(
  model: CombatModel,
  { participants: { ids, sites }, features: { values } }: FeatureCohort,
  { design, scale, corrections }: Applied,
): readonly number[] {
  const { grandMean, coefficients, columns, pooledSd, status, settings } = model;
  const width = status.length;
  const some = evenly(status);
  const known = new Set(model.sites.map(({ name }) => name));
  return [...ids.keys()].filter((row) => {
    const shift = known.has(sites[row]) ? corrections.get(sites[row])?.shift : undefined;
    let seen = 0;
    let far = 0;
    for (const w of some) {
      const value = values[row * width + w];
      if (Number.isNaN(value)) continue;
      let rest = (settings.transform === 'log' ? Math.log(value) : value) - grandMean[w];
      for (let k = 0; k < columns.length; k++) {
        rest -= design[row * columns.length + k] * coefficients[k * width + w];
      }
      const spread = spreadAt(model.scaleCoefficients, { design: scale, row }, { w, width });
      const effect = shift === undefined || Number.isNaN(shift[w]) ? 0 : shift[w];
      seen++;
      if (Math.abs(rest / spread - effect) > farAway * pooledSd[w]) far++;
    }
    return far >= 2 && far * 4 >= seen;
  });
}

/** Up to {@link looked} of the features that a model harmonizes, from the first to the last. */
function evenly(status: readonly FeatureStatus[]): readonly number[] {
  let harmonized = 0;
  for (const one of status) if (one === 'harmonized') harmonized++;
  const step = Math.max(1, harmonized / looked);
  const some: number[] = [];
  for (let w = 0, at = 0; w < status.length; w++) {
    if (status[w] !== 'harmonized') continue;
    if (at++ >= some.length * step) some.push(w);
  }
  return some;
}
