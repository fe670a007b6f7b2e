import type { HistogramMatchingModel } from '../intensity/histogram-matching-model';
import { intensityModelFromJson, intensityModelToJson } from '../intensity/intensity-model-json';
import type { LearnedIntensityModel } from '../intensity/intensity-model-json';
import type { NyulModel } from '../intensity/nyul-model';
import type { RegionSettings } from '../intensity/region';
import type { FileStorage, ModelCard, ModelKind } from './method';
import { counted } from '../data/counted';

function storage<Model extends LearnedIntensityModel>(): FileStorage<Model> {
  return {
    as: 'file',
    toStored: (model) => ({ description: intensityModelToJson(model), arrays: new Map() }),
    // The reader of files has seen to it that the kind is the one asked for.
    fromStored: ({ description }) => intensityModelFromJson(description) as Model,
  };
}

/** Nyúl's standard histogram, as `intensity.fitNyul` learns it. */
export const nyulKind: ModelKind<NyulModel> = {
  kind: 'nyul',
  storage: storage<NyulModel>(),
  card: ({ percentiles, standard, ...model }) => ({
    title: 'Nyúl model: a standard histogram',
    facts: [
      { label: 'landmarks', value: `percentiles ${percentiles.join(', ')}` },
      {
        label: 'standard scale',
        value: `${shown(standard[0])} to ${shown(standard[standard.length - 1])}`,
      },
      ...learnedFacts(model),
    ],
  }),
};

/** The distribution that `intensity.fitHistogramMatching` learns. */
export const histogramMatchingKind: ModelKind<HistogramMatchingModel> = {
  kind: 'histogram-matching',
  storage: storage<HistogramMatchingModel>(),
  card: ({ quantiles, ...model }) => ({
    title: 'Histogram matching model: a reference distribution',
    facts: [
      {
        label: 'quantiles',
        value: `${quantiles.length}, from ${shown(quantiles[0])} to ${shown(quantiles[quantiles.length - 1])}`,
      },
      ...learnedFacts(model),
    ],
  }),
};

function learnedFacts({
  scans,
  region,
}: {
  readonly scans: number;
  readonly region: RegionSettings;
}): ModelCard['facts'] {
  return [
    { label: 'learned from', value: counted(scans, 'scan') },
    { label: 'voxels', value: region.region === 'mask' ? 'in the mask' : 'that are not 0' },
  ];
}

function shown(intensity: number): string {
  return String(Number(intensity.toPrecision(5)));
}
