import type { DdaeArchitecture } from '../ddae-model';

/**
 * The sizes that come ready made.
 *
 * - `tiny`: 32² images, for tests and for watching it learn.
 * - `small`: 64² images on a laptop.
 * - `base`: 128² images on a graphics card.
 * - `paper-like`: 128² images with the numbers of the authors' earlier code: base width 32, multipliers 1, 1, 2, 3, 4,
 *   attention at 16 rows, codes of 512.
 * - `vertex`: sequences of vertices.
 */
export type DdaeSize = 'tiny' | 'small' | 'base' | 'paper-like' | 'vertex';

type Sizes = Omit<DdaeArchitecture, 'sampleShape'>;

/** The numbers behind each size. */
export const ddaeSizes: Readonly<Record<DdaeSize, Sizes>> = {
  tiny: {
    patch: 2,
    width: 16,
    multipliers: [1, 2],
    blocks: 1,
    attentionAt: [],
    heads: 1,
    groups: 8,
    resampleInBlocks: false,
    unknownSize: 32,
    knownSize: 8,
    knownSpread: 0.1,
  },
  small: {
    patch: 2,
    width: 32,
    multipliers: [1, 2, 3],
    blocks: 1,
    attentionAt: [],
    heads: 4,
    groups: 8,
    resampleInBlocks: false,
    unknownSize: 128,
    knownSize: 16,
    knownSpread: 0.1,
  },
  base: {
    patch: 1,
    width: 32,
    multipliers: [1, 2, 3, 4],
    blocks: 2,
    attentionAt: [16],
    heads: 4,
    groups: 16,
    resampleInBlocks: true,
    unknownSize: 256,
    knownSize: 32,
    knownSpread: 0.1,
  },
  'paper-like': {
    patch: 1,
    width: 32,
    multipliers: [1, 1, 2, 3, 4],
    blocks: 2,
    attentionAt: [16],
    heads: 1,
    groups: 32,
    resampleInBlocks: true,
    unknownSize: 512,
    knownSize: 32,
    knownSpread: 0.1,
  },
  vertex: {
    patch: 4,
    places: 16,
    width: 32,
    multipliers: [1, 2, 2],
    blocks: 1,
    attentionAt: [],
    heads: 4,
    groups: 8,
    resampleInBlocks: false,
    unknownSize: 64,
    knownSize: 16,
    knownSpread: 0.1,
  },
};
