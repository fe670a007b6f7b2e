import type { FeatureMatrix } from '../feature-matrix';
import { listFirst } from '../list-names';

/** The most features, or sites, that are named with their counts. */
const mostNamed = 5;

/**
 * Counts the missing cells of a table, and says of which features and sites they are: `8 of 720 feature cells are missing (of
 * features f3: 5, f0: 3; of sites B: 8)`, those with most first.
 *
 * @param sites - the site of every row
 * @returns `undefined` where no cell is missing
 */
export function describeMissing(
  { values, features }: Pick<FeatureMatrix, 'values' | 'features'>,
  sites: readonly string[],
): string | undefined {
  const width = features.length;
  const ofFeature = new Float64Array(width);
  const ofSite = new Map<string, number>();
  let total = 0;
  for (let at = 0, row = 0; row < sites.length; row++) {
    let here = 0;
    for (let k = 0; k < width; k++, at++) {
      if (!Number.isNaN(values[at])) continue;
      ofFeature[k]++;
      here++;
    }
    if (here === 0) continue;
    total += here;
    ofSite.set(sites[row], (ofSite.get(sites[row]) ?? 0) + here);
  }
  if (total === 0) return undefined;
  const counts = features.map((name, k) => [name, ofFeature[k]] as const).filter(([, count]) => count > 0);
  const are = total === 1 ? 'is' : 'are';
  return (
    `${total} of ${values.length} feature cells ${are} missing (of features ${listCounts(counts)}; ` +
    `of sites ${listCounts([...ofSite])})`
  );
}

function listCounts(counts: readonly (readonly [string, number])[]): string {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return listFirst(sorted, ([name, count]) => `${name}: ${count}`, { most: mostNamed });
}
