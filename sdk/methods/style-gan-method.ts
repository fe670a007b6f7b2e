import { references } from '../data/references';
import type { StarganModel } from '../stargan/stargan-model';
import type { Method, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import {
  starganHarmonizers,
  starganKind,
  starganScans,
  starganSlices,
  starganTraining,
} from './stargan-networks';
import { imagesInThrees } from './style-networks';

const styleGanKind: ModelKind<StarganModel> = starganKind('one');

const slices: SliceMethod<StarganModel> = starganSlices;

const scans: ScansPart<StarganModel> = starganScans('style-gan');

const train: TrainingPart<StarganModel> = starganTraining('one', imagesInThrees);

/** A style-encoding GAN, which learns of no sites, on slices and whole scans. */
export const styleGanMethod: Method<StarganModel> = {
  name: 'style-gan',
  title: 'style-encoding GAN',
  summary: 'makes slices again in the style that it reads from other scans, and learns without sites',
  references: [references.liu2021, references.choi2020],
  quick: false,
  model: styleGanKind,
  harmonizers: { images: starganHarmonizers('one') },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method style-gan --out MODEL',
      'concord harmonize BIDS --method style-gan --model MODEL --target SITE --out OUT',
      'concord harmonize BIDS --method style-gan --model MODEL --like sub-01 --out OUT',
    ],
  },
};
