import type { VolumeCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import { ConcordError } from '../errors';
import { requireSuffix } from '../nn/images/given-images';
import { requireFittingImages } from '../nn/images/image-geometry';
import { requireChoice, requireReference } from './choose-style';
import { domainOf } from './domains';
import type { MurdModel } from './murd-model';
import type { StyleChoice } from './style-choice';

/**
 * Checks, before any scan is opened, all that can be known of scans that are to be translated.
 *
 * @throws ConcordError as `translate` does.
 */
export function requireTranslatable(
  model: MurdModel,
  cohort: VolumeCohort,
  { batchSize = 32, ...choice }: StyleChoice & { readonly batchSize?: number },
): void {
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new ConcordError('invalid-option', `invalid batchSize: ${batchSize} (a whole number above 0)`);
  }
  requireChoice(choice);
  const known = [...new Set(model.domains.map(({ suffix }) => suffix))];
  const contrasts = suffixesOf(cohort);
  if (known.length === 1) requireSuffix(known[0], contrasts);
  for (const suffix of contrasts.length === 0 ? [''] : contrasts) {
    if ('site' in choice) domainOf(model, choice.site, suffix);
    else requireReference(choice.reference, suffix);
  }
  if ('site' in choice) return;
  const { architecture, geometry } = model;
  requireFittingImages({ shape: architecture.imageShape, geometry }, choice.reference.images);
  if (choice.head !== undefined) domainOf(model, choice.head, contrasts[0] ?? '');
}
