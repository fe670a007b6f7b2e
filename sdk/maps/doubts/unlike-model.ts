import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { MapValues } from '../../io/maps/map-format';
import type { KnownPart } from '../parts/known-parts';

/** A map holds little where it has less than this share of the vertices that the model harmonizes. */
const littleShare = 0.5;
/** A map whose mean is so many times what the model knows, or that part of it, is of another measure or unit. */
const otherScale = 4;
/** Where the mean is not so many standard deviations from 0, as that of curvature, ratios say nothing. */
const fromZero = 4;

/** Holds the maps of scans, one after the other, against those that a model was fitted on. */
export interface ModelScale {
  /** Takes note of a scan, all parts joined, before it is corrected. */
  note(id: string, values: MapValues): void;
  issues(): readonly Issue[];
}

/** What a model knows of one part, and the scans that are otherwise. */
interface PartScale extends Pick<KnownPart, 'name' | 'first' | 'harmonized'> {
  /** How many vertices the model harmonizes. */
  readonly count: number;
  /** Over these vertices; `NaN` where ratios say nothing. */
  readonly mean: number;
  readonly empty: string[];
  readonly off: { readonly id: string; readonly mean: number }[];
}

/**
 * Warns of maps that are nearly empty, or of another unit or measure than the model's, by the ids of their scans.
 *
 * @param log - whether the model works on logarithms
 */
export function modelScale(known: readonly KnownPart[], log: boolean): ModelScale {
  const parts = known.map((part) => partScale(part, log));
  return {
    note(id, values) {
      for (const part of parts) noteScan(part, id, values);
    },
    issues: () => parts.flatMap(issuesOf),
  };
}

function partScale({ name, first, harmonized, means, deviations }: KnownPart, log: boolean): PartScale {
  let [count, sum, spread] = [0, 0, 0];
  for (let vertex = 0; vertex < harmonized.length; vertex++) {
    if (harmonized[vertex] === 0) continue;
    const mean = log ? Math.exp(means[vertex]) : means[vertex];
    count++;
    sum += mean;
    // A small spread of a logarithm is that share of the value.
    spread += log ? mean * deviations[vertex] : deviations[vertex];
  }
  const mean = sum > fromZero * spread ? sum / count : NaN;
  return { name, first, harmonized, count, mean, empty: [], off: [] };
}

function noteScan(
  { first, harmonized, count, mean, empty, off }: PartScale,
  id: string,
  values: MapValues,
): void {
  let [held, sum] = [0, 0];
  for (let vertex = 0; vertex < harmonized.length; vertex++) {
    const value = values[first + vertex];
    if (harmonized[vertex] === 0 || value === 0 || Number.isNaN(value)) continue;
    held++;
    sum += value;
  }
  if (held < littleShare * count) empty.push(id);
  else if (sum > otherScale * held * mean || sum * otherScale < held * mean)
    off.push({ id, mean: sum / held });
}

function issuesOf({ name, count, mean, empty, off }: PartScale): readonly Issue[] {
  const issues: Issue[] = [];
  if (empty.length > 0) {
    const message =
      `${counted(empty.length, 'map')} of ${name} ${empty.length === 1 ? 'is' : 'are'} nearly empty: ${listNames(empty, 5)}, of the ` +
      `${counted(count, 'vertex', 'vertices')} that the model harmonizes`;
    issues.push(makeIssue('empty-map', message, { subject: empty[0] }));
  }
  if (off.length > 0) {
    const [one] = off;
    const ids = off.map(({ id }) => id);
    const message =
      `${counted(off.length, 'map')} of ${name} ${off.length === 1 ? 'is' : 'are'} on another scale than those that the model was fitted on: ` +
      `${listNames(ids, 5)} (${one.id}: about ${one.mean.toPrecision(3)}, where the model has ${mean.toPrecision(3)})`;
    issues.push(
      makeIssue('doubtful-unit', message, { subject: one.id }, [
        'check that they are of the same measure and in the same unit; the model moves values by amounts in its own unit',
      ]),
    );
  }
  return issues;
}
