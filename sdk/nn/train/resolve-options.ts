import { requireCount } from '../../data/require-count';
import { ConcordError } from '../../errors';
import { requireSeed } from './require-seed';
import type { Resolved, TrainOptions } from './train-options';

/**
 * The options with every default filled in.
 *
 * @throws ConcordError `invalid-option` naming what is no count, seed or share.
 */
export function resolveOptions(options: TrainOptions): Resolved {
  const { steps } = options;
  const share = (part: number): number => Math.max(1, Math.round(steps / part));
  const resolved = {
    ...options,
    logEvery: options.logEvery ?? share(100),
    validateEvery: options.validateEvery ?? share(20),
    checkpointEvery: options.checkpointEvery ?? share(20),
  };
  for (const name of ['steps', 'batchSize', 'logEvery', 'validateEvery', 'checkpointEvery'] as const) {
    requireCount(name, resolved[name]);
  }
  requireSeed(options.seed);
  const { averageDecay } = options;
  if (averageDecay !== undefined && !(averageDecay >= 0 && averageDecay < 1)) {
    throw new ConcordError('invalid-option', `invalid averageDecay: ${averageDecay} (0 to below 1)`);
  }
  return resolved;
}
