import type { PersonSiteMeans } from './person-site-means';

/** Means of every feature at every site, and how values spread about them: sites × features, row-major. */
export interface SiteMoments {
  readonly counts: Float64Array;
  /** `NaN` where a site has no value of the feature. */
  readonly means: Float64Array;
  /** Sums of squares about the site's mean. */
  readonly squares: Float64Array;
}

/** Counts, means and sums of squares of every feature at every site, over the cells present; two passes. */
export function siteMoments({ values, features, sites, siteNames }: PersonSiteMeans): SiteMoments {
  const width = features.length;
  const counts = new Float64Array(siteNames.length * width);
  const means = new Float64Array(siteNames.length * width);
  const squares = new Float64Array(siteNames.length * width);
  for (let row = 0, from = 0; row < sites.length; row++) {
    for (let k = 0, at = sites[row] * width; k < width; k++, at++, from++) {
      if (Number.isNaN(values[from])) continue;
      means[at] += values[from];
      counts[at]++;
    }
  }
  for (let at = 0; at < means.length; at++) means[at] /= counts[at];
  for (let row = 0, from = 0; row < sites.length; row++) {
    for (let k = 0, at = sites[row] * width; k < width; k++, at++, from++) {
      const apart = values[from] - means[at];
      if (!Number.isNaN(apart)) squares[at] += apart * apart;
    }
  }
  return { counts, means, squares };
}
