import { requireOptions } from '../data/calls/require-call';
import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { listNames } from '../data/list-names';
import { suggestName } from '../data/nearest-names';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { TrainedImages } from '../nn/images/image-geometry';
import { guidedRecord, requireGuided } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import { requireStyle } from '../nn/styles/require-style';
import type { StyleChoice } from '../nn/styles/style-choice';
import type { DetailOptions } from '../nn/styles/detail-options';
import { brainSteps } from '../preprocess/brain-steps';
import { preprocess } from '../preprocess/preprocess';
import { toImages } from '../preprocess/to-images';
import type { SliceInput, SliceMethod } from './method';
import type { ScansPart, TrainingImages } from './method-command';
import { commandPart, detailOption, guidedOption, valueOption } from './method-option';
import { imagesOfSizes } from './site-networks';

/** Options of whole scans: whose style they get, what is given back of them, and how many slices go at a time. */
type StyleOptions = StyleChoice & DetailOptions & GuidedOptions & { readonly batchSize?: number };

/** What a network does that makes images in the style of a site or of a reference. */
interface StyleNetwork<Model> {
  /** The images that a model was trained on. */
  readonly trained: (model: Model) => TrainedImages;
  /** @throws ConcordError `unknown-site` where the model does not know a site's scans of one contrast. */
  readonly requireSite: (model: Model, site: string, suffix: string) => unknown;
  /** @throws ConcordError `invalid-option` for a choice that the model does not have. @defaultValue it has all */
  readonly requireChoice?: (model: Model, choice: StyleChoice) => void;
  readonly apply: (
    model: Model,
    images: ImageCohort,
    options: StyleOptions & RunOptions,
  ) => Promise<ImageCohort>;
}

/** Whole scans through a network that makes slices in the style of a site or of a reference. */
export function slicesInStyles<Model>({
  trained,
  requireSite,
  requireChoice,
  apply,
}: StyleNetwork<Model>): SliceMethod<Model> {
  return {
    input: (model) => {
      const { geometry, shape, suffixes } = trained(model);
      return { geometry, shape, suffixes: [...new Set(suffixes)].filter((suffix) => suffix !== '') };
    },
    prepare: (model, cohort, options: StyleOptions) => {
      requireOptions('harmonizeVolumes', 'TranslateVolumesOptions', options);
      const known = {
        trained: trained(model),
        requireSite: (site: string, suffix: string) => requireSite(model, site, suffix),
      };
      requireStyle(known, cohort, options);
      requireChoice?.(model, options);
      requireGuided(options.guided);
      const { detail = 0, guided, ...choice } = options;
      const record = {
        ...('site' in choice
          ? choice
          : {
              reference: choice.reference.participants.ids,
              ...(choice.head === undefined ? {} : { head: choice.head }),
            }),
        ...(detail === 0 ? {} : { detail }),
        ...guidedRecord({ guided }),
      };
      return { record, apply: (images, run) => apply(model, images, { ...options, ...run }) };
    },
  };
}

/**
 * The part of the command line that gives scans the style of a site of a model, or of other scans.
 *
 * @param method - its name on the command line
 * @param input - the slices that a model was made for
 * @param middle - what the style of a site is where none is drawn
 */
export function scansInStyles<Model>(
  method: string,
  input: (model: Model) => SliceInput,
  middle: string,
): ScansPart<Model> {
  return {
    chosen: ['target', 'like'],
    together: ['like'],
    ...commandPart(
      {
        target: valueOption('text', '--target <site>', 'a site of the model'),
        like: valueOption(
          'list',
          '--like <scans>',
          'make all look like these scans of the dataset, by their ids',
        ),
        style: valueOption(
          'integer',
          '--style <seed>',
          `draw one of the styles of the target (default: ${middle})`,
        ),
        detail: detailOption,
        guided: guidedOption,
        batchSize: valueOption('count', '--batch-size <count>', 'slices at a time', 32),
      },
      ({ target = '', like, style, batchSize, detail, guided }) => {
        const how = { detail, ...guidedRecord({ guided }), batchSize };
        return {
          target: like === undefined ? target : like.join(', '),
          harmonizer: { apply: { styleSeed: style, ...how } },
          covariates: () => [],
          options: async (model, cohort, run) => {
            if (like !== undefined) {
              const reference = await cutReference(input(model), scansNamed(cohort, like), run);
              return { reference, ...how };
            }
            return { site: target, ...(style === undefined ? {} : { styleSeed: style }), ...how };
          },
        };
      },
      ({ target, like, style }) => {
        if ((target === undefined) === (like === undefined)) {
          return `one of the options '--target <site>' and '--like <scans>' is needed with --method ${method}`;
        }
        return like !== undefined && style !== undefined
          ? `option '--style' goes with '--target': the style of a scan is its own`
          : undefined;
      },
    ),
  };
}

/** The images that the sizes of networks are meant for that see three neighboring slices at full size. */
export const imagesInThrees: Readonly<Record<'tiny' | 'small' | 'paper-like', TrainingImages>> = {
  ...imagesOfSizes,
  'paper-like': { imageSize: 256, channels: 3 },
};

function scansNamed(cohort: VolumeCohort, ids: readonly string[]): VolumeCohort {
  const rows = ids.map((id) => {
    const row = cohort.scans.findIndex((scan) => scan.id === id);
    if (row >= 0) return row;
    const { ids: known } = cohort.participants;
    const hint = suggestName(id, known, `there are ${listNames(known)}`);
    throw new ConcordError('invalid-option', `unknown scan: "${id}" (${hint})`, { where: { subject: id } });
  });
  return takeSubjects(cohort, rows);
}

/** Scans cut as the model sees them. */
async function cutReference(
  { geometry, shape }: SliceInput,
  volumes: VolumeCohort,
  { signal }: RunOptions,
): Promise<ImageCohort> {
  const { plane, pixelSize } = geometry;
  const [height, width, channels] = shape;
  return toImages(preprocess(volumes, brainSteps(geometry)), {
    plane,
    size: [height, width],
    center: 'mask',
    fill: 0,
    channels: channels === 3 ? 3 : 1,
    at: { every: Math.max(...pixelSize) },
    strict: true,
    signal,
  });
}
