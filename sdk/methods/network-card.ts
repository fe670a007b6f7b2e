import type { Provenance } from '../data/provenance';
import type { TrainingRecord } from '../data/networks/training-record';
import type { Tree, WeightArray } from '../data/networks/weights';
import type { LearnedInput } from '../nn/input/learned-input';
import { learnedFrom } from '../nn/input/take-in';
import { countParameters } from '../nn/weight-trees';
import type { ModelCard, SliceInput } from './method';
import { counted } from '../data/counted';

/** What every trained network has, to make facts of. */
export interface TrainedNetwork {
  readonly weights: Tree<WeightArray>;
  readonly training: TrainingRecord;
  readonly heldOut: readonly string[];
  /** What it learned from; missing in models of earlier versions. */
  readonly learned?: LearnedInput;
  readonly provenance: Provenance;
}

/** What a network learned from, in a line: `720 digital people, no real ones: T1w, axial slices, raw intensities`. */
export function learnedInWords(learned: LearnedInput): string {
  const { geometry, kinds, normalization, masked } = learned;
  const suffixes = [...new Set(kinds.map(({ suffix }) => suffix))].filter((suffix) => suffix !== '');
  const parts = [
    suffixes.join(' and '),
    `${geometry.plane} slices with pixels of ${geometry.pixelSize.map((side) => Number(side.toPrecision(4))).join(' × ')} mm`,
    masked ? 'brains without their surroundings' : '',
    normalization.length === 0 ? 'raw intensities' : `intensities after ${normalization.join(', ')}`,
  ];
  return `${learnedFrom(learned)}: ${parts.filter((part) => part !== '').join(', ')}`;
}

/** What a model learned from, in a line, whatever its kind. */
export function learnedOf(model: object): string {
  const { learned } = model as Pick<TrainedNetwork, 'learned'>;
  return learned === undefined ? 'what it does not say' : learnedInWords(learned);
}

type Fact = ModelCard['facts'][number];

/** What no limit separates from good scans: `fixtures/guard.md` has what it does to results. */
const notNoticed: Fact = {
  label: 'not noticed',
  value:
    'smooth shading from bottom to top and mild curves of intensities (gamma 0.5 to 1.25) in scans given to it: ' +
    'N4 and Nyúl beforehand correct them',
};

/** Facts of a network: its size, and how it was trained and judged. */
export function networkFacts({ weights, training, heldOut, learned }: TrainedNetwork): readonly Fact[] {
  const { steps, batchSize, seed, backend, seconds, stopped } = training;
  const loss = validationLoss(training);
  const end = { finished: '', aborted: ' (canceled)', converged: ' (until it stopped improving)' }[stopped];
  return [
    { label: 'learned from', value: learned === undefined ? 'not recorded' : learnedInWords(learned) },
    ...(learned === undefined ? [] : [notNoticed]),
    { label: 'weights', value: countParameters(weights).toLocaleString('en-US') },
    {
      label: 'training',
      value: `${counted(steps, 'step')} of ${batchSize}${end}, seed ${seed}, ${duration(seconds)} on ${backend.device ?? backend.name}`,
    },
    {
      label: 'held out',
      value: `${counted(heldOut.length, 'participant')}${loss === undefined ? '' : `; loss on them ${loss.toPrecision(4)}`}`,
    },
  ];
}

/** What a network learned from, its size and the budget of its training; nothing of a model that is none. */
export function networkRecord(model: object): {
  readonly learned?: string;
  readonly parameters?: number;
  readonly training?: Pick<TrainingRecord, 'steps' | 'batchSize' | 'seed' | 'seconds'> & {
    readonly device: string;
  };
} {
  const { weights, training, learned } = model as Partial<TrainedNetwork>;
  if (weights === undefined || training === undefined) return {};
  const { steps, batchSize, seed, seconds, backend } = training;
  return {
    learned: learned === undefined ? undefined : learnedInWords(learned),
    parameters: countParameters(weights),
    training: { steps, batchSize, seed, seconds, device: backend.device ?? backend.name },
  };
}

/** The loss on what was held out, as last measured. */
function validationLoss({ history }: TrainingRecord): number | undefined {
  return history.flatMap(({ values }) => values['validation'] ?? []).at(-1);
}

/** The slices that a network was made for. */
export function imagesFact({ geometry, shape, suffixes }: SliceInput): Fact {
  const { plane, pixelSize } = geometry;
  const [rows, columns, channels] = shape;
  const what = suffixes.length === 0 ? '' : `${suffixes.join(' and ')}, `;
  const stack = channels === 1 ? '' : `, ${channels} neighbors at a time`;
  const mm = pixelSize.map((side) => Number(side.toPrecision(4))).join(' × ');
  return {
    label: 'images',
    value: `${what}${plane} slices of ${rows} × ${columns} pixels of ${mm} mm${stack}`,
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** What came of a training, in a line. */
export function trainingSummary({
  sites,
  training,
  heldOut,
}: Pick<TrainedNetwork, 'training' | 'heldOut'> & { readonly sites: readonly string[] }): string {
  const judged = validationLoss(training);
  const loss =
    judged === undefined ? '' : `, loss on ${counted(heldOut.length, 'scan')} held out ${judged.toFixed(4)}`;
  return `${counted(sites.length, 'site')} (${sites.join(', ')}): ${counted(training.steps, 'step')}${loss}`;
}
