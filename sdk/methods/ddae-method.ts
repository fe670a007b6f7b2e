import { references } from '../data/references';
import { requireOneSuffix } from '../data/cohort';
import type { RunOptions } from '../data/run-options';
import type { DdaeModel } from '../ddae/ddae-model';
import type { DdaeHarmonizerOptions } from '../ddae/ddae-harmonizer';
import { ddaeHarmonizer } from '../ddae/ddae-harmonizer';
import type { FitDdaeOptions } from '../ddae/fit-ddae';
import type { HarmonizeDdaeOptions } from '../ddae/harmonize-ddae';
import { requireHarmonizable } from '../ddae/require-harmonizable';
import { ConcordError } from '../errors';
import { guidedRecord } from '../nn/images/guided-by-scan';
import { toStored } from '../nn/stored-parts';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { choiceOption, commandPart, detailOption, guidedOption, valueOption } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { requireOptions } from '../data/calls/require-call';
import { counted } from '../data/counted';

const ddaeKind: ModelKind<DdaeModel> = {
  kind: 'ddae',
  storage: {
    as: 'folder',
    toStored,
    fromStored: async (parts) => {
      const { ddaeFromStored } = await import('../ddae/ddae-stored.js');
      return ddaeFromStored(parts);
    },
  },
  card,
};

const slices: SliceMethod<DdaeModel> = {
  input: ({ scale, architecture }) => {
    if (scale.kind === 'images') {
      const { plane, pixelSize, suffix } = scale;
      const suffixes = suffix === '' ? [] : [suffix];
      return { geometry: { plane, pixelSize }, shape: architecture.sampleShape, suffixes };
    }
    throw new ConcordError(
      'invalid-option',
      'invalid model: it was fitted on features (harmonizing scans requires a model of images)',
    );
  },
  prepare: (model, cohort, options: Omit<HarmonizeDdaeOptions, keyof RunOptions>) => {
    requireOptions('harmonizeVolumes', 'HarmonizeVolumesOptions', options);
    requireOneSuffix('harmonizeVolumes', cohort);
    requireHarmonizable(model, cohort, options);
    return {
      record: { ...options },
      apply: async (images, run) => {
        const { harmonizeDdae } = await import('../ddae/harmonize-ddae.js');
        return harmonizeDdae(model, images, { ...options, ...run });
      },
    };
  },
};

const scans: ScansPart<DdaeModel> = {
  chosen: ['target'],
  ...commandPart(
    {
      target: valueOption('text', '--target <site>', 'a site of the model, or average', 'average'),
      unseen: choiceOption(
        '--unseen <policy>',
        'how a scan of a site that the model does not know is encoded',
        {
          values: ['error', 'average', 'nearest'],
          initial: 'error',
        },
      ),
      keep: valueOption(
        'share',
        '--keep <share>',
        'how much of the traced noise stays: 1 all, 0 only the codes',
        1,
      ),
      detail: detailOption,
      guided: guidedOption,
      until: valueOption(
        'count',
        '--until <time>',
        'how far the noise is traced back (default: all the way)',
      ),
      samplingSteps: valueOption(
        'count',
        '--sampling-steps <count>',
        'how many times the network is evaluated in each direction',
        20,
      ),
      batchSize: valueOption('count', '--batch-size <count>', 'slices at a time', 32),
      seed: valueOption('integer', '--seed <number>', 'seed of what the network draws', 1),
    },
    ({ until, guided, samplingSteps, ...others }) => {
      const options = {
        ...others,
        steps: samplingSteps,
        ...(until === undefined ? {} : { until }),
        ...guidedRecord({ guided }),
      };
      const { target, ...apply } = options;
      return {
        target,
        harmonizer: { apply },
        covariates: ({ known }) => known.map(({ name }) => name),
        options: () => Promise.resolve(options),
      };
    },
  ),
};

const train: TrainingPart<DdaeModel> = {
  sizes: {
    tiny: { imageSize: 32, channels: 1 },
    small: { imageSize: 64, channels: 1 },
    base: { imageSize: 128, channels: 1 },
    'paper-like': { imageSize: 128, channels: 1 },
  },
  learningRate: 0.001,
  summary: trainingSummary,
  starts: true,
  ...commandPart(
    {
      preserve: valueOption(
        'list',
        '--preserve <names>',
        'covariates that are known besides the site, for example age,sex',
        [],
      ),
    },
    ({ preserve }) => ({
      covariates: preserve,
      fit: async (source, { size, ...settings }) => {
        const { fitDdae } = await import('../ddae/fit-ddae.js');
        return fitDdae(source, { size: size as FitDdaeOptions['size'], known: preserve, ...settings });
      },
    }),
  ),
};

/** The disentangled diffusion autoencoder, on slices, whole scans and features of vertices. */
export const ddaeMethod: Method<DdaeModel> = {
  name: 'ddae',
  title: 'DDAE',
  summary: 'encodes slices by a diffusion autoencoder, and decodes them with the code of another site',
  references: [references.ijishakin2024],
  quick: false,
  model: ddaeKind,
  harmonizers: {
    images: (options) => ddaeHarmonizer(options as DdaeHarmonizerOptions<'images'>),
    features: (options) =>
      ddaeHarmonizer({ ...(options as DdaeHarmonizerOptions<'features'>), kind: 'features' }),
  },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method ddae --out MODEL',
      'concord harmonize BIDS --method ddae --model MODEL --target SITE --out OUT',
    ],
  },
};

function card(model: DdaeModel): ModelCard {
  const { sites, known, scale, diffusion } = model;
  return {
    title: `DDAE model: ${scale.kind === 'images' ? 'slices' : counted(scale.features.length, 'feature')} of ${sites.length} sites`,
    facts: [
      { label: 'sites', value: sites.join(', ') },
      {
        label: 'known besides the site',
        value: known.length === 0 ? 'nothing' : known.map(({ name }) => name).join(', '),
      },
      ...(scale.kind === 'images' ? [imagesFact(slices.input(model))] : []),
      {
        label: 'diffusion',
        value: `${diffusion.schedule} schedule of ${diffusion.times} times; the network predicts ${diffusion.prediction === 'v' ? 'velocity' : 'noise'}`,
      },
      ...networkFacts(model),
    ],
  };
}
