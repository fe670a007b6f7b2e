import { oneOf } from '../data/one-of';
import { ConcordError } from '../errors';
import type { Augmentation } from '../nn/train/augment';
import { requireAugmentation } from '../nn/train/augment';
import type { DdaeDiffusion, Independence } from './ddae-model';

/** The options that shape the model and its training, with defaults. */
export interface DdaeSettings {
  readonly diffusion: DdaeDiffusion;
  readonly minSnr: number | undefined;
  readonly independence: Independence;
  readonly independenceWeight: number;
  readonly disguise: Augmentation;
  readonly codeDropout: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly heldOut: number;
}

/** Those that are given, the others have defaults. */
type DdaeSettingsGiven = Partial<DdaeDiffusion & Omit<DdaeSettings, 'diffusion'>>;

/**
 * Fills in the defaults and checks them.
 *
 * @param table - whether a table is learned from, not images
 * @throws ConcordError `invalid-option`.
 */
export function ddaeSettings(options: DdaeSettingsGiven, table: boolean): DdaeSettings {
  const { schedule = 'cosine', times = 1000, prediction = 'v', minSnr } = options;
  const { independence = 'adversarial', independenceWeight = 0.01, codeDropout = 0, dropout = 0 } = options;
  const { learningRate = 0.001, heldOut = 0.1, disguise = table ? {} : { gamma: 1.5, noise: 0.1 } } = options;
  requireAugmentation(disguise);
  oneOf('prediction', prediction, ['epsilon', 'v']);
  oneOf('independence', independence, ['none', 'kernel', 'adversarial']);
  for (const [name, value] of Object.entries({ codeDropout, dropout })) {
    if (value >= 0 && value < 1) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (0 to below 1)`);
  }
  if (!(independenceWeight >= 0) || (minSnr !== undefined && !(minSnr > 0))) {
    const said =
      independenceWeight >= 0
        ? `invalid minSnr: ${minSnr} (a number above 0)`
        : `invalid independenceWeight: ${independenceWeight} (0 or more)`;
    throw new ConcordError('invalid-option', said);
  }
  return {
    diffusion: { schedule, times, prediction },
    minSnr,
    independence,
    independenceWeight,
    disguise,
    codeDropout,
    dropout,
    learningRate,
    heldOut,
  };
}
