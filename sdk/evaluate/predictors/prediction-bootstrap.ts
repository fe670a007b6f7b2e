import { deriveSeed, makeRandom } from '../../math/random';
import type { Interval } from '../audit';
import { bootstrapInterval } from './bootstrap';
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
  { persons, repeats }: DrawnPredictions,
  figure: (weights: Float64Array, repeat: number) => number,
  { seed, resamples }: PredictionBootstrapOptions,
): Interval {
  const units = personUnits(persons).members;
  const random = makeRandom(deriveSeed(seed, 1));
  const weights = new Float64Array(persons.length).fill(1);
  const repeatsAll = Array.from({ length: repeats }, (_, repeat) => figure(weights, repeat));
  const estimate = repeatsAll.reduce((sum, value) => sum + value, 0) / repeats;
  const statistic = (drawn: Int32Array): number => {
    const repeat = repeats === 1 ? 0 : random.integer(repeats);
    weights.fill(0);
    for (const unit of drawn) for (const row of units[unit]) weights[row]++;
    return figure(weights, repeat);
  };
  return bootstrapInterval(units.length, { statistic, estimate }, { seed, resamples });
}
