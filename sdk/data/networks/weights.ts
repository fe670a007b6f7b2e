/** A named array of a network: numbers and their shape, row-major (the last axis fastest). */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * A tree of named leaves. The weights of a network are a tree of {@link WeightArray}s where they are kept, and a tree
 * of tensors of the same form while they are used.
 */
export type Tree<Leaf> = { readonly [name: string]: Leaf | Tree<Leaf> | readonly Tree<Leaf>[] };

/** Arrays by dotted path, as `encoder.blocks.0.conv.kernel`: what is in a weights file. */
export type WeightTable = ReadonlyMap<string, WeightArray>;
