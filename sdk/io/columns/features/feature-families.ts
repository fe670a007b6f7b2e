import { wordsOf } from './feature-names';

/** Features that measure the same kind of quantity, as far as names and scales say. */
export interface FeatureFamily {
  /** What they measure, where their names say it: `thickness`, `volume` …; otherwise `values around 2.5`. */
  readonly kind: string;
  /** Positions among the features, ascending. */
  readonly members: readonly number[];
  /** Median over the members of the median |value|. */
  readonly scale: number;
}

/** The families of some features, and the single ones that are far from all others. */
export interface FeatureFamilies {
  /** The largest first. */
  readonly families: readonly FeatureFamily[];
  /** A family of at most one feature, or 5 % of all, whose scale is far from that of the largest. */
  readonly strays: readonly FeatureFamily[];
}

/** A factor of 30: cortical thickness and the volume of the smallest structures are further apart. */
const gap = 1.5;

/**
 * Sorts features by what they measure. The last word of a name that speaks of a measure decides (`lh_V1_thickness`,
 * `GrayVol`, `brain_volume_mm3`); features whose names say nothing are of one family as long as their scales, the median
 * of |value|, follow each other without a gap of a factor of 30, and belong to a named one whose scale they share.
 *
 * @param scales - the median |value| of each feature; 0 or `NaN` where there is none
 */
export function featureFamilies(names: readonly string[], scales: ArrayLike<number>): FeatureFamilies {
  const logs = names.map((_, at) => (scales[at] > 0 ? Math.log10(scales[at]) : NaN));
  const named = new Map<string, number[]>();
  const unnamed: number[] = [];
  names.forEach((name, at) => {
    const kind = measureIn(name);
    if (kind !== undefined && named.get(kind)?.push(at) === undefined) named.set(kind, [at]);
    else if (kind === undefined && !Number.isNaN(logs[at])) unnamed.push(at);
  });
  for (const cluster of clusters(unnamed, logs)) {
    const shared = [...named.entries()]
      .filter(([, members]) => near(members, cluster, logs))
      .sort(([, a], [, b]) => b.length - a.length)[0];
    if (shared === undefined) named.set(`values around ${shown(scaleOf(cluster, scales))}`, cluster);
    else for (const at of cluster) shared[1].push(at);
  }
  const families = [...named]
    .map(([kind, members]) => ({
      kind,
      members: members.sort((a, b) => a - b),
      scale: scaleOf(members, scales),
    }))
    .sort((a, b) => b.members.length - a.members.length);
  return { families, strays: straysAmong(families, logs, names.length) };
}

function straysAmong(
  families: readonly FeatureFamily[],
  logs: readonly number[],
  count: number,
): readonly FeatureFamily[] {
  const [main, ...others] = families;
  if (main === undefined || main.members.length < 3) return [];
  return others.filter(
    ({ members }) => members.length <= Math.max(1, 0.05 * count) && !near(main.members, members, logs),
  );
}

/** Whether the scales of two groups come within a factor of 30 of each other. */
function near(some: readonly number[], others: readonly number[], logs: readonly number[]): boolean {
  const [low, high] = rangeOf(some, logs);
  const [from, to] = rangeOf(others, logs);
  return !(from - high > gap || low - to > gap);
}

function rangeOf(members: readonly number[], logs: readonly number[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const at of members) {
    if (logs[at] < low) low = logs[at];
    if (logs[at] > high) high = logs[at];
  }
  return [low, high];
}

function clusters(members: readonly number[], logs: readonly number[]): readonly number[][] {
  const found: number[][] = [];
  const sorted = [...members].sort((a, b) => logs[a] - logs[b]);
  sorted.forEach((at, i) => {
    if (i === 0 || logs[at] - logs[sorted[i - 1]] > gap) found.push([]);
    found[found.length - 1].push(at);
  });
  return found;
}

function scaleOf(members: readonly number[], scales: ArrayLike<number>): number {
  const own = members.map((at) => scales[at]).sort((a, b) => a - b);
  return own[Math.floor(own.length / 2)];
}

/** A scale in words: three digits, no exponent where that is short. */
export function shown(scale: number): string {
  return scale >= 1000 ? String(Math.round(scale)) : String(Number(scale.toPrecision(3)));
}

const measures: readonly (readonly [string, RegExp])[] = [
  ['thickness', /^(thickness|thick|thck|thickavg|meanthickness)$/],
  ['volume', /^(volumes?|vols?|gmv|wmv|csfv|mm3|mm³|ml|cm3|cm³)$/],
  ['area', /^(areas?|surfarea|surf|mm2|mm²|cm2|cm²)$/],
  ['curvature', /^(curv|curvature|meancurv|gauscurv|curvind|foldind)$/],
  ['gyrification', /^(lgi|gyrification|pial_lgi)$/],
  ['depth', /^(sulc|depth)$/],
  ['fractional anisotropy', /^fa$/],
  ['diffusivity', /^(md|rd)$/],
  ['count', /^(numvert|nvoxels|nvert|vertices|voxels|count)$/],
];

/** What a name says is measured, if it does; the accumbens area is the name of a structure, not the area of one. */
export function measureIn(name: string): string | undefined {
  const words = wordsOf(name.replace(/accumbens[^a-z]*area/i, 'accumbens'));
  for (const word of [...words].reverse()) {
    const found = measures.find(([, pattern]) => pattern.test(word));
    if (found !== undefined) return found[0];
  }
  return undefined;
}
