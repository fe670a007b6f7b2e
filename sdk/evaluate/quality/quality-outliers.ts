import { median } from 'simple-statistics';
import { intensityScales } from './intensity-scales';
import type { QualityFigures } from './quality-figures';

/** A figure of a scan that stands out from the scans of its site. */
export interface Outlier {
  /** The row of the scan among those given. */
  readonly row: number;
  readonly figure: keyof QualityFigures;
  readonly value: number;
  /** The median of the figure at the site. */
  readonly median: number;
  /** How many robust deviations the value is above (below: negative) the median. */
  readonly deviations: number;
}

/** With fewer scans a site's median says nothing of what is usual there. */
const fewestScans = 3;

/** Intensities are in units of the scanner: they are judged by their ratios. */
const byRatio: readonly (keyof QualityFigures)[] = ['whitePeak', 'grayPeak', 'airSd'];

/** The least deviation, as a share of the median: scans may agree so closely that a smaller one would not matter. */
const leastDeviation = 0.005;

/** The share of the mask on the outermost layer of the grid above which a brain counts as cut off. */
const mostCutOff = 0.01;

/**
 * Finds figures that are far from the median of their site: the modified z-score of Iglewicz & Hoaglin 1993 ("How to
 * detect and handle outliers"), 0.6745 · (x − median) / MAD; where more than half of the scans agree (MAD 0),
 * (x − median) / (1.2533 · mean absolute deviation). The deviation is the greater of the site's own and that of all
 * scans from their sites' medians, so that a small site is not judged by the luck of its few scans, and at least 0.5% of
 * the median. Sites with fewer than three scans are not judged. Intensities of a site whose scans are on several scales
 * ({@link intensityScales}) are judged within each. `cutOff` is judged by a fixed limit: above 1%.
 *
 * @param threshold - how many deviations are too many
 */
export function qualityOutliers(
  scans: readonly QualityFigures[],
  sites: readonly string[],
  threshold: number,
): readonly Outlier[] {
  const figures = scans.length === 0 ? [] : (Object.keys(scans[0]) as (keyof QualityFigures)[]);
  const scales = [...sites];
  intensityScales(scans, sites).forEach(({ rows }, group) => {
    for (const row of rows) scales[row] = `${sites[row]} ${group}`;
  });
  return figures.flatMap((figure) => {
    const within = byRatio.includes(figure) ? scales : sites;
    return outliersOf(figure, { scans, sites: within, threshold });
  });
}

function outliersOf(
  figure: keyof QualityFigures,
  given: {
    readonly scans: readonly QualityFigures[];
    readonly sites: readonly string[];
    readonly threshold: number;
  },
): readonly Outlier[] {
  const { scans, sites, threshold } = given;
  const ratios = byRatio.includes(figure);
  const judged = scans.flatMap((scan, row) => {
    const value = scan[figure];
    return value === null || (ratios && value <= 0)
      ? []
      : [{ row, value, x: ratios ? Math.log(value) : value }];
  });
  const bySite = [...new Set(sites)].flatMap((site) => {
    const own = judged.filter(({ row }) => sites[row] === site);
    if (own.length < fewestScans) return [];
    const center = median(own.map(({ x }) => x));
    return [{ center, apart: own.map((one) => ({ ...one, distance: one.x - center })) }];
  });
  const pooled = robustScale(bySite.flatMap(({ apart }) => apart.map(({ distance }) => distance)));
  return bySite.flatMap(({ center, apart }) => {
    const own = robustScale(apart.map(({ distance }) => distance));
    const scale = Math.max(pooled, own, leastDeviation * (ratios ? 1 : Math.abs(center)));
    return apart
      .filter(({ value, distance }) =>
        figure === 'cutOff' ? value > mostCutOff : scale > 0 && Math.abs(distance) > threshold * scale,
      )
      .map(({ row, value, distance }) => ({
        row,
        figure,
        value,
        median: ratios ? Math.exp(center) : center,
        deviations: scale > 0 ? distance / scale : 0,
      }));
  });
}

/** A standard deviation that a few great distances do not move; 0 when all are 0. */
function robustScale(distances: readonly number[]): number {
  const sizes = distances.map(Math.abs);
  if (sizes.length === 0) return 0;
  const middle = median(sizes);
  if (middle > 0) return middle / 0.6745;
  return (1.2533 * sizes.reduce((sum, size) => sum + size)) / sizes.length;
}
