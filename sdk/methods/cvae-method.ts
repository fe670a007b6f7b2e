import type { ApplyCvaeOptions } from '../cvae/apply-cvae';
import { cvaeHarmonizer } from '../cvae/cvae-harmonizer';
import type { CvaeModel } from '../cvae/cvae-model';
import type { FitCvaeOptions } from '../cvae/fit-cvae';
import { requireOneSuffix, suffixesOf } from '../data/cohort';
import { requireCount } from '../data/require-count';
import type { RunOptions } from '../data/run-options';
import { requireSuffixes } from '../nn/images/image-geometry';
import { imagesKnownTo, requireSite } from '../nn/images/site-model';
import { toStored } from '../nn/stored-parts';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { commandPart, valueOption } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';

const cvaeKind: ModelKind<CvaeModel> = {
  kind: 'cvae',
  storage: {
    as: 'folder',
    toStored,
    fromStored: async (parts) => {
      const { cvaeFromStored } = await import('../cvae/cvae-stored.js');
      return cvaeFromStored(parts);
    },
  },
  card,
};

const slices: SliceMethod<CvaeModel> = {
  input: (model) => {
    const { geometry, shape, suffixes } = imagesKnownTo(model);
    return { geometry, shape, suffixes: suffixes.filter((suffix) => suffix !== '') };
  },
  prepare: (model, cohort, options: Omit<ApplyCvaeOptions, keyof RunOptions>) => {
    requireCount('batchSize', options.batchSize ?? 32);
    requireOneSuffix('harmonizeVolumes', cohort);
    requireSuffixes(imagesKnownTo(model).suffixes, suffixesOf(cohort));
    requireSite(model, options.site);
    return {
      record: { ...options },
      apply: async (images, run) => {
        const { applyCvae } = await import('../cvae/apply-cvae.js');
        return applyCvae(model, images, { ...options, ...run });
      },
    };
  },
};

const scans: ScansPart<CvaeModel> = {
  chosen: ['target'],
  ...commandPart(
    {
      target: valueOption('text', '--target <site>', 'a site of the model'),
      batchSize: valueOption('count', '--batch-size <count>', 'slices at a time', 32),
    },
    ({ target, batchSize }) => ({
      target: String(target),
      harmonizer: { apply: { batchSize } },
      covariates: () => [],
      options: () => Promise.resolve({ site: String(target), batchSize }),
    }),
    ({ target }) =>
      target === undefined ? `the option '--target <site>' is needed with --method cvae` : undefined,
  ),
};

const train: TrainingPart<CvaeModel> = {
  sizes: {
    tiny: { imageSize: 32, channels: 1 },
    small: { imageSize: 64, channels: 1 },
    'paper-like': { imageSize: 256, channels: 1 },
  },
  learningRate: 0.001,
  summary: trainingSummary,
  ...commandPart({}, () => ({
    covariates: [],
    fit: async (source, { size, ...settings }) => {
      const { fitCvae } = await import('../cvae/fit-cvae.js');
      return fitCvae(source, { size: size as FitCvaeOptions['size'], ...settings });
    },
  })),
};

/** A conditional variational autoencoder with an invariant code, on slices and whole scans. */
export const cvaeMethod: Method<CvaeModel> = {
  name: 'cvae',
  title: 'cVAE',
  summary: 'encodes a slice without its site, and decodes it as another site would have it',
  quick: false,
  model: cvaeKind,
  harmonizers: { images: (options) => cvaeHarmonizer(options) },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method cvae --out MODEL',
      'concord harmonize BIDS --method cvae --model MODEL --target SITE --out OUT',
    ],
  },
};

function card(model: CvaeModel): ModelCard {
  const { sites, architecture, codeProbe } = model;
  const { balancedAccuracy, chance, scans: count } = codeProbe;
  return {
    title: `cVAE model: ${sites.length} sites`,
    facts: [
      { label: 'sites', value: sites.join(', ') },
      imagesFact(slices.input(model)),
      {
        label: 'code',
        value: `${architecture.codeChannels} channels, resolution halved ${architecture.halvings} times`,
      },
      {
        label: 'site read from codes',
        value: `balanced accuracy ${balancedAccuracy.toFixed(2)} by ridge regression in folds of persons (chance ${chance.toFixed(2)}, ${count} scans)`,
      },
      ...networkFacts(model),
    ],
  };
}
