import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import { leastAndGreatest } from '../math/statistics/least-and-greatest';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatSettings } from './combat-model';
import type { Standardized } from './frame/standardize-block';

/** A site whose mean is this many times the others', or that part of it, is suspected of another unit. */
const otherUnit = 4;
/** No unit is so many times smaller: what is left of a mean of 0 by rounding. */
const noUnit = 1e-12;
/** And whose effect is this many pooled standard deviations from theirs. */
const apart = 4;

/**
 * Warns of a feature that is in another unit at one site, mm³ and cm³ for example: its mean there is more than four times, or
 * less than a quarter of, the median of the means of all sites, all of them above zero, and more than four pooled standard
 * deviations away beyond what covariates explain. Pooling moves every site to a mean that nobody has.
 *
 * Means are those of the values, as far as the model has them: what is fitted at a site for the covariates of all others
 * goes by slopes that the site in another unit has spoilt, and may be below zero.
 *
 * @param about.columnMeans - the mean of every column of the design at every site (`siteDesign`)
 * @param about.several - what messages call so many of the features
 */
export function otherUnitAtSite(
  features: readonly string[],
  standardized: Pick<Standardized, 'status' | 'grandMean' | 'pooledSd' | 'location' | 'coefficients'>,
  {
    sites,
    settings,
    columnMeans,
    several = (count) => (count === 1 ? 'feature' : `${count} features:`),
  }: {
    sites: readonly string[];
    settings: CombatSettings;
    columnMeans: Float64Array;
    several?: (count: number) => string;
  },
): readonly Issue[] {
  const { status, grandMean, pooledSd, location, coefficients } = standardized;
  const width = features.length;
  const columns = columnMeans.length / sites.length;
  const met = new Map<number, string[]>();
  const [low, high] = rangeOverSites(location, width);
  for (let w = 0; w < width; w++) {
    // Effects are hardly ever far enough apart for one to be suspected.
    if (status[w] !== 'harmonized' || !(high[w] - low[w] > apart)) continue;
    const means = sites.map((_, s) => {
      let mean = grandMean[w] + location[s * width + w] * pooledSd[w];
      for (let k = 0; k < columns; k++) mean += columnMeans[s * columns + k] * coefficients[k * width + w];
      return settings.transform === 'log' ? Math.exp(mean) : mean;
    });
    const present = means.filter((mean) => !Number.isNaN(mean)).sort((a, b) => a - b);
    const usual = present[(present.length - 1) >> 1];
    if (present.length < 2 || !(present[0] > noUnit * usual)) continue;
    const elsewhere = location[means.indexOf(usual) * width + w];
    means.forEach((mean, s) => {
      // A site without any value of the feature has an Issue of its own (`absentAtSites`).
      if (Number.isNaN(mean)) return;
      const ratio = mean / usual;
      const away = Math.abs(location[s * width + w] - elsewhere);
      if ((ratio <= otherUnit && ratio * otherUnit >= 1) || away <= apart) return;
      const shown = `${features[w]} (about ${mean.toPrecision(3)}, elsewhere ${usual.toPrecision(3)})`;
      // Pixels of another scale are millions: one more is added, none copied.
      const own = met.get(s);
      if (own === undefined) met.set(s, [shown]);
      else own.push(shown);
    });
  }
  return [...met].map(([s, shown]) => {
    const message = `values at site ${quoteName(sites[s])} are on another scale than elsewhere: ${several(shown.length)} ${list(shown)}`;
    return makeIssue('doubtful-unit', message, { site: sites[s] });
  });
}

function list(shown: readonly string[]): string {
  return shown.length > 5 ? `${shown.slice(0, 5).join(', ')}, …` : shown.join(', ');
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
  const low = new Float64Array(width);
  const high = new Float64Array(width);
  for (let w = 0; w < width; w++) [low[w], high[w]] = leastAndGreatest(location, { from: w, stride: width });
  return [low, high];
}
