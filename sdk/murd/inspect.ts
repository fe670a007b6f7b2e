import { tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import { suffixesOf } from '../data/cohort';
import type { ImageRepresentation } from '../data/images/image-representation';
import { rowsTensor, throughBatches } from '../nn/images/image-model';
import { oneHot } from '../nn/ops/one-hot';
import { contentEncoder } from './network/content-encoder';
import { domainOf } from './domains';
import type { MurdModel } from './murd-model';
import { murdImages, withOpenMurd } from './open-murd';
import { styleEncoder } from './network/style-encoder';
import type { TranslateRunOptions } from './translate';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link styleOf}. */
export interface StyleOfOptions extends TranslateRunOptions {
  /** The site whose head reads all images. @defaultValue each image's own site, which the model must know */
  readonly head?: string;
}

/**
 * Reads the styles of images.
 *
 * @returns `[images, style size]`
 * @throws ConcordError `unknown-site`; `invalid-option` when images do not fit the model; `invalid-voxels`,
 * `malformed-model`, `aborted`.
 */
export async function styleOf(
  model: MurdModel,
  cohort: ImageCohort,
  options: StyleOfOptions = {},
): Promise<ImageRepresentation> {
  requireCall('murd.styleOf', { model, cohort, options });
  const { head, batchSize = 32, ...run } = options;
  const [contrast = ''] = suffixesOf(cohort);
  const domains = cohort.participants.sites.map((site, row) =>
    domainOf(model, head ?? site, cohort.suffixes[row] === '' ? contrast : cohort.suffixes[row]),
  );
  return withOpenMurd(model, async (open) => {
    const given = await murdImages(model, cohort, { signal: run.signal });
    const { source, rows } = given;
    const domainsOf = (positions: readonly number[]): readonly number[] =>
      positions.map((position) => domains[rows[position]]);
    return throughBatches(
      { ...given, label: 'reading styles', batchSize },
      async (positions) => {
        const images = await source.read(positions);
        return tidy(() => {
          const heads = oneHot(domainsOf(positions), model.domains.length);
          return styleEncoder(open.weights.style, rowsTensor(images, source.shape), heads);
        });
      },
      run,
    );
  });
}

/**
 * Reads the content of images.
 *
 * @returns `[images, rows, columns, channels]`
 * @throws ConcordError `invalid-option` when images do not fit the model; `invalid-voxels`,
 * `malformed-model`, `aborted`.
 */
export async function contentOf(
  model: MurdModel,
  cohort: ImageCohort,
  options: TranslateRunOptions = {},
): Promise<ImageRepresentation> {
  requireCall('murd.contentOf', { model, cohort, options });
  const { batchSize = 32, ...run } = options;
  return withOpenMurd(model, async (open) => {
    const given = await murdImages(model, cohort, { signal: run.signal });
    const { source } = given;
    return throughBatches(
      { ...given, label: 'reading contents', batchSize },
      async (positions) => {
        const images = await source.read(positions);
        return tidy(() => contentEncoder(open.weights.content, rowsTensor(images, source.shape)));
      },
      run,
    );
  });
}
