import { ConcordError } from '../errors';
import { chosenLossWeights, requireAmounts } from '../nn/losses/loss-weights';
import type { CycleganLossWeights } from './training/loss-weights';
import { cycleganLossWeights } from './training/loss-weights';

/** The options that shape a training, with defaults. */
export type CycleganSettings = {
  readonly weights: CycleganLossWeights;
  /** Made images of each site that its critic is shown again. */
  readonly historySize: number;
  readonly learningRate: number;
  readonly heldOut: number;
};

/** Those that are given, the others have defaults. */
type CycleganSettingsGiven = Partial<Omit<CycleganSettings, 'weights'>> & {
  readonly weights?: Partial<CycleganLossWeights>;
};

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`.
 */
export function cycleganSettings({ weights, ...options }: CycleganSettingsGiven): CycleganSettings {
  const { historySize = 50, learningRate = 0.0002, heldOut = 0.1 } = options;
  const chosen = chosenLossWeights(cycleganLossWeights, weights);
  requireAmounts({ learningRate });
  if (Object.values(chosen).every((weight) => weight === 0)) {
    throw new ConcordError('invalid-option', 'invalid weights: all are 0 (one at least is required)');
  }
  if (!Number.isSafeInteger(historySize) || historySize < 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid historySize: ${historySize} (a whole number, 0 or more)`,
    );
  }
  return { weights: chosen, historySize, learningRate, heldOut };
}
