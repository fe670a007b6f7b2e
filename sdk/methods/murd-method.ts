import { references } from '../data/references';
import { counted } from '../data/counted';
import { domainOf } from '../murd/domains';
import type { FitMurdOptions } from '../murd/fit-murd';
import { murdHarmonizer } from '../murd/murd-harmonizer';
import type { MurdModel } from '../murd/murd-model';
import { trainedImages } from '../murd/murd-model';
import { toStored } from '../nn/stored-parts';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { commandPart, valueOption } from './method-option';
import { imagesFact, networkFacts, trainingSummary } from './network-card';
import { imagesInThrees, scansInStyles, slicesInStyles } from './style-networks';

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

const slices: SliceMethod<MurdModel> = slicesInStyles({
  // Not the functions themselves, which would load the network with the list of methods.
  trained: (model) => trainedImages(model),
  requireSite: (model, site, suffix) => domainOf(model, site, suffix),
  apply: async (model, images, options) => {
    const { translate } = await import('../murd/translate.js');
    return translate(model, images, options);
  },
});

const scans: ScansPart<MurdModel> = scansInStyles('murd', (model) => slices.input(model), 'the middle');

const train: TrainingPart<MurdModel> = {
  sizes: imagesInThrees,
  learningRate: 0.0005,
  summary: trainingSummary,
  starts: true,
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
  references: [references.liuYap2024],
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
