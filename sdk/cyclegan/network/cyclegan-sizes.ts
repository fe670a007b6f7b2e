import type { CycleganArchitecture } from '../cyclegan-model';

/**
 * The sizes that come ready made.
 *
 * - `tiny`: 32² images, for tests and for watching it learn.
 * - `small`: 64² or 128² images on a laptop.
 * - `paper-like`: 256² images, with the networks of Zhu et al. 2017: 11.37 million weights a generator and 2.76 million a
 *   critic. Doubling and convolving has as many weights as their transposed convolutions, since the window is 3 × 3 too.
 */
export type CycleganSize = 'tiny' | 'small' | 'paper-like';

/** The numbers behind each size. */
export const cycleganSizes: Readonly<Record<CycleganSize, Omit<CycleganArchitecture, 'imageShape'>>> = {
  tiny: { width: 8, halvings: 1, blocks: 2, criticWidths: [8, 16] },
  small: { width: 24, halvings: 2, blocks: 6, criticWidths: [24, 48, 96] },
  'paper-like': { width: 64, halvings: 2, blocks: 9, criticWidths: [64, 128, 256, 512] },
};
