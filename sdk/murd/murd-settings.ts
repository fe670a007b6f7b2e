import { chosenLossWeights, requireAmounts, requireShare } from '../nn/losses/loss-weights';
import type { MurdLossWeights } from './training/loss-weights';
import { murdLossWeights } from './training/loss-weights';

/** The options that shape a training, with defaults. */
export type MurdSettings = {
  readonly weights: MurdLossWeights;
  /** The share of the steps after which styles need no longer differ. */
  readonly diversityUntil: number;
  readonly learningRate: number;
  readonly styleGeneratorRate: number;
  readonly heldOut: number;
};

/** Those that are given, the others have defaults. */
type MurdSettingsGiven = Partial<Omit<MurdSettings, 'weights'>> & {
  readonly weights?: Partial<MurdLossWeights>;
};

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`.
 */
export function murdSettings({ weights, ...options }: MurdSettingsGiven): MurdSettings {
  const { diversityUntil = 0.5, learningRate = 0.0005, styleGeneratorRate = 0.01, heldOut = 0.1 } = options;
  const chosen = chosenLossWeights(murdLossWeights, weights);
  requireShare('diversityUntil', diversityUntil);
  requireAmounts({ learningRate, styleGeneratorRate });
  return { weights: chosen, diversityUntil, learningRate, styleGeneratorRate, heldOut };
}
