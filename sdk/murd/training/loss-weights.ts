/** How much each term of the loss counts. 0 leaves a term out, and what only it needs is not computed. */
export interface MurdLossWeights {
  /** Made images look real to the head of their target. @defaultValue 1 */
  readonly adversarial: number;
  /** The content of a made image is that of the image it was made of. @defaultValue 10 */
  readonly contentConsistency: number;
  /** The style of a made image is the one it was given. @defaultValue 10 */
  readonly styleConsistency: number;
  /** An image made of its own content and style is itself. @defaultValue 10 */
  readonly identity: number;
  /** An image made elsewhere and made again here is itself. @defaultValue 10 */
  readonly cycle: number;
  /** So are its edges. @defaultValue 1 */
  readonly gradients: number;
  /** Content stays near 0. @defaultValue 0.01 */
  readonly alignment: number;
  /** Two styles of one domain make images that differ: this term is made larger. @defaultValue 1 */
  readonly diversity: number;
  /** ½·γ·mean ‖∇D‖² at real images, for the discriminator. @defaultValue 1 */
  readonly r1: number;
}

/** The weights of the paper. */
export const murdLossWeights: MurdLossWeights = {
  adversarial: 1,
  contentConsistency: 10,
  styleConsistency: 10,
  identity: 10,
  cycle: 10,
  gradients: 1,
  alignment: 0.01,
  diversity: 1,
  r1: 1,
};
