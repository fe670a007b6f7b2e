import { ConcordError } from '../../errors';
import type { Resampling } from '../../nn/blocks/resample';
import { advise, call, either, option } from '../../remedy';

/** What a U-Net, or its first half, is built from. */
export interface UNetSizes {
  /** Rows of the input, or the length of a sequence. */
  readonly size: number;
  /** Channels at the first resolution. */
  readonly width: number;
  readonly multipliers: readonly number[];
  readonly blocks: number;
  readonly attentionAt: readonly number[];
  readonly resampleInBlocks: boolean;
}

/** A residual block of the network, or where it is not one, a plain change of resolution. */
export interface PlannedStep {
  readonly kind: 'block' | 'resample';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly resampling: Resampling;
  readonly attends: boolean;
  /** Whether the features of the way down at this place are joined to the input. */
  readonly joins: boolean;
}

/** The steps of a U-Net in order. */
export interface PlannedSteps {
  readonly down: readonly PlannedStep[];
  readonly middle: readonly PlannedStep[];
  readonly up: readonly PlannedStep[];
}

/**
 * Lays out a U-Net as Dhariwal & Nichol 2021 (arXiv:2105.05233): residual blocks at each resolution, two in the middle
 * around an attention, and on the way up, where what the way down had is joined, one block more at each resolution.
 *
 * @throws ConcordError `invalid-option` when the size cannot be halved often enough.
 */
export function planUNet({ size, width, multipliers, blocks, ...rest }: UNetSizes): PlannedSteps {
  const levels = multipliers.length - 1;
  if (size % 2 ** levels !== 0 || size / 2 ** levels < 1) {
    throw new ConcordError(
      'invalid-option',
      `samples of ${size} rows (after patching) cannot be halved ${levels} times`,
      {
        remedy: [
          either(
            advise`cut images to a size that can, with ${call('toImages')}`,
            advise`shorten ${option('multipliers')}`,
          ),
        ],
      },
    );
  }
  const [down, up]: [PlannedStep[], PlannedStep[]] = [[], []];
  const kept = [width];
  let channels = width;
  const resampleTo = (resampling: 'up' | 'down'): PlannedStep => ({
    ...plain(channels),
    kind: rest.resampleInBlocks ? 'block' : 'resample',
    resampling,
  });
  const attends = (level: number): boolean => rest.attentionAt.includes(size / 2 ** level);
  multipliers.forEach((multiplier, level) => {
    for (let block = 0; block < blocks; block++) {
      const outChannels = width * multiplier;
      down.push({ ...plain(channels), outChannels, attends: attends(level) });
      kept.push((channels = outChannels));
    }
    if (level === levels) return;
    down.push(resampleTo('down'));
    kept.push(channels);
  });
  const middle = [{ ...plain(channels), attends: rest.attentionAt.length > 0 }, plain(channels)];
  for (let level = levels; level >= 0; level--) {
    for (let block = 0; block <= blocks; block++) {
      const inChannels = channels + (kept.pop() ?? 0);
      channels = width * multipliers[level];
      up.push({ ...plain(inChannels), outChannels: channels, attends: attends(level), joins: true });
    }
    if (level > 0) up.push(resampleTo('up'));
  }
  return { down, middle, up };
}

function plain(channels: number): PlannedStep {
  return {
    kind: 'block',
    inChannels: channels,
    outChannels: channels,
    resampling: 'none',
    attends: false,
    joins: false,
  };
}
