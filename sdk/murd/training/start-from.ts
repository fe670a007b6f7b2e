import { ConcordError } from '../../errors';
import { differingSizes } from '../../nn/train/start-from';
import type { MurdModel } from '../murd-model';

/**
 * Checks that the training of a model can be continued.
 *
 * @throws ConcordError `invalid-option` naming what differs.
 */
export function requireFitting(
  model: MurdModel,
  { architecture, domains }: Pick<MurdModel, 'architecture' | 'domains'>,
): void {
  const differing = differingSizes(model.architecture, architecture);
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
