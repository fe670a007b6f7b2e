import { counted } from '../../data/counted';
import type { FeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listFirst, quoteName } from '../../data/list-names';
import { groupBy } from '../../data/group-by';
import { advise } from '../../remedy';
import type { MeasureName } from './measure-names';
import { measureName } from './measure-names';
import { adviseWithout } from './without-option';

/** A feature that holds others. */
interface Total {
  readonly at: number;
  /** How many features it holds; `undefined` where only its name says that it does. */
  readonly parts?: number;
  readonly how: 'sum' | 'mean';
}

/** In fewer scans sums may be met by chance. */
const fewestScans = 10;
/** Tables of more features are those of vertices, voxels or connections, which have no totals. */
const mostFeatures = 5000;
/** Among more features than this, columns next to each other are not tried as parts: that takes time with their square. */
const mostTried = 1500;

/**
 * Says which features are sums or means of others: a total beside its parts, both hemispheres beside each, a lobe beside its regions.
 * Each is shifted and scaled by itself, so that afterwards parts no longer add up to their total, shares of them may be above one, and
 * a site effect of the total is counted beside that of its parts.
 *
 * Tried are the two hemispheres of a name, the features of one kind and hemisphere, and columns next to each other; and totals are
 * known by the names that FreeSurfer, ENIGMA and ABCD give them, which are no plain sums where vertices count as often as
 * they are large.
 */
export function totalsIssues(matrix: FeatureMatrix, file: string): readonly Issue[] {
  const { features, subjects } = matrix;
  if (subjects.length < fewestScans || features.length < 3 || features.length > mostFeatures) return [];
  const names = features.map(measureName);
  const found = new Map<number, Total>();
  const add = (total: Total | undefined): void => {
    if (total !== undefined && !found.has(total.at)) found.set(total.at, total);
  };
  const table = makeSums(matrix);
  for (const trio of bothSides(names)) add(table.totalOf(trio.whole, trio.parts));
  for (const total of runsOf(table, features.length)) add(total);
  for (const members of groupsBy(names)) {
    const parts = members.filter((at) => !found.has(at));
    for (const at of members) add(table.totalOf(at, parts));
  }
  for (const total of namedTotals(names)) add(total);
  if (found.size === 0) return [];
  const totals = [...found.values()].sort((a, b) => a.at - b.at);
  const shown = listFirst(totals, (total) => inWords(total, features), { joint: '; ' });
  const message =
    `${counted(totals.length, 'feature')} of ${file} ${totals.length === 1 ? 'holds' : 'hold'} others: ${shown}. ` +
    'Harmonized each by itself, they no longer add up';
  const out = totals.map(({ at }) => features[at]);
  return [
    makeIssue(
      'total-of-features',
      message,
      { file, column: out[0] },
      advise`nothing to do where each is looked at by itself; for shares or sums leave the totals out ${adviseWithout(out)}, and add up the harmonized parts`,
    ),
  ];
}

function inWords({ at, parts, how }: Total, features: readonly string[]): string {
  const own = quoteName(features[at]);
  if (parts === undefined) return `${own} is the ${how} of others by its name`;
  return `${own} is the ${how} of ${parts} others`;
}

/** Names that are there for both hemispheres and for both together. */
function bothSides(
  names: readonly MeasureName[],
): readonly { readonly whole: number; readonly parts: readonly number[] }[] {
  const byStem = new Map<string, Partial<Record<MeasureName['side'], number>>>();
  names.forEach(({ side, stem }, at) => {
    const own = byStem.get(stem) ?? {};
    if (own[side] === undefined) byStem.set(stem, { ...own, [side]: at });
  });
  return [...byStem.values()].flatMap(({ l, r, '': whole }) =>
    l === undefined || r === undefined || whole === undefined ? [] : [{ whole, parts: [l, r] }],
  );
}

/** Features of one kind and hemisphere, of one kind, of one hemisphere, and all of them. */
function groupsBy(names: readonly MeasureName[]): readonly (readonly number[])[] {
  const members = names.flatMap(({ side, kind }, at) =>
    [...new Set([`${side} ${kind}`, `* ${kind}`, `${side} *`, '*'])].map((key) => ({ key, at })),
  );
  const groups = [...groupBy(members, ({ key }) => key).values()].map((own) => own.map(({ at }) => at));
  const sizes = new Set<string>();
  return groups.filter((own) => {
    // Groups within one another may be the same.
    const key = `${own.length} ${own[0]}`;
    const isNew = own.length > 3 && !sizes.has(key);
    sizes.add(key);
    return isNew;
  });
}

/** Totals by the names that programs give them, without hemisphere, and the kind of their parts. */
const known: readonly (readonly [name: RegExp, how: Total['how'], kind: string])[] = [
  [/^(meanthickness(thickness)?|thickness|smrithick\w*mean)$/, 'mean', 'thickness'],
  [/^((white|pial)surfarea(area)?|(full)?surfarea|smriarea\w*total)$/, 'sum', 'area'],
  [/^average(fa|md|rd|ad)$/, 'mean', ''],
  [
    /^(cortexvol|cerebralwhitemattervol|subcortgrayvol|totalgrayvol|supratentorialvol(notvent(vox)?)?|brainsegvol|maskvol|smrivol\w*total)$/,
    'sum',
    'volume',
  ],
];

