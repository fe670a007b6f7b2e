import type { CvaeArchitecture } from '../cvae-model';

/**
 * The sizes that come ready made; all are ours, since no published slice version is known (Moyer et al. worked on vectors of
 * spherical harmonics).
 *
 * - `tiny`: 32² images, for tests and for watching it learn.
 * - `small`: 64² or 128² images on a laptop.
 * - `paper-like`: 256² images, as wide as the networks it is compared with.
 */
export type CvaeSize = 'tiny' | 'small' | 'paper-like';

/** The numbers behind each size. */
export const cvaeSizes: Readonly<Record<CvaeSize, Omit<CvaeArchitecture, 'imageShape'>>> = {
  tiny: { width: 8, halvings: 1, codeChannels: 4, adversaryWidths: [8, 16, 16] },
  small: { width: 24, halvings: 2, codeChannels: 8, adversaryWidths: [16, 32, 64, 64] },
  'paper-like': { width: 64, halvings: 3, codeChannels: 16, adversaryWidths: [64, 128, 256, 256] },
};
