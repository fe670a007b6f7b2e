import { references } from '../data/references';
import { cycleganHarmonizer } from '../cyclegan/cyclegan-harmonizer';
import type { CycleganModel } from '../cyclegan/cyclegan-model';
import type { FitCycleganOptions } from '../cyclegan/fit-cyclegan';
import { networksInWords, pairsOf } from '../cyclegan/pairs';
import { requireApplicable } from '../cyclegan/require-applicable';
import { toStored } from '../nn/stored-parts';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { commandPart, valueOption } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { imagesOfSizes, scansOfSites, slicesOfSites } from './site-networks';

const cycleganKind: ModelKind<CycleganModel> = {
  kind: 'cyclegan',
  storage: {
    as: 'folder',
    toStored,
    fromStored: async (parts) => {
      const { cycleganFromStored } = await import('../cyclegan/cyclegan-stored.js');
      return cycleganFromStored(parts);
    },
  },
  card,
};

const slices: SliceMethod<CycleganModel> = slicesOfSites({
  requireUsable: requireApplicable,
  apply: async (model, images, options) => {
    const { applyCyclegan } = await import('../cyclegan/apply-cyclegan.js');
    return applyCyclegan(model, images, options);
  },
});

const scans: ScansPart<CycleganModel> = scansOfSites('cyclegan');

const train: TrainingPart<CycleganModel> = {
  sizes: imagesOfSizes,
  learningRate: 0.0002,
  summary: (model) => `${trainingSummary(model)}; ${networksInWords(pairsOf(model.sites, model.hub))}`,
  ...commandPart(
    {
      hub: valueOption('text', '--hub <site>', 'translate by way of this site, not between every two sites'),
    },
    ({ hub }) => ({
      covariates: [],
      fit: async (source, { size, ...settings }) => {
        const { fitCyclegan } = await import('../cyclegan/fit-cyclegan.js');
        return fitCyclegan(source, { size: size as FitCycleganOptions['size'], hub, ...settings });
      },
    }),
  ),
};

/** CycleGANs for every pair of sites, or by way of a hub, on slices and whole scans. */
export const cycleganMethod: Method<CycleganModel> = {
  name: 'cyclegan',
  title: 'CycleGAN',
  summary:
    'translates slices between every two sites, or by way of one, so that the way back leads to the start',
  references: [references.zhu2017],
  quick: false,
  model: cycleganKind,
  harmonizers: { images: (options) => cycleganHarmonizer(options) },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method cyclegan --hub SITE --out MODEL',
      'concord harmonize BIDS --method cyclegan --model MODEL --target SITE --out OUT',
    ],
  },
};

function card(model: CycleganModel): ModelCard {
  const { sites, hub } = model;
  const pairs = pairsOf(sites, hub);
  return {
    title: `CycleGAN model: ${sites.length} sites`,
    facts: [
      { label: 'sites', value: sites.join(', ') },
      imagesFact(slices.input(model)),
      {
        label: 'networks',
        value: `${networksInWords(pairs)} (${hub === undefined ? 'N(N − 1) of each for N sites' : `2(N − 1) of each for N sites, by way of ${hub}`})`,
      },
      ...networkFacts(model),
    ],
  };
}
