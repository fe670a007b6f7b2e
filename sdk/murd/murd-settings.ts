import { oneOf } from '../data/one-of';
import { ConcordError } from '../errors';
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
  for (const name of Object.keys(weights ?? {})) oneOf('weights', name, Object.keys(murdLossWeights));
  const chosen = { ...murdLossWeights, ...weights };
  const named = { ...chosen, diversityUntil, learningRate, styleGeneratorRate };
  for (const [name, value] of Object.entries(named)) {
    if (Number.isFinite(value) && value >= 0 && (name !== 'diversityUntil' || value <= 1)) continue;
    const range = name === 'diversityUntil' ? '0 to 1' : 'a number, 0 or more';
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${range})`);
  }
  return { weights: chosen, diversityUntil, learningRate, styleGeneratorRate, heldOut };
}
