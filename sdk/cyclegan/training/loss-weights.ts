/** How much each term of the loss counts. 0 leaves a term out, and what only it needs is not computed. */
export interface CycleganLossWeights {
  /** Made images look real to the critic of their site. @defaultValue 1 */
  readonly adversarial: number;
  /** An image made elsewhere and made again here is itself. @defaultValue 10 */
  readonly cycle: number;
  /** An image given to the generator of its own site stays as it is. @defaultValue 5 */
  readonly identity: number;
}

/** The weights of the paper: the identity counts half of the cycle. */
export const cycleganLossWeights: CycleganLossWeights = { adversarial: 1, cycle: 10, identity: 5 };
