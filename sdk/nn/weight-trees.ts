// Trees of weights as such; what puts them on a backend is in parameters.ts. Nothing here loads TensorFlow.js, so that
// work on tables, which knows all kinds of models, does not wait for it.

import type { Tree, WeightArray, WeightTable } from '../data/networks/weights';
import { ConcordError } from '../errors';

/** What a branch of a tree can be. */
type Branch<Leaf> = Leaf | Tree<Leaf> | readonly Tree<Leaf>[];

/** A leaf is an array or a tensor: both have a shape, which no part of a network is named after. */
function isLeaf<Leaf>(branch: Branch<Leaf>): branch is Leaf {
  return Array.isArray((branch as { shape?: unknown }).shape);
}

/** The leaves of a tree by dotted path, in the order of the tree. */
export function flattenTree<Leaf>(tree: Tree<Leaf>): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const visit = (branch: Branch<Leaf>, path: string): void => {
    if (isLeaf(branch)) {
      leaves.set(path, branch);
      return;
    }
    for (const [name, child] of Object.entries(branch)) visit(child, path === '' ? name : `${path}.${name}`);
  };
  visit(tree, '');
  return leaves;
}

/** The tree of the same form with each leaf replaced by what `change` makes of it. */
export function mapTree<From, To>(tree: Tree<From>, change: (leaf: From, path: string) => To): Tree<To> {
  const visit = (branch: Branch<From>, path: string): Branch<To> => {
    if (isLeaf(branch)) return change(branch, path);
    const at = (name: string | number): string => (path === '' ? `${name}` : `${path}.${name}`);
    if (Array.isArray(branch)) {
      return branch.map((child: Tree<From>, index) => visit(child, at(index)) as Tree<To>);
    }
    const children = Object.entries(branch as Tree<From>);
    return Object.fromEntries(children.map(([name, child]) => [name, visit(child, at(name))]));
  };
  return visit(tree, '') as Tree<To>;
}

/** How many numbers a network has to learn. */
export function countParameters(weights: Tree<WeightArray>): number {
  return [...flattenTree(weights).values()].reduce((sum, { data }) => sum + data.length, 0);
}

/**
 * The tree of the form of `like` with the leaves of a table.
 *
 * @throws ConcordError `malformed-model` when an array is missing or of another shape.
 */
export function treeFromTable<Weights extends Tree<WeightArray>>(like: Weights, table: WeightTable): Weights {
  return mapTree(like, ({ shape }, path) => {
    const found = table.get(path);
    if (found !== undefined && found.shape.join() === shape.join()) return found;
    const what = found === undefined ? 'missing' : `of shape [${found.shape.join(', ')}]`;
    throw new ConcordError(
      'malformed-model',
      `malformed weights: ${path} is ${what} (the architecture needs [${shape.join(', ')}])`,
    );
  }) as Weights;
}

/** The arrays of a table whose path begins with `prefix` and a dot, by what follows. */
export function underPrefix(table: WeightTable, prefix: string): WeightTable {
  const inside = [...table].filter(([path]) => path.startsWith(`${prefix}.`));
  return new Map(inside.map(([path, leaf]) => [path.slice(prefix.length + 1), leaf]));
}
