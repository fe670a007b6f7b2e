import type { FeatureMatrix } from '../../../data/feature-matrix';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { counted } from '../../../data/counted';
import { listAlike } from '../../../data/list-names';
import { rowsAlike } from '../../../data/group-by';

/** Columns of fewer different values may be the same by chance, as counts and marks are. */
const fewestDifferent = 10;

/**
 * Says which features have the same values in every row: both halves of a matrix of connectivity (i–j and j–i), a total that is in the
 * tables of both hemispheres, or a region that is the only part of another, as 18 of the 260 of DLMUSE. Each counts twice in the priors of sites, in probes and in the share of features that differ.
 */
export function sameFeaturesIssues(
  { subjects, features, values }: FeatureMatrix,
  file: string,
): readonly Issue[] {
  const width = features.length;
  const rows = subjects.length;
  if (rows < fewestDifferent) return [];
  const looked = [0, rows >> 1, rows - 1].map((row) => row * width);
  const all = Array.from(features.keys());
  const likely = rowsAlike(all, (w) => looked.map((at) => values[at + w]).join());
  // Of a column that is 0 in these rows nothing is known yet.
  const groups = likely.flatMap((columns) => rowsAlike(columns, (w) => weightedSum(values, width, w)));
  const same = groups.flatMap((columns) => alikeOf(columns, values, width));
  if (same.length === 0) return [];
  const spare = same.reduce((sum, columns) => sum + columns.length - 1, 0);
  const pairs = listAlike(same.map((columns) => columns.map((w) => features[w])));
  const message =
    `${counted(spare, 'feature')} of ${file} ${spare === 1 ? 'has' : 'have'} the values of another in every row: ${pairs}; ` +
    'priors of sites and figures count each of them';
  return [makeIssue('same-features', message, { file, column: features[same[0][1]] })];
}

/** A number that two columns have in common where all their values are the same, and hardly ever else. */
function weightedSum(values: Float64Array, width: number, w: number): number {
  let sum = 0;
  for (let at = w, row = 1; at < values.length; at += width, row++) {
    if (!Number.isNaN(values[at])) sum += Math.sqrt(row) * values[at];
  }
  return sum;
}

/** Columns in groups of those that are the same in every row, of so many as have enough different values. */
function alikeOf(columns: readonly number[], values: Float64Array, width: number): readonly number[][] {
  const groups: number[][] = [];
  for (const w of columns) {
    const own = groups.find(([first]) => isSameColumn(values, width, [first, w]));
    if (own !== undefined) own.push(w);
    else if (varies(values, width, w)) groups.push([w]);
  }
  return groups.filter((own) => own.length > 1);
}

function isSameColumn(values: Float64Array, width: number, [one, other]: readonly [number, number]): boolean {
  for (let row = 0; row < values.length; row += width) {
    if (!Object.is(values[row + one], values[row + other])) return false;
  }
  return true;
}

function varies(values: Float64Array, width: number, w: number): boolean {
  const met = new Set<number>();
  for (let at = w; at < values.length && met.size < fewestDifferent; at += width) {
    if (!Number.isNaN(values[at])) met.add(values[at]);
  }
  return met.size >= fewestDifferent;
}
