/** The sizes of the networks: with them and their weights they are complete. Plain JSON. */
export type StarganArchitecture = {
  /** Rows, columns and channels of the images. */
  readonly imageShape: readonly [rows: number, columns: number, channels: number];
  /** Channels at full resolution; twice as many at each halving, up to `widest`. */
  readonly width: number;
  readonly widest: number;
  /** How often the generator halves the resolution, and doubles it again. */
  readonly halvings: number;
  /** Blocks at the lowest resolution on either side of the middle of the generator. */
  readonly middleBlocks: number;
  /** How often style encoder and discriminator halve the resolution; 4 × 4 is to be left. */
  readonly criticHalvings: number;
  /** The length of a style. */
  readonly styleSize: number;
  /** The length of what the mapping network makes styles of, and channels of its hidden layers. */
  readonly latentSize: number;
  readonly mappingWidth: number;
};

/**
 * The sizes that come ready made.
 *
 * - `tiny`: 32² images, for tests and for watching it learn.
 * - `small`: 64² images on a laptop.
 * - `paper-like`: 256² images, with the numbers of the published networks.
 */
export type StarganSize = 'tiny' | 'small' | 'paper-like';

/** The numbers behind each size. */
export const starganSizes: Readonly<Record<StarganSize, Omit<StarganArchitecture, 'imageShape'>>> = {
  tiny: {
    width: 8,
    widest: 32,
    halvings: 1,
    middleBlocks: 1,
    criticHalvings: 3,
    styleSize: 8,
    latentSize: 4,
    mappingWidth: 16,
  },
  small: {
    width: 16,
    widest: 64,
    halvings: 2,
    middleBlocks: 1,
    criticHalvings: 4,
    styleSize: 16,
    latentSize: 16,
    mappingWidth: 64,
  },
  'paper-like': {
    width: 64,
    widest: 512,
    halvings: 4,
    middleBlocks: 2,
    criticHalvings: 6,
    styleSize: 64,
    latentSize: 16,
    mappingWidth: 512,
  },
};

/** Channels after so many halvings. */
export function channelsAt({ width, widest }: StarganArchitecture, level: number): number {
  return Math.min(widest, width * 2 ** level);
}

/** Layers of the mapping network that all domains share, and those of each before its last. */
export const mappingLayers = { shared: 4, own: 3 } as const;
