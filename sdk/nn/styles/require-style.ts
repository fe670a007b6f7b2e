import type { VolumeCohort } from '../../data/cohort';
import { suffixesOf } from '../../data/cohort';
import { requireCount } from '../../data/require-count';
import type { TrainedImages } from '../images/image-geometry';
import { requireFittingImages, requireSuffixes } from '../images/image-geometry';
import type { StyleChoice } from './style-choice';
import { requireChoice, requireReference } from './style-choice';
import type { DetailOptions } from './detail-options';
import { requireShare } from '../losses/loss-weights';

/** What is known of a model that makes images in styles. */
interface StyledModel {
  /** The images that it was trained on. */
  readonly trained: TrainedImages;
  /** @throws ConcordError `unknown-site` where it does not know a site's scans of one contrast. */
  readonly requireSite: (site: string, suffix: string) => unknown;
}

/**
 * Checks, before any scan is opened, all that can be known of scans that are to be given a style.
 *
 * @throws ConcordError as the method's own function of slices does.
 */
export function requireStyle(
  { trained, requireSite }: StyledModel,
  cohort: VolumeCohort,
  { batchSize = 32, detail = 0, ...choice }: StyleChoice & DetailOptions & { readonly batchSize?: number },
): void {
  requireCount('batchSize', batchSize);
  requireShare('detail', detail);
  requireChoice(choice);
  const contrasts = suffixesOf(cohort);
  requireSuffixes(trained.suffixes, contrasts);
  for (const suffix of contrasts.length === 0 ? [''] : contrasts) {
    if ('site' in choice) requireSite(choice.site, suffix);
    else requireReference(choice.reference, suffix);
  }
  if ('site' in choice) return;
  requireFittingImages(trained, choice.reference);
  if (choice.head !== undefined) requireSite(choice.head, contrasts[0] ?? '');
}
