import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatSettings } from './combat-model';
import type { Standardized } from './frame/standardize-block';
import { listFeatures } from './list-features';

/** A site whose mean is this many times the others', or that part of it, is suspected of another unit. */
const otherUnit = 4;

/**
 * Warns of a feature that is in another unit at one site, mm³ and cm³ for example: its mean there (at the mean of the
 * covariates) is more than four times, or less than a quarter of, the median of the means of all sites, all of them above
 * zero, and more than four pooled standard deviations away. Pooling moves every site to a mean that nobody has.
 */
export function otherUnitAtSite(
  features: readonly string[],
  {
    status,
    grandMean,
    pooledSd,
    location,
  }: Pick<Standardized, 'status' | 'grandMean' | 'pooledSd' | 'location'>,
  { sites, settings }: { sites: readonly string[]; settings: CombatSettings },
): readonly Issue[] {
  const width = features.length;
  const log = settings.transform === 'log';
  const alike = alikeAtSites({ grandMean, pooledSd, location }, log);
  const met = new Map<number, string[]>();
  for (let w = 0; w < width; w++) {
    if (status[w] !== 'harmonized' || alike(w)) continue;
    const fitted = sites.map((_, s) => grandMean[w] + location[s * width + w] * pooledSd[w]);
    const means = log ? fitted.map(Math.exp) : fitted;
    const present = means.filter((mean) => !Number.isNaN(mean)).sort((a, b) => a - b);
    const middle = (present.length - 1) >> 1;
    if (present.length < 2 || present[0] <= 0) continue;
    const usual = present[middle];
    means.forEach((mean, s) => {
      // A site without any value of the feature has an Issue of its own (`absentAtSites`).
      if (Number.isNaN(mean)) return;
      const ratio = mean / usual;
      const away = Math.abs(fitted[s] - fitted[means.indexOf(usual)]) / pooledSd[w];
      if ((ratio <= otherUnit && ratio * otherUnit >= 1) || away <= 4) return;
      const shown = `${features[w]} (about ${mean.toPrecision(3)}, elsewhere ${usual.toPrecision(3)})`;
      // Pixels of another scale are millions: one more is added, none copied.
      const own = met.get(s);
      if (own === undefined) met.set(s, [shown]);
      else own.push(shown);
    });
  }
  return [...met].map(([s, shown]) => {
    const message = `values at site ${quoteName(sites[s])} are on another scale than elsewhere: ${listFeatures(shown)}`;
    return makeIssue('doubtful-unit', message, { site: sites[s] });
  });
}

/** What is known of features at sites, as far as it is looked at here. */
type AtSites = Pick<Standardized, 'grandMean' | 'pooledSd' | 'location'>;

/**
 * Makes the test whether no mean of a feature is {@link otherUnit} times another, or one is not above zero: so it is with nearly all,
 * and the least and the greatest site effect show it.
 */
function alikeAtSites({ grandMean, pooledSd, location }: AtSites, log: boolean): (w: number) => boolean {
  const [low, high] = rangeOverSites(location, grandMean.length);
  return (w) => {
    const least = grandMean[w] + low[w] * pooledSd[w];
    const most = grandMean[w] + high[w] * pooledSd[w];
    const [lowest, highest] = log ? [Math.exp(least), Math.exp(most)] : [least, most];
    return lowest <= 0 || highest < otherUnit * lowest || low[w] > high[w];
  };
}

/** The least and the greatest effect of each feature, over the sites that have one. */
function rangeOverSites(
  location: Float64Array,
  width: number,
): readonly [least: Float64Array, most: Float64Array] {
  const byKernel = withNumbers([location], 2 * width, (room) => {
    const range = room.take(8 * 2 * width);
    room.run('rangeOverSites', [...room.places, range, width, location.length / width], { units: 1 });
    return room.doubles(range, 2 * width).slice();
  });
  if (byKernel !== undefined) return [byKernel.subarray(0, width), byKernel.subarray(width)];
  const low = new Float64Array(width).fill(Infinity);
  const high = new Float64Array(width).fill(-Infinity);
  for (let at = 0; at < location.length; at += width) addRange(location.subarray(at, at + width), low, high);
  return [low, high];
}

/** A call for each site: V8 makes a function fast between its calls. */
function addRange(effects: Float64Array, low: Float64Array, high: Float64Array): void {
  for (let w = 0; w < effects.length; w++) {
    const effect = effects[w];
    if (effect < low[w]) low[w] = effect;
    if (effect > high[w]) high[w] = effect;
  }
}
