import { ConcordError } from '../../errors';
import { makeRandom, permutation } from '../../math/random';
import { stratifiedFolds } from '../folds';
import type { ProbeData } from './probe-data';
import { takeProbeData } from './probe-data';

/** One training of a probe: from which scans it learns, and which of the judged ones it judges. */
export interface ProbeSplit {
  /** Rows of the cohort that is learnt from. */
  readonly learnt: readonly number[];
  /** Rows of the scans judged in all. */
  readonly judged: readonly number[];
}

/** Who judges whom: the scans that every seed judges, all of them once, and the splits of a seed. */
export interface ProbePlan {
  readonly judged: ProbeData;
  readonly splits: (seed: number) => readonly ProbeSplit[];
}

/** Learns from all of one cohort and judges all of another. */
export function planTest(learnt: ProbeData, test: ProbeData): ProbePlan {
  const split = { learnt: rowsOf(learnt), judged: rowsOf(test) };
  return { judged: test, splits: () => [split] };
}

/** Deals people into folds, anew for each seed: each fold is judged by a probe that learnt from the others. */
export function planFolds(data: ProbeData, folds: number): ProbePlan {
  const people = peopleOf(data);
  return {
    judged: data,
    splits: (seed) => {
      const foldOf = stratifiedFolds(people.strata, folds, { seed });
      const rows = rowsOf(data);
      return Array.from({ length: folds }, (_, fold) => ({
        learnt: rows.filter((row) => foldOf[people.ofRow[row]] !== fold),
        judged: rows.filter((row) => foldOf[people.ofRow[row]] === fold),
      }));
    },
  };
}

/** Holds out a share of people, about the same of every class, and the same people whatever the seed of a probe. */
export function planHeldOut(
  data: ProbeData,
  { share, seed }: { readonly share: number; readonly seed: number },
): ProbePlan {
  const { strata, ofRow } = peopleOf(data);
  const order = Array.from(permutation(strata.length, makeRandom(seed)));
  order.sort((a, b) => strata[a] - strata[b]);
  // Every 1/share-th of people in the order of their classes.
  const chosen = order.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
  const apart = new Set(chosen);
  const judged = rowsOf(data).filter((row) => apart.has(ofRow[row]));
  const learnt = rowsOf(data).filter((row) => !apart.has(ofRow[row]));
  const split = { learnt, judged: [...judged.keys()] };
  return { judged: takeProbeData(data, judged), splits: () => [split] };
}

/**
 * Checks that there are people enough: two at least of every class, so that one can be learnt from and one judged.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requirePeople(name: string, { cohort, target }: ProbeData): void {
  const count = (rows: readonly number[]): number => new Set(rows.map((row) => cohort.subjects[row])).size;
  const rows = [...cohort.subjects.keys()];
  const groups =
    target.kind === 'number'
      ? [{ label: '', people: count(rows) }]
      : target.classes.map((label, code) => ({
          label: ` with ${name} "${label}"`,
          people: count(rows.filter((row) => target.values[row] === code)),
        }));
  const few = groups.find(({ people }) => people < 2);
  if (few === undefined) return;
  throw new ConcordError(
    'too-little-data',
    `too few people${few.label}: ${few.people} (two at least: one to learn from, one to judge by)`,
    { where: { column: name } },
  );
}

/**
 * Checks that a split can be learnt and judged.
 *
 * @throws ConcordError `too-little-data` when a class is missing among those learnt from, or nobody is judged.
 */
export function requireSplit(name: string, { target }: ProbeData, { learnt, judged }: ProbeSplit): void {
  const missing = target.classes.find((_, code) => !learnt.some((row) => target.values[row] === code));
  if (missing === undefined && learnt.length > 0 && judged.length > 0) return;
  throw new ConcordError(
    'too-little-data',
    missing === undefined
      ? 'too few people: none are left to learn from, or to judge by (choose fewer folds, or another heldOut)'
      : `too few people: none with ${name} "${missing}" is left to learn from (choose more folds, or a smaller heldOut)`,
    { where: { column: name } },
  );
}

function rowsOf({ cohort }: ProbeData): readonly number[] {
  return [...cohort.subjects.keys()];
}

/** The person of each row by number, and what people are dealt by: the class of their first scan. */
function peopleOf({ cohort: { subjects }, target }: ProbeData): {
  readonly ofRow: readonly number[];
  readonly strata: Int32Array;
} {
  const people = [...new Set(subjects)];
  const numbers = new Map(people.map((person, i) => [person, i]));
  const ofRow = subjects.map((person) => numbers.get(person) ?? -1);
  const strata = Int32Array.from(people, (_, i) =>
    target.kind === 'number' ? 0 : target.values[ofRow.indexOf(i)],
  );
  return { ofRow, strata };
}
