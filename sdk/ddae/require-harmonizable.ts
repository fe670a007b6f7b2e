import type { VolumeCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import { ConcordError } from '../errors';
import { requireSuffixes } from '../nn/images/image-geometry';
import type { DdaeModel, ImageScale } from './ddae-model';
import { decodeSettings } from './decode-options';
import { encodeSettings } from './encode-options';
import type { HarmonizeDdaeOptions } from './harmonize-ddae';
import { requireGuidable } from './require-guidable';
import { encodeKnown } from './samples/known-variables';
import { sharesOfSite, allowedStrangers } from './samples/site-shares';

/**
 * Checks, before any scan is opened, all that can be known of scans that are to be harmonized.
 *
 * @returns how the model's images are cut
 * @throws ConcordError as `harmonizeDdae` does.
 */
export function requireHarmonizable(
  model: DdaeModel,
  cohort: VolumeCohort,
  options: HarmonizeDdaeOptions,
): Pick<ImageScale, 'plane' | 'pixelSize'> {
  const { scale, sites, known } = model;
  if (scale.kind !== 'images') {
    throw new ConcordError(
      'invalid-option',
      'invalid model: it was fitted on features (harmonizing scans requires a model of images)',
    );
  }
  requireGuidable(model, options.guided);
  decodeSettings(model, { ...options, target: options.target ?? 'average' }, true);
  const { unseen } = encodeSettings(model, options);
  allowedStrangers(model, cohort.participants, unseen);
  requireSuffixes([scale.suffix], suffixesOf(cohort));
  encodeKnown(
    cohort.participants,
    cohort.participants.ids.map(() => sharesOfSite(sites, 'average')),
    known,
  );
  const { plane, pixelSize } = scale;
  return { plane, pixelSize };
}
