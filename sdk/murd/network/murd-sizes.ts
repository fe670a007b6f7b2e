import type { MurdArchitecture } from '../murd-model';

/**
 * The sizes that come ready made.
 *
 * - `tiny`: 32² images, for tests and for watching it learn.
 * - `small`: 64² or 128² images on a laptop.
 * - `paper-like`: 256² images of three slices, with the numbers of the published networks.
 */
export type MurdSize = 'tiny' | 'small' | 'paper-like';

/** The numbers behind each size. */
export const murdSizes: Readonly<Record<MurdSize, Omit<MurdArchitecture, 'imageShape'>>> = {
  tiny: {
    width: 8,
    halvings: 1,
    contentBlocks: 1,
    contentNoise: 0,
    generatorBlocks: 1,
    styleWidth: 8,
    styleBlocks: 2,
    styleSize: 8,
    latentSize: 4,
    latentWidth: 16,
    latentLayers: 2,
    criticWidths: [16, 32, 32],
    styleInput: 'adain',
  },
  small: {
    width: 16,
    halvings: 1,
    contentBlocks: 2,
    contentNoise: 0,
    generatorBlocks: 3,
    styleWidth: 16,
    styleBlocks: 3,
    styleSize: 8,
    latentSize: 8,
    latentWidth: 32,
    latentLayers: 3,
    criticWidths: [32, 64, 128, 128],
    styleInput: 'adain',
  },
  'paper-like': {
    width: 64,
    halvings: 2,
    contentBlocks: 4,
    contentNoise: 1,
    generatorBlocks: 4,
    styleWidth: 32,
    styleBlocks: 4,
    styleSize: 64,
    latentSize: 16,
    latentWidth: 128,
    latentLayers: 6,
    criticWidths: [64, 128, 256],
    styleInput: 'adain',
  },
};
