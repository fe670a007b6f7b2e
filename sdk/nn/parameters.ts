import type { Tensor } from '@tensorflow/tfjs-core';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { Tree, WeightArray, WeightTable } from '../data/networks/weights';
import { flattenTree, mapTree } from './weight-trees';

/** The tree of the same form with tensors in the place of arrays. */
export type TensorsOf<Weights> = {
  readonly [Name in keyof Weights]: Weights[Name] extends WeightArray ? Tensor : TensorsOf<Weights[Name]>;
};

/** Puts weights on the backend. The caller disposes the tensors, see {@link disposeTree}. */
export function toTensors<Weights extends Tree<WeightArray>>(weights: Weights): TensorsOf<Weights> {
  return mapTree(weights, (leaf) => tensor(leaf.data, [...leaf.shape], 'float32')) as TensorsOf<Weights>;
}

/** Reads tensors back from the backend; they stay as they are. */
export async function toWeightTable(tree: Tree<Tensor>): Promise<WeightTable> {
  const leaves = [...flattenTree(tree)];
  const read = leaves.map(async ([path, leaf]): Promise<[string, WeightArray]> => {
    // A copy: some backends return a view of their own memory.
    return [path, { shape: [...leaf.shape], data: Float32Array.from((await leaf.data()) as Float32Array) }];
  });
  return new Map(await Promise.all(read));
}

/** Disposes every tensor of a tree. */
export function disposeTree(tree: Tree<Tensor>): void {
  dispose([...flattenTree(tree).values()]);
}
