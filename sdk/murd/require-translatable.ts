import type { VolumeCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import { requireCount } from '../data/require-count';
import { requireFittingImages, requireSuffixes } from '../nn/images/image-geometry';
import { domainOf } from './domains';
import type { MurdModel } from './murd-model';
import { trainedImages } from './murd-model';
import type { StyleChoice } from './style-choice';
import { requireChoice, requireReference } from './style-choice';

/**
 * Checks, before any scan is opened, all that can be known of scans that are to be translated.
 *
 * @throws ConcordError as `murd.translate` does.
 */
export function requireTranslatable(
  model: MurdModel,
  cohort: VolumeCohort,
  { batchSize = 32, ...choice }: StyleChoice & { readonly batchSize?: number },
): void {
  requireCount('batchSize', batchSize);
  requireChoice(choice);
  const trained = trainedImages(model);
  const contrasts = suffixesOf(cohort);
  requireSuffixes(trained.suffixes, contrasts);
  for (const suffix of contrasts.length === 0 ? [''] : contrasts) {
    if ('site' in choice) domainOf(model, choice.site, suffix);
    else requireReference(choice.reference, suffix);
  }
  if ('site' in choice) return;
  requireFittingImages(trained, choice.reference);
  if (choice.head !== undefined) domainOf(model, choice.head, contrasts[0] ?? '');
}
