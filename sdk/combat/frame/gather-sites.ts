import { joinDoubles, joinNeighbors } from '../../math/join-arrays';
import { everyPosition, pickFrom } from '../../math/pick-doubles';
import type { CombatModel } from '../combat-model';
import { fitPrior } from './empirical-bayes';
import { fitPriorByKernel } from './fit-prior-by-kernel';
import type { SiteEffects, SiteInput } from './shrink-sites';
import type { Standardized } from './standardize-block';

const empty = new Float64Array(0);

/** The standardized statistics of one site over the features that have values there. */
export function siteInput(
  standardized: Standardized,
  { name, index, subjects }: { name: string; index: number; subjects: number },
): SiteInput {
  const count = standardized.status.length;
  const row = index * count;
  const { values } = standardized;
  const among = new Int32Array(count);
  let present = 0;
  for (let feature = 0; feature < count; feature++) {
    const location = standardized.location[row + feature];
    if (location === location) among[present++] = feature;
  }
  const features = present === count ? among : among.slice(0, present);
  const at = (values: Float64Array): Float64Array => pickFrom(values.subarray(row, row + count), features);
  return {
    name,
    subjects,
    features,
    location: at(standardized.location),
    squares: at(standardized.squares),
    counts: at(standardized.counts),
    values:
      values === undefined
        ? undefined
        : Array.from(features, (feature) => values.get(row + feature) ?? empty),
  };
}

/** The reference site is what the others are brought to: no shift, no rescaling. */
export function referenceEffects(input: SiteInput): SiteEffects {
  const { name, subjects, features, location, squares, counts } = input;
  return {
    site: { name, subjects, adjusts: 'reference', prior: null, iterations: 0 },
    features,
    gammaHat: location,
    deltaHat: squares.map((sum, i) => (counts[i] > 1 ? sum / (counts[i] - 1) : 1)),
    gammaStar: new Float64Array(features.length),
    deltaStar: new Float64Array(features.length).fill(1),
    scaled: everyPosition(features.length),
    issues: [],
  };
}

/** The effects of all sites: sites × features, `NaN` where a site has none. */
export function gather(
  effects: readonly SiteEffects[],
  features: number,
  values: (effect: SiteEffects) => Float64Array,
): Float64Array {
  const own = joinNeighbors(effects.map(values));
  if (own?.length === effects.length * features) return own;
  const gathered = new Float64Array(effects.length * features).fill(NaN);
  effects.forEach((effect, site) => {
    const own = values(effect);
    const row = gathered.subarray(site * features, (site + 1) * features);
    if (own.length === features) row.set(own);
    else for (let i = 0; i < own.length; i++) row[effect.features[i]] = own[i];
  });
  return gathered;
}

/** One prior over all sites and features, for a site that was not there when the model was fitted. */
export function poolPriors(effects: readonly SiteEffects[]): CombatModel['pooledPrior'] {
  const others = effects.filter((effect) => effect.site.adjusts !== 'reference');
  const join = (parts: readonly Float64Array[]): Float64Array => joinNeighbors(parts) ?? joinDoubles(parts);
  const location = join(others.map((effect) => effect.gammaHat));
  const scale = join(others.map(({ deltaHat, scaled }) => pickFrom(deltaHat, scaled)));
  if (location.length < 2) return null;
  return fitPriorByKernel(location, scale) ?? fitPrior(location, scale);
}
