import { deriveSeed, integersOf, makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import { percentileInterval } from './percentile-interval';
import { keptDraws } from './kept-draws';
import { personUnits } from '../persons/person-units';

/** What was predicted, to be drawn from. */
export interface DrawnPredictions {
  /** The person of each row that has a prediction. */
  readonly persons: readonly string[];
  /** How many repetitions there are of the predictions. */
  readonly repeats: number;
}

/** The rows of one resample. */
export interface DrawnRows {
  /** How often each row counts, from `from` on. */
  readonly counts: Uint16Array;
  readonly from: number;
  /** How many rows there are, each as often as it counts. */
  readonly total: number;
}

/** How predictions are drawn. */
export interface PredictionBootstrapOptions {
  readonly seed: number;
  /** @defaultValue 2000 */
  readonly resamples?: number;
  /**
   * What the draws are kept with, for other figures of the same persons, see {@link keptDraws}.
   *
   * @defaultValue nothing: they are not kept
   */
  readonly keptWith?: object;
  /** The figure of each resample, where it is known: it is not computed then. */
  readonly known?: ArrayLike<number>;
  /** Called with the figure of each resample. */
  readonly onResample?: (resample: number, figure: number) => void;
}

/**
 * The percentile bootstrap interval of a figure of predictions: each resample draws persons with replacement, all rows
 * of each (the cluster bootstrap, Davison & Hinkley 1997, section 3.8), and one of the repetitions. Averaging over
 * repetitions instead would leave out how much a figure depends on the splits. Drawn from the same seed, two states of
 * the data meet the same persons and repetitions, so the interval of their difference is a paired one.
 *
 * @param figure - the figure of rows in one repetition; resamples on which it is `NaN` do not count
 */
export function bootstrapPredictions(
  predictions: DrawnPredictions,
  figure: (drawn: DrawnRows, repeat: number) => number,
  { seed, resamples = 2000, keptWith, known, onResample }: PredictionBootstrapOptions,
): Interval {
  const { persons, repeats } = predictions;
  const key = `${seed} ${resamples} ${repeats} ${persons.join(' ')}`;
  const drawn = keptDraws(keptWith, key, () => drawPredictions(predictions, seed, resamples));
  const once = { counts: new Uint16Array(persons.length).fill(1), from: 0, total: persons.length };
  const repeatsAll = Array.from({ length: repeats }, (_, repeat) => figure(once, repeat));
  const estimate = repeatsAll.reduce((sum, value) => sum + value, 0) / repeats;
  const { counts, totals } = drawn;
  const ofResample = (resample: number): number => {
    const from = resample * persons.length;
    const value =
      known?.[resample] ?? figure({ counts, from, total: totals[resample] }, drawn.repeats[resample]);
    onResample?.(resample, value);
    return value;
  };
  return percentileInterval(ofResample, estimate, { resamples });
}

/** What every resample draws. */
interface PredictionDraws {
  /** Resamples × rows: how often each row counts. */
  readonly counts: Uint16Array;
  /** How many rows there are in each resample. */
  readonly totals: Float64Array;
  /** The repetition of each resample. */
  readonly repeats: Int32Array;
}

function drawPredictions(
  { persons, repeats }: DrawnPredictions,
  seed: number,
  resamples: number,
): PredictionDraws {
  const { codes, members } = personUnits(persons);
  const drawPersons = integersOf(seed, members.length);
  const ofRepeats = makeRandom(deriveSeed(seed, 1));
  const counts = new Uint16Array(resamples * codes.length);
  const totals = new Float64Array(resamples);
  const chosen = new Int32Array(resamples);
  const drawn = new Int32Array(members.length);
  const rowsOf = Uint16Array.from(members, (rows) => rows.length);
  // Where each person has one row, persons are counted where their rows are.
  const alone = codes.length === members.length;
  const often = new Uint16Array(alone ? 0 : members.length);
  for (let resample = 0; resample < resamples; resample++) {
    drawPersons(drawn);
    const from = resample * codes.length;
    if (alone) {
      countInto(counts, from, drawn);
      totals[resample] = drawn.length;
    } else {
      often.fill(0);
      for (let i = 0; i < drawn.length; i++) {
        often[drawn[i]]++;
        totals[resample] += rowsOf[drawn[i]];
      }
      for (let row = 0; row < codes.length; row++) counts[from + row] = often[codes[row]];
    }
    chosen[resample] = repeats === 1 ? 0 : ofRepeats.integer(repeats);
  }
  return { counts, totals, repeats: chosen };
}

/** Counts how often each place was drawn. A loop of its own, so that V8 need not compile all around it. */
function countInto(counts: Uint16Array, from: number, drawn: Int32Array): void {
  for (let i = 0; i < drawn.length; i++) counts[from + drawn[i]]++;
}
