import { makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import { bootstrapInterval } from '../bootstrap';
import { areaUnderCurve, balancedAccuracy } from '../classification-scores';
import type { ProbeData } from './probe-data';

/** What one seed said of the judged scans. */
export interface Said {
  /** Per scan the probability of each class, or the number alone. */
  readonly answers: readonly Float64Array[];
  /** Per scan what was to be said without looking at it. */
  readonly blind: Float64Array;
}

/** The score that a probe is judged by. */
export type ProbeScore = 'balanced-accuracy' | 'area-under-curve' | 'mean-absolute-error';

/** How well the probes of all seeds did. */
export interface ProbeScores {
  readonly score: ProbeScore;
  readonly value: Interval;
  readonly perSeed: readonly number[];
  readonly chance: number;
  readonly balancedAccuracy?: number;
  readonly r2?: number;
  readonly correlation?: number;
}

/** A figure of some of the judged scans, as one seed sees them. */
type Figure = (said: Said, rows: readonly number[]) => number;

/**
 * Scores what the probes of several seeds said. The interval is a bootstrap over people, with all their scans, in which
 * each resample also takes one of the seeds: so it knows both whom the figure hangs on and what training left to chance.
 *
 * @param name - what was asked for
 */
export function scoreProbe(name: string, judged: ProbeData, seeds: readonly Said[]): ProbeScores {
  const { kind, classes, values } = judged.target;
  const rows = [...values.keys()];
  const mean = (figure: Figure): number => average(seeds.map((said) => figure(said, rows)));
  const error: Figure = ({ answers }, some) =>
    average(some.map((row) => Math.abs(answers[row][0] - values[row])));
  const accuracy: Figure = ({ answers }, some) =>
    balancedAccuracy(
      Int32Array.from(some, (row) => values[row]),
      Int32Array.from(some, (row) => likeliest(answers[row])),
      classes.length,
    );
  const area: Figure = ({ answers }, some) =>
    areaUnderCurve(
      some.map((row) => answers[row][1]),
      some.map((row) => values[row] === 1),
    );
  const summary = (score: ProbeScore, figure: Figure, chance: number): ProbeScores => {
    const perSeed = seeds.map((said) => figure(said, rows));
    return { score, value: overPeople(judged, seeds, figure), perSeed, chance };
  };
  if (kind === 'number') {
    const blind: Figure = (said, some) => average(some.map((row) => Math.abs(said.blind[row] - values[row])));
    return {
      ...summary('mean-absolute-error', error, mean(blind)),
      r2: 1 - mean(squares(values, 'answers')) / mean(squares(values, 'blind')),
      correlation: mean(({ answers }, some) =>
        pearson(
          some.map((row) => answers[row][0]),
          some.map((row) => values[row]),
        ),
      ),
    };
  }
  if (name === 'site' || classes.length > 2)
    return summary('balanced-accuracy', accuracy, 1 / classes.length);
  return { ...summary('area-under-curve', area, 0.5), balancedAccuracy: mean(accuracy) };
}

function overPeople({ cohort: { subjects } }: ProbeData, seeds: readonly Said[], figure: Figure): Interval {
  const rows = new Map<string, number[]>();
  subjects.forEach((person, row) => rows.set(person, [...(rows.get(person) ?? []), row]));
  const scans = [...rows.values()];
  const estimate = average(seeds.map((said) => figure(said, scans.flat())));
  const random = makeRandom(2);
  const statistic = (people: Int32Array): number => {
    const drawn = Array.from(people).flatMap((person) => scans[person]);
    return figure(seeds[random.integer(seeds.length)], drawn);
  };
  return bootstrapInterval(scans.length, { statistic, estimate }, { seed: 1 });
}

/** The sum of the squared errors of what was said, or of what was to be said without looking. */
function squares(values: Float64Array, of: 'answers' | 'blind'): Figure {
  return ({ answers, blind }, rows) =>
    rows.reduce((sum, row) => sum + ((of === 'blind' ? blind[row] : answers[row][0]) - values[row]) ** 2, 0);
}

function likeliest(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** Pearson's correlation; 0 where one side does not vary, for then it follows nothing. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [average(a), average(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  const spread = Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
  return spread > 0 ? product(a, b, meanA, meanB) / spread : 0;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
