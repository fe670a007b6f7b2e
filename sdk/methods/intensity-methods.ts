import { intensityHarmonizer, intensityTitles } from '../baselines/intensity-harmonizer';
import type { IntensityMethod, IntensityModel } from '../baselines/intensity-model';
import {
  intensityHarmonizerModelFromJson,
  intensityHarmonizerModelToJson,
} from '../baselines/intensity-model-stored';
import type { Reference } from '../data/references';
import { references } from '../data/references';
import { withModel } from './fitted-harmonizer';
import { intensityScans } from './intensity-scans';
import type { Method, ModelKind } from './method';
import { counted } from '../data/counted';

const intensityKind: ModelKind<IntensityModel> = {
  kind: 'intensity',
  storage: {
    as: 'file',
    toStored: (model) => ({ description: intensityHarmonizerModelToJson(model), arrays: new Map() }),
    fromStored: ({ description }) => intensityHarmonizerModelFromJson(description),
  },
  card: ({ targets, scans, region }) => ({
    title: `Intensity normalization (${intensityTitles[targets[0].fitted.method]}), learned from ${counted(scans, 'scan')}`,
    facts: [
      { label: 'targets', value: targets.map(({ name }) => name).join(', ') },
      { label: 'voxels', value: region.region === 'mask' ? 'in the mask' : 'that are not 0' },
    ],
  }),
};

const summaries: Readonly<Record<IntensityMethod, string>> = {
  'z-score': 'gives every brain the same mean and standard deviation',
  percentile: 'brings two percentiles of every brain to the same intensities',
  'white-stripe': 'brings the mean and spread of normal-looking white matter to one value',
  'kde-mode': 'brings the peak of white matter to one intensity',
  fcm: 'brings the mean of one tissue to one intensity',
  nyul: 'brings landmarks of the histogram to those of a standard histogram',
  'histogram-matching': 'gives every brain the histogram of a reference',
};

/** What is cited for them; the others are common knowledge. */
const cited: Partial<Readonly<Record<IntensityMethod, readonly Reference[]>>> = {
  'white-stripe': [references.shinohara2014],
  'kde-mode': [references.reinhold2019],
  fcm: [references.reinhold2019],
  nyul: [references.nyul2000],
};

/** The normalizations that an audit of images puts beside a method unless told otherwise. */
export const usualBaselines: readonly IntensityMethod[] = ['z-score', 'nyul'];

/** The intensity normalizations, each one monotone map for every scan. */
export const intensityMethods: readonly (Method<IntensityModel> & { readonly name: IntensityMethod })[] = (
  Object.keys(intensityTitles) as IntensityMethod[]
).map((name) => {
  const make = <Kind extends 'volumes' | 'images'>(kind: Kind, options: object) =>
    intensityHarmonizer(name, { ...options, kind });
  return {
    name,
    title: intensityTitles[name],
    summary: summaries[name],
    references: cited[name],
    quick: true,
    model: intensityKind,
    made: ({ targets }) => targets[0].fitted.method === name,
    harmonizers: {
      images: ({ fit, model }) => withModel(make('images', fit ?? {}), model),
      volumes: ({ fit, model }) => withModel(make('volumes', fit ?? {}), model),
    },
    command: {
      scans: intensityScans(name),
      examples: [
        `concord harmonize BIDS --method ${name} --target SITE --out OUT`,
        `concord harmonize NEW_BIDS --method ${name} --model OUT/model.json --target SITE --out NEW_OUT`,
        'concord apply OUT/model.json NEW_BIDS --target SITE --out NEW_OUT',
      ],
    },
  };
});
