import { references } from '../data/references';
import type { StarganModel } from '../stargan/stargan-model';
import type { Method, ModelKind, SliceMethod } from './method';
import type { ScansPart, TrainingPart } from './method-command';
import { imagesOfSizes } from './site-networks';
import {
  starganHarmonizers,
  starganKind,
  starganScans,
  starganSlices,
  starganTraining,
} from './stargan-networks';

const starganV2Kind: ModelKind<StarganModel> = starganKind('sites');

const slices: SliceMethod<StarganModel> = starganSlices;

const scans: ScansPart<StarganModel> = starganScans('stargan-v2');

const train: TrainingPart<StarganModel> = starganTraining('sites', imagesOfSizes);

/** StarGAN v2 with a domain for each site, on slices and whole scans. */
export const starganV2Method: Method<StarganModel> = {
  name: 'stargan-v2',
  title: 'StarGAN v2',
  summary: 'makes slices again in the style of another site, drawn or read from its scans',
  references: [references.choi2020],
  quick: false,
  model: starganV2Kind,
  harmonizers: { images: starganHarmonizers('sites') },
  slices,
  command: {
    scans,
    train,
    examples: [
      'concord train BIDS --method stargan-v2 --out MODEL',
      'concord harmonize BIDS --method stargan-v2 --model MODEL --target SITE --out OUT',
      'concord harmonize BIDS --method stargan-v2 --model MODEL --like sub-01 --out OUT',
    ],
  },
};
