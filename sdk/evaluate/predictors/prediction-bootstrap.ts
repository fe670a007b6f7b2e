import { deriveSeed, makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import { percentileInterval } from './bootstrap';
import { keptDraws } from './kept-draws';
import { personUnits } from '../persons/person-units';

/** What was predicted, to be drawn from. */
export interface DrawnPredictions {
  /** The person of each row that has a prediction. */
  readonly persons: readonly string[];
  /** How many repetitions there are of the predictions. */
  readonly repeats: number;
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
 * @param figure - the figure of rows that count as often as their weights say, in one repetition; resamples on which it
 * is `NaN` do not count
 */
export function bootstrapPredictions(
  predictions: DrawnPredictions,
  figure: (weights: Float64Array, repeat: number) => number,
  { seed, resamples = 2000, keptWith, known, onResample }: PredictionBootstrapOptions,
): Interval {
  const { persons, repeats } = predictions;
  const key = `${seed} ${resamples} ${repeats} ${persons.join(' ')}`;
  const drawn = keptDraws(keptWith, key, () => drawPredictions(predictions, seed, resamples));
  const weights = new Float64Array(persons.length).fill(1);
  const repeatsAll = Array.from({ length: repeats }, (_, repeat) => figure(weights, repeat));
  const estimate = repeatsAll.reduce((sum, value) => sum + value, 0) / repeats;
  const computed = (resample: number): number => {
    weights.set(drawn.counts.subarray(resample * weights.length, (resample + 1) * weights.length));
    return figure(weights, drawn.repeats[resample]);
  };
  const ofResample = (resample: number): number => {
    const value = known?.[resample] ?? computed(resample);
    onResample?.(resample, value);
    return value;
  };
  return percentileInterval(ofResample, estimate, { resamples });
}

/** What every resample draws. */
interface PredictionDraws {
  /** Resamples × rows: how often each row counts. */
  readonly counts: Uint16Array;
  /** The repetition of each resample. */
  readonly repeats: Int32Array;
}

function drawPredictions(
  { persons, repeats }: DrawnPredictions,
  seed: number,
  resamples: number,
): PredictionDraws {
  const { codes, members } = personUnits(persons);
  const ofPersons = makeRandom(seed);
  const ofRepeats = makeRandom(deriveSeed(seed, 1));
  const counts = new Uint16Array(resamples * codes.length);
  const chosen = new Int32Array(resamples);
  const often = new Uint16Array(members.length);
  for (let resample = 0, at = 0; resample < resamples; resample++) {
    often.fill(0);
    for (let drawn = 0; drawn < often.length; drawn++) often[ofPersons.integer(often.length)]++;
    for (let row = 0; row < codes.length; row++) counts[at++] = often[codes[row]];
    chosen[resample] = repeats === 1 ? 0 : ofRepeats.integer(repeats);
  }
  return { counts, repeats: chosen };
}
