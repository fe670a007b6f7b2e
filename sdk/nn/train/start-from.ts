import { digestOf } from '../../data/digest';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { flattenTree } from '../weight-trees';

/** In words, where the sizes of a model that a training is to start from differ from those wanted. */
export function differingSizes(found: object, wanted: object): string[] {
  const known = found as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([name, value]: readonly [string, unknown]) =>
    JSON.stringify(known[name]) === JSON.stringify(value)
      ? []
      : [`${name} ${String(known[name])}, not ${String(value)}`],
  );
}

/** Distinguishes weights: a run that starts from others is another run. */
export function digestOfWeights(weights: Tree<WeightArray>): string {
  return digestOf(...[...flattenTree(weights)].flatMap(([path, { data }]) => [path, data]));
}
