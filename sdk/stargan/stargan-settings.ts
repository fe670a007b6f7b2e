import { chosenLossWeights, requireAmounts } from '../nn/losses/loss-weights';
import type { StarganDomains, StarganLossWeights } from './training/loss-weights';
import { starganLossWeights } from './training/loss-weights';

/** The options that shape a training, with defaults. */
export type StarganSettings = {
  readonly weights: StarganLossWeights;
  readonly learningRate: number;
  /** The mapping network's share of it. */
  readonly mappingRate: number;
  readonly weightDecay: number;
  readonly heldOut: number;
};

/** Those that are given, the others have defaults. */
type StarganSettingsGiven = Partial<Omit<StarganSettings, 'weights'>> & {
  readonly weights?: Partial<StarganLossWeights>;
};

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`.
 */
export function starganSettings(
  domains: StarganDomains,
  { weights, ...options }: StarganSettingsGiven,
): StarganSettings {
  const { learningRate = 0.0001, mappingRate = 0.01, weightDecay = 0.0001, heldOut = 0.1 } = options;
  const chosen = chosenLossWeights(starganLossWeights[domains], weights);
  requireAmounts({ learningRate, mappingRate, weightDecay });
  return { weights: chosen, learningRate, mappingRate, weightDecay, heldOut };
}
