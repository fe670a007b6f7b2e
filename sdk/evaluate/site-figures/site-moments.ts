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
  for (let row = 0; row < sites.length; row++)
    addPresent(means, values, { to: sites[row] * width, from: row * width, counts, width });
  for (let at = 0; at < means.length; at++) means[at] /= counts[at];
  for (let row = 0; row < sites.length; row++)
    addSquaresAbout(squares, values, { to: sites[row] * width, from: row * width, means, width });
  return { counts, means, squares };
}

/** Where a row is in the table, and where its site is among sites. */
interface RowPlace {
  readonly to: number;
  readonly from: number;
  readonly width: number;
}

function addPresent(
  sums: Float64Array,
  values: Float64Array,
  { to, from, counts, width }: RowPlace & { readonly counts: Float64Array },
): void {
  for (let k = 0; k < width; k++) {
    const value = values[from + k];
    // What is missing is unlike itself.
    if (value !== value) continue;
    sums[to + k] += value;
    counts[to + k]++;
  }
}

function addSquaresAbout(
  squares: Float64Array,
  values: Float64Array,
  { to, from, means, width }: RowPlace & { readonly means: Float64Array },
): void {
  for (let k = 0; k < width; k++) {
    const apart = values[from + k] - means[to + k];
    if (apart === apart) squares[to + k] += apart * apart;
  }
}
