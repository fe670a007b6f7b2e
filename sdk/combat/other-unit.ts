import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import type { CombatSettings } from './combat-model';
import type { Standardized } from './frame/standardize-block';
import type { MeanDesign } from './means/mean-model';

/** A site whose mean is this many times the others', or that part of it, is suspected of another unit. */
const otherUnit = 4;
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
 * @param about.columnMeans - the mean of every column of the design at every site ({@link siteColumnMeans}); none where rows
 * are elsewhere: means are those at the mean covariates then
 */
export function otherUnitAtSite(
  features: readonly string[],
  standardized: Pick<Standardized, 'status' | 'grandMean' | 'pooledSd' | 'location' | 'coefficients'>,
  {
    sites,
    settings,
    columnMeans,
  }: { sites: readonly string[]; settings: CombatSettings; columnMeans: Float64Array },
): readonly Issue[] {
  const { status, grandMean, pooledSd, location, coefficients } = standardized;
  const width = features.length;
  const columns = columnMeans.length / sites.length;
  const met = new Map<number, string[]>();
  for (let w = 0; w < width; w++) {
    if (status[w] !== 'harmonized' || !isApart(w, width, location)) continue;
    const means = sites.map((_, s) => {
      let mean = grandMean[w] + location[s * width + w] * pooledSd[w];
      for (let k = 0; k < columns; k++) mean += columnMeans[s * columns + k] * coefficients[k * width + w];
      return settings.transform === 'log' ? Math.exp(mean) : mean;
    });
    const present = means.filter((mean) => !Number.isNaN(mean)).sort((a, b) => a - b);
    if (present.length < 2 || present[0] <= 0) continue;
    const usual = present[(present.length - 1) >> 1];
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
    const what = shown.length === 1 ? 'feature' : `${shown.length} features:`;
    const message = `values at site ${quoteName(sites[s])} are on another scale than elsewhere: ${what} ${list(shown)}`;
    return makeIssue('doubtful-unit', message, { site: sites[s] });
  });
}

/** Whether effects of sites on a feature are far enough apart for one to be suspected; they hardly ever are. */
function isApart(w: number, width: number, location: Float64Array): boolean {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = w; at < location.length; at += width) {
    if (location[at] < lowest) lowest = location[at];
    if (location[at] > highest) highest = location[at];
  }
  return highest - lowest > apart;
}

function list(shown: readonly string[]): string {
  return shown.length > 5 ? `${shown.slice(0, 5).join(', ')}, …` : shown.join(', ');
}

/** The mean of every column of a design at every site: sites × columns. */
export function siteColumnMeans({ siteCount, codes, siteSizes, values, columns }: MeanDesign): Float64Array {
  const means = new Float64Array(siteCount * columns);
  for (let row = 0; row < codes.length; row++) {
    const site = codes[row];
    for (let k = 0; k < columns; k++) {
      means[site * columns + k] += values[row * columns + k] / siteSizes[site];
    }
  }
  return means;
}
