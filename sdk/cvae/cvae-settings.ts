import { oneOf } from '../data/one-of';
import { ConcordError } from '../errors';
import type { CvaeLossWeights } from './training/loss-weights';
import { cvaeLossWeights } from './training/loss-weights';

/** The options that shape a training, with defaults. */
export type CvaeSettings = {
  readonly weights: CvaeLossWeights;
  /** The standard deviation of an image about what is made of its code, on the scale of the network: 2 from background to bright. */
  readonly deviation: number;
  /** The share of the steps over which both divergences grow from 0 to their weights. */
  readonly warmUp: number;
  readonly learningRate: number;
  readonly heldOut: number;
};

/** Those that are given, the others have defaults. */
type CvaeSettingsGiven = Partial<Omit<CvaeSettings, 'weights'>> & {
  readonly weights?: Partial<CvaeLossWeights>;
};

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`.
 */
export function cvaeSettings({ weights, ...options }: CvaeSettingsGiven): CvaeSettings {
  const { deviation = 0.1, warmUp = 0.25, learningRate = 0.001, heldOut = 0.1 } = options;
  for (const name of Object.keys(weights ?? {})) oneOf('weights', name, Object.keys(cvaeLossWeights));
  const chosen = { ...cvaeLossWeights, ...weights };
  for (const [name, value] of Object.entries({ ...chosen, warmUp, learningRate })) {
    if (Number.isFinite(value) && value >= 0 && (name !== 'warmUp' || value <= 1)) continue;
    const range = name === 'warmUp' ? '0 to 1' : 'a number, 0 or more';
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${range})`);
  }
  if (!(deviation > 0 && Number.isFinite(deviation))) {
    throw new ConcordError('invalid-option', `invalid deviation: ${deviation} (a number above 0)`);
  }
  return { weights: chosen, deviation, warmUp, learningRate, heldOut };
}
