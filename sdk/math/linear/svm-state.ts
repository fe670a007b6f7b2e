/** The state of the optimization of one machine. */
export interface SvmState {
  readonly kernel: Float64Array;
  /** The kernel's diagonal, kept apart: read in every step, it would be scattered over the whole matrix. */
  readonly diagonal: Float64Array;
  readonly signs: Float64Array;
  readonly bounds: Float64Array;
  readonly alpha: Float64Array;
  /** −yᵢ ∇ᵢ of the objective: what the optimality conditions and the steps are written in. */
  readonly ascent: Float64Array;
  /** 1 where yᵢ αᵢ may still grow. */
  readonly mayRise: Uint8Array;
  /** 1 where yᵢ αᵢ may still shrink. */
  readonly mayFall: Uint8Array;
}

/** Brings `mayRise` and `mayFall` of one item up to date. */
export function noteFreedom({ signs, bounds, alpha, mayRise, mayFall }: SvmState, i: number): void {
  const canGrow = alpha[i] < bounds[i] ? 1 : 0;
  const canShrink = alpha[i] > 0 ? 1 : 0;
  mayRise[i] = signs[i] > 0 ? canGrow : canShrink;
  mayFall[i] = signs[i] > 0 ? canShrink : canGrow;
}
