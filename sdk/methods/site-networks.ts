import { requireOneSuffix, suffixesOf } from '../data/cohort';
import type { Participants } from '../data/people/participants';
import { requireCount } from '../data/require-count';
import type { RunOptions } from '../data/run-options';
import type { ImageCohort } from '../data/cohort';
import { requireSuffixes } from '../nn/images/image-geometry';
import { guidedRecord, requireGuided } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import type { SiteModel } from '../nn/images/site-model';
import { imagesKnownTo } from '../nn/images/site-model';
import type { SliceMethod } from './method';
import type { ScansPart, TrainingImages } from './method-command';
import { commandPart, guidedOption, valueOption } from './method-option';

/** How images are made as a site has them. */
export interface SiteOptions extends GuidedOptions {
  readonly site: string;
  readonly batchSize?: number;
}

/** What a network does that makes images as a site has them. */
interface SiteNetwork<Model> {
  /** @throws ConcordError `unknown-site` where it cannot make those of the site. */
  readonly requireUsable: (model: Model, participants: Participants, site: string) => unknown;
  readonly apply: (
    model: Model,
    images: ImageCohort,
    options: SiteOptions & RunOptions,
  ) => Promise<ImageCohort>;
}

/** Whole scans through a network that makes slices as a site has them. */
export function slicesOfSites<Model extends SiteModel>({
  requireUsable,
  apply,
}: SiteNetwork<Model>): SliceMethod<Model> {
  return {
    input: (model) => {
      const { geometry, shape, suffixes } = imagesKnownTo(model);
      return { geometry, shape, suffixes: suffixes.filter((suffix) => suffix !== '') };
    },
    prepare: (model, cohort, options: SiteOptions) => {
      requireCount('batchSize', options.batchSize ?? 32);
      requireGuided(options.guided);
      requireOneSuffix('harmonizeVolumes', cohort);
      requireSuffixes(imagesKnownTo(model).suffixes, suffixesOf(cohort));
      requireUsable(model, cohort.participants, options.site);
      return {
        record: { ...options },
        apply: (images, run) => apply(model, images, { ...options, ...run }),
      };
    },
  };
}

/**
 * The part of the command line that harmonizes scans to a site of a model.
 *
 * @param method - its name on the command line
 */
export function scansOfSites<Model>(method: string): ScansPart<Model> {
  return {
    chosen: ['target'],
    ...commandPart(
      {
        target: valueOption('text', '--target <site>', 'a site of the model'),
        guided: guidedOption,
        batchSize: valueOption('count', '--batch-size <count>', 'slices at a time', 32),
      },
      ({ target, guided, batchSize }) => ({
        target: String(target),
        harmonizer: { apply: { ...guidedRecord({ guided }), batchSize } },
        covariates: () => [],
        options: () => Promise.resolve({ site: String(target), ...guidedRecord({ guided }), batchSize }),
      }),
      ({ target }) =>
        target === undefined ? `the option '--target <site>' is needed with --method ${method}` : undefined,
    ),
  };
}

/** The images that the sizes of these networks are meant for. */
export const imagesOfSizes: Readonly<Record<'tiny' | 'small' | 'paper-like', TrainingImages>> = {
  tiny: { imageSize: 32, channels: 1 },
  small: { imageSize: 64, channels: 1 },
  'paper-like': { imageSize: 256, channels: 1 },
};
