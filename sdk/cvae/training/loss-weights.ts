/** How much the terms of the loss of a cVAE count. Plain JSON. */
export type CvaeLossWeights = {
  /** ½ (x − x̂)² / s², summed over the pixels of the brain, with s the option `deviation`. */
  readonly reconstruction: number;
  /** KL(q(z|x) ‖ N(0, I)). */
  readonly prior: number;
  /** λ of Moyer et al.: what a code says of the site, bounded by the divergence between codes. It adds as much to the reconstruction. */
  readonly invariance: number;
  /** γ: what an adversary sees in images made for any site of the site that they come from. */
  readonly adversary: number;
};

/** The weights, unless told otherwise; the published codes have an invariance of 0.01 and 0.1. */
export const cvaeLossWeights: CvaeLossWeights = {
  reconstruction: 1,
  prior: 1,
  invariance: 0.1,
  adversary: 0.05,
};
