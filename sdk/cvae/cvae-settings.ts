import { ConcordError } from '../errors';
import { chosenLossWeights, requireAmounts, requireShare } from '../nn/losses/loss-weights';
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
  const chosen = chosenLossWeights(cvaeLossWeights, weights);
  requireShare('warmUp', warmUp);
  requireAmounts({ learningRate });
  if (!(deviation > 0 && Number.isFinite(deviation))) {
    throw new ConcordError('invalid-option', `invalid deviation: ${deviation} (a number above 0)`);
  }
  return { weights: chosen, deviation, warmUp, learningRate, heldOut };
}
