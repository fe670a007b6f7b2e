import { digestOf } from '../../data/digest';
import { ConcordError } from '../../errors';
import { flattenTree } from '../../nn/weight-trees';
import type { MurdArchitecture, MurdModel } from '../murd-model';

/**
 * Checks that the training of a model can be continued.
 *
 * @throws ConcordError `invalid-option` naming what differs.
 */
export function requireFitting(
  model: MurdModel,
  { architecture, domains }: Pick<MurdModel, 'architecture' | 'domains'>,
): void {
  const differing = Object.entries(architecture).flatMap(([name, value]) => {
    const found: unknown = model.architecture[name as keyof MurdArchitecture];
    return JSON.stringify(found) === JSON.stringify(value)
      ? []
      : [`${name} ${String(found)}, not ${String(value)}`];
  });
  if (model.domains.length !== domains.length) {
    differing.push(`${model.domains.length} domains, not ${domains.length}`);
  }
  if (differing.length === 0) return;
  throw new ConcordError(
    'invalid-option',
    `invalid startFrom: it has ${differing.join('; ')} (give the same size and architecture, and images of as many sites ` +
      'of the same shape)',
  );
}

/** Distinguishes weights: a run that starts from others is another run. */
export function digestOfWeights({ weights }: MurdModel): string {
  return digestOf(...[...flattenTree(weights)].flatMap(([path, { data }]) => [path, data]));
}
