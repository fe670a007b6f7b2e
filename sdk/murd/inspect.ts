import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import type { ImageRepresentation } from '../data/image-representation';
import { contentEncoder } from './content-encoder';
import { domainOf } from './domains';
import type { MurdModel } from './murd-model';
import { oneHot } from './murd-validation';
import { imagesTensor, murdImages, throughBatches, withOpenMurd } from './open-murd';
import { styleEncoder } from './style-encoder';
import type { TranslateRunOptions } from './translate';

/** Options of {@link styleOf}. */
export interface StyleOfOptions extends TranslateRunOptions {
  /** The site whose head reads all images. @defaultValue each image's own site, which the model must know */
  readonly head?: string;
}

/**
 * The styles of images.
 *
 * @returns `[images, style size]`
 * @throws ConcordError `unknown-site`; `invalid-option` when images do not fit the model; `invalid-voxels`, `aborted`.
 */
export async function styleOf(
  model: MurdModel,
  cohort: ImageCohort,
  { head, batchSize = 32, signal }: StyleOfOptions = {},
): Promise<ImageRepresentation> {
  const [contrast = ''] = suffixesOf(cohort);
  const domains = cohort.participants.sites.map((site, row) =>
    domainOf(model, head ?? site, cohort.suffixes[row] === '' ? contrast : cohort.suffixes[row]),
  );
  return withOpenMurd(model, async (open) => {
    const { source, rows } = await murdImages(model, cohort, { signal });
    return throughBatches(
      { source, count: rows.length, batchSize },
      (images, positions) =>
        tidy(() => {
          const heads = oneHot(
            positions.map((position) => domains[rows[position]]),
            model.domains.length,
          );
          return styleEncoder(open.weights.style, imagesTensor(open, images), heads);
        }),
      { signal },
    );
  });
}

/**
 * The content of images.
 *
 * @returns `[images, rows, columns, channels]`
 * @throws ConcordError `invalid-option` when images do not fit the model; `invalid-voxels`, `aborted`.
 */
export async function contentOf(
  model: MurdModel,
  cohort: ImageCohort,
  { batchSize = 32, signal }: TranslateRunOptions = {},
): Promise<ImageRepresentation> {
  return withOpenMurd(model, async (open) => {
    const { source, rows } = await murdImages(model, cohort, { signal });
    return throughBatches(
      { source, count: rows.length, batchSize },
      (images) => tidy(() => contentEncoder(open.weights.content, imagesTensor(open, images))),
      { signal },
    );
  });
}