/** Structures whose names, in tables of volumes, do not say so. */
const structure =
  /thalamus|caudate|putamen|pallidum|hippocampus|amygdala|accumbens|ventricle|cerebellum|whitematter/;

/** Those with three parts at least beside them: of the same hemisphere, where they are of one. */
function namedTotals(names: readonly MeasureName[]): readonly Total[] {
  return known.flatMap(([name, how, kind]) => {
    const isPart = (one: MeasureName): boolean =>
      !name.test(one.stem) &&
      (one.kind === kind ||
        (kind === '' && /(fa|md|rd|ad)$/.test(one.stem)) ||
        (kind === 'volume' && structure.test(one.stem)));
    return names.flatMap((own, at) => {
      if (!name.test(own.stem)) return [];
      const parts = names.filter(
        (one) => isPart(one) && (own.side === '' || (one.side === own.side && one.kind === kind)),
      );
      return parts.length < 3 ? [] : [{ at, how }];
    });
  });
}

/** Sums of features, as exactly as their values are written. */
interface Sums {
  /** What the feature is of these others, itself left out where it is among them; `undefined` where it is neither their sum nor their mean. */
  readonly totalOf: (at: number, parts: readonly number[]) => Total | undefined;
  /** The values of a scan that has all of them and none below zero; `undefined` where there is none. */
  readonly whole?: Float64Array;
  /** How far apart the values of each feature are written: 0.001. */
  readonly steps: Float64Array;
}

/** Of the rounding of single numbers (`float32`, seven digits). */
const rounding = 1e-6;

function makeSums({ values, features, subjects }: FeatureMatrix): Sums {
  const width = features.length;
  const rows = subjects.length;
  const rowAt = (row: number): Float64Array => values.subarray(row * width, (row + 1) * width);
  const some = Array.from({ length: 8 }, (_, k) => rowAt(Math.floor((k * rows) / 8)));
  const steps = Float64Array.from(features, (_, at) => stepOf(some.map((row) => row[at])));
  const first = subjects.findIndex((_, row) => rowAt(row).every((value) => value >= 0));
  return {
    steps,
    whole: first === -1 ? undefined : rowAt(first),
    totalOf(at, all) {
      const parts = all.filter((part) => part !== at);
      if (parts.length < 2) return undefined;
      const partsStep = parts.reduce((sum, part) => sum + steps[part], 0);
      for (const how of ['sum', 'mean'] as const) {
        const count = how === 'sum' ? 1 : parts.length;
        const slack = 0.5 * (steps[at] + partsStep / count);
        if (agrees({ at, parts, count, slack })) return { at, parts: parts.length, how };
      }
      return undefined;
    },
  };

  function agrees(tried: {
    readonly at: number;
    readonly parts: readonly number[];
    readonly count: number;
    readonly slack: number;
  }): boolean {
    const { at, parts, count, slack } = tried;
    let met = 0;
    let [lowest, highest, furthest] = [Infinity, -Infinity, 0];
    for (let row = 0; row < rows; row++) {
      const own = values[row * width + at];
      let sum = 0;
      for (const part of parts) sum += values[row * width + part];
      if (Number.isNaN(own) || Number.isNaN(sum)) continue;
      const off = Math.abs(own - sum / count) - rounding * Math.abs(own);
      if (off > 1.001 * slack) return false;
      met++;
      lowest = Math.min(lowest, own);
      highest = Math.max(highest, own);
      furthest = Math.max(furthest, off);
    }
    // Small whole numbers are within their rounding of many sums.
    return met >= fewestScans && highest > lowest && (furthest <= 0 || highest - lowest > 20 * slack);
  }
}

/** The smallest of 1, 0.1, 0.01 … that all of these are multiples of; 0 where they have more digits than seven. */
function stepOf(values: readonly number[]): number {
  for (let digits = 0; digits <= 7; digits++) {
    const by = 10 ** digits;
    const isWritten = (value: number): boolean =>
      Number.isNaN(value) || Math.abs(value * by - Math.round(value * by)) < 1e-6;
    if (values.every(isWritten)) return 1 / by;
  }
  return 0;
}

/** Features that are sums of columns next to each other: in one scan first, by moving both ends, then in all. */
function runsOf(table: Sums, width: number): readonly Total[] {
  const { whole, steps, totalOf } = table;
  if (whole === undefined || width > mostTried) return [];
  const found: Total[] = [];
  for (let at = 0; at < width; at++) {
    const total = runOf(at);
    if (total !== undefined) found.push(total);
  }
  return found;

  function runOf(at: number): Total | undefined {
    const target = (whole as Float64Array)[at];
    if (!(target > 0)) return undefined;
    let [from, sum, slack] = [0, 0, 0];
    for (let to = 0; to < width; to++) {
      if (to === at) continue;
      sum += (whole as Float64Array)[to];
      slack += 0.5 * steps[to];
      const within = 0.5 * steps[at] + rounding * target;
      while (from < to && sum > target + slack + within) {
        if (from !== at) {
          sum -= (whole as Float64Array)[from];
          slack -= 0.5 * steps[from];
        }
        from++;
      }
      if (to - from < 1 || Math.abs(sum - target) > slack + within) continue;
      const parts = Array.from({ length: to - from + 1 }, (_, k) => from + k);
      const total = totalOf(at, parts);
      if (total?.how === 'sum') return total;
    }
    return undefined;
  }
}
