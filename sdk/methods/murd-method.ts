import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { listNames } from '../data/list-names';
import { suggestName } from '../data/nearest-names';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { FitMurdOptions } from '../murd/fit-murd';
import { murdHarmonizer } from '../murd/murd-harmonizer';
import type { MurdModel } from '../murd/murd-model';
import { requireTranslatable } from '../murd/require-translatable';
import type { StyleChoice } from '../murd/style-choice';
import { toStored } from '../nn/stored-parts';
import { brainSteps } from '../preprocess/brain-steps';
import { preprocess } from '../preprocess/preprocess';
import { toImages } from '../preprocess/to-images';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { commandPart, valueOption } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { requireOptions } from '../data/calls/require-call';
import { counted } from '../data/counted';

const murdKind: ModelKind<MurdModel> = {
  kind: 'murd',
  storage: {
    as: 'folder',
    toStored,
    fromStored: async (parts) => {
      const { murdFromStored } = await import('../murd/murd-stored.js');
      return murdFromStored(parts);
    },
  },
  card,
};

/** Options of whole scans: whose style they get, and how many slices go at a time. */
type MurdVolumesOptions = StyleChoice & { readonly batchSize?: number };

const slices: SliceMethod<MurdModel> = {
  input: ({ geometry, architecture, domains }) => ({
    geometry,
    shape: architecture.imageShape,
    suffixes: [...new Set(domains.map(({ suffix }) => suffix))].filter((suffix) => suffix !== ''),
  }),
  prepare: (model, cohort, options: MurdVolumesOptions) => {
    requireOptions('harmonizeVolumes', 'TranslateVolumesOptions', options);
    requireTranslatable(model, cohort, options);
    const record =
      'site' in options
        ? { ...options }
        : {
            reference: options.reference.participants.ids,
            ...(options.head === undefined ? {} : { head: options.head }),
          };
    return {
      record,
      apply: async (images, run) => {
        const { translate } = await import('../murd/translate.js');
        return translate(model, images, { ...options, ...run });
      },
    };
  },
};

const scans: ScansPart<MurdModel> = {
  chosen: ['target', 'like'],
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
        'draw one of the styles of the target (default: the middle)',
      ),
      batchSize: valueOption('count', '--batch-size <count>', 'slices at a time', 32),
    },
    ({ target = '', like, style, batchSize }) => ({
      target: like === undefined ? target : like.join(', '),
      harmonizer: { apply: { styleSeed: style, batchSize } },
      covariates: () => [],
      options: async (model, cohort, run) => {
        if (like !== undefined) {
          return { reference: await cutReference(model, scansNamed(cohort, like), run), batchSize };
        }
        return { site: target, ...(style === undefined ? {} : { styleSeed: style }), batchSize };
      },
    }),
    ({ target, like, style }) => {
      if ((target === undefined) === (like === undefined)) {
        return `one of the options '--target <site>' and '--like <scans>' is needed with --method murd`;
      }
      return like !== undefined && style !== undefined
        ? `option '--style' goes with '--target': the style of a scan is its own`
        : undefined;
    },
  ),
};

const train: TrainingPart<MurdModel> = {
  sizes: {
    tiny: { imageSize: 32, channels: 1 },
    small: { imageSize: 64, channels: 1 },
    'paper-like': { imageSize: 256, channels: 3 },
  },
  learningRate: 0.0005,
  summary: trainingSummary,
  ...commandPart(
    {
      joint: valueOption(
        'switch',
        '--joint',
        'learn all contrasts of the dataset at once, each with its own styles',
        false,
      ),
    },
    ({ joint }) => ({
      covariates: [],
      fit: async (source, { size, ...settings }) => {
        const { fitMurd } = await import('../murd/fit-murd.js');
        return fitMurd(source, {
          size: size as FitMurdOptions['size'],
          contrasts: joint ? 'joint' : 'one',
          ...settings,
        });
      },
    }),
  ),
};

/** The multi-site unsupervised representation disentangler, on slices and whole scans. */
export const murdMethod: Method<MurdModel> = {
  name: 'murd',
  title: 'MURD',
  summary: 'separates what a slice shows from the style of its scanner, and gives it the style of another',
  quick: false,
  model: murdKind,
  harmonizers: { images: (options) => murdHarmonizer(options) },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method murd --out MODEL',
      'concord harmonize BIDS --method murd --model MODEL --target SITE --out OUT',
      'concord harmonize BIDS --method murd --model MODEL --like sub-01 --out OUT',
    ],
  },
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
  { geometry, architecture }: MurdModel,
  volumes: VolumeCohort,
  { signal }: RunOptions,
): Promise<ImageCohort> {
  const { plane, pixelSize } = geometry;
  const [height, width, channels] = architecture.imageShape;
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

function card(model: MurdModel): ModelCard {
  const { sites, architecture } = model;
  return {
    title: `MURD model: ${counted(sites.length, 'site')}`,
    facts: [
      { label: 'sites', value: sites.join(', ') },
      imagesFact(slices.input(model)),
      {
        label: 'style',
        value: `${counted(architecture.styleSize, 'number')}, one style network for each site`,
      },
      ...networkFacts(model),
    ],
  };
}
