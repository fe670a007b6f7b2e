import { references } from '../data/references';
import { cvaeHarmonizer } from '../cvae/cvae-harmonizer';
import type { CvaeModel } from '../cvae/cvae-model';
import type { FitCvaeOptions } from '../cvae/fit-cvae';
import { requireSite } from '../nn/images/site-model';
import { toStored } from '../nn/stored-parts';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { commandPart } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { imagesOfSizes, scansOfSites, slicesOfSites } from './site-networks';

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

const slices: SliceMethod<CvaeModel> = slicesOfSites({
  requireUsable: (model, _participants, site) => requireSite(model, site),
  apply: async (model, images, options) => {
    const { applyCvae } = await import('../cvae/apply-cvae.js');
    return applyCvae(model, images, options);
  },
});

const scans: ScansPart<CvaeModel> = scansOfSites('cvae');

const train: TrainingPart<CvaeModel> = {
  sizes: imagesOfSizes,
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
  references: [references.moyer2020],
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
