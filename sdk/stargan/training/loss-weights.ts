/** How much the terms of the loss count. 0 leaves a term out, and what only it needs is not computed. Plain JSON. */
export type StarganLossWeights = {
  /** The style of a made image is the one it was given. @defaultValue 1 */
  readonly style: number;
  /** Two styles make images that differ: this term is made larger. It falls to 0 over the steps, in a line. @defaultValue 1 */
  readonly diversity: number;
  /** An image made in another style and again in its own is itself. @defaultValue 1; 100 in a style-encoding GAN */
  readonly cycle: number;
  /** ½·γ·mean ‖∇D‖² at real images, for the discriminator. @defaultValue 1 */
  readonly r1: number;
};

/** Whether every site is a domain with styles of its own, or all scans are of one: a style-encoding GAN. */
export type StarganDomains = 'sites' | 'one';

/** The weights of Choi et al. 2020 for several domains, those of Liu et al. 2021 for one. */
export const starganLossWeights: Readonly<Record<StarganDomains, StarganLossWeights>> = {
  sites: { style: 1, diversity: 1, cycle: 1, r1: 1 },
  one: { style: 1, diversity: 1, cycle: 100, r1: 1 },
};
