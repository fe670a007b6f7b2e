// Every kind of scan that the guard is tried on.
import type { Scan, Volume, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { fcmNormalize } from '../../../sdk/intensity/fcm-normalize';
import { kdeNormalize } from '../../../sdk/intensity/kde-normalize';
import { applyNyul, fitNyul } from '../../../sdk/intensity/nyul';
import { percentileScale } from '../../../sdk/intensity/percentile-scale';
import { whiteStripe } from '../../../sdk/intensity/white-stripe';
import { zScore } from '../../../sdk/intensity/z-score';
import { makeRandom } from '../../../sdk/math/random';
import type { PickSlices } from './measure';
import type { Halves } from './persons';
import { some } from './persons';
import type { Spoil } from './spoil';
import { rescaled, spoilt, unforeseen, unusual } from './spoil';
import { harmlessAnew, spoiltAnew } from './spoil-anew';
import { degrees } from './spoil-curves';

/** One kind of scan. */
export interface Case {
  readonly name: string;
  /** What should become of it: nothing or an issue; a refusal; or what the error of its result deserves. */
  readonly wanted: 'taken' | 'refused' | 'by degree';
  /** The scans that it is tried on: all persons, or some of the testing half. */
  readonly scans: readonly Scan[];
  readonly make: (brain: Volume, seed: number) => Volume | Promise<Volume>;
  readonly pick?: (seed: number) => PickSlices;
}

/** Of the testing half, but spoilt scans of it were seen while signs were added. */
const seenBefore = 'sub-HH130';

function sparse(seed: number): PickSlices {
  const random = makeRandom(seed);
  const count = 3 + Math.floor(7 * random.uniform());
  const step = 5 + Math.floor(16 * random.uniform());
  const first = -25 + Math.floor(50 * random.uniform());
  return (positions) => {
    const places = Array.from({ length: count }, (_, i) => first + step * i);
    const nearest = places.map((place) =>
      positions.reduce(
        (best, at, i) => (Math.abs(at - place) < Math.abs(positions[best] - place) ? i : best),
        0,
      ),
    );
    // Where the brain ends there is nothing to pick.
    return [...new Set(nearest)].filter((i) => places.some((place) => Math.abs(positions[i] - place) < 2));
  };
}

/** The kinds, on so many of the testing half where not on all. */
export async function allCases({ cohort, limits, test }: Halves, bad = 20): Promise<readonly Case[]> {
  const nyul = await fitNyul(concord.takeSubjects(cohort, rowsOf(cohort, some(limits, 12))));
  const everyone = cohort.scans;
  const few = some(
    test.filter(({ id }) => id !== seenBefore),
    bad,
  );
  const of = (
    spoils: Readonly<Record<string, Case['make']>>,
    wanted: Case['wanted'],
    scans: readonly Scan[],
  ): readonly Case[] => Object.entries(spoils).map(([name, make]) => ({ name, wanted, scans, make }));
  const normalized: Readonly<Record<string, Case['make']>> = {
    'z-scored (Concord)': (brain) => zScore(brain),
    'WhiteStripe’d': (brain) => whiteStripe(brain),
    'percentile-scaled': (brain) => percentileScale(brain),
    'Nyúl’d': (brain) => applyNyul(nyul, brain),
    'N4’d': (brain) => concord.volumes.correctBias(brain),
  };
  const { 'each slice to mean 0 and SD 1': slicewise, ...worse } = unforeseen;
  return [
    ...of({ 'as it is': (brain) => brain, ...normalized, ...rescaled }, 'taken', everyone),
    {
      name: '3 to 9 slices, far apart',
      wanted: 'taken',
      scans: everyone,
      make: (brain) => brain,
      pick: sparse,
    },
    ...of(
      { 'KDE-normalized': (brain) => kdeNormalize(brain), 'FCM-normalized': (brain) => fcmNormalize(brain) },
      'taken',
      few,
    ),
    ...of({ ...unusual, ...harmlessAnew }, 'taken', few),
    ...of({ 'each slice to mean 0 and SD 1': slicewise }, 'by degree', few),
    ...of(degrees, 'by degree', few),
    ...of({ ...spoilt, ...worse }, 'refused', few),
    ...of(spoiltAnew, 'refused', few),
    { name: 'mean of two persons', wanted: 'refused', scans: few, make: await mixture(few) },
    ...of({ 'without a mask': (brain) => ({ ...brain, mask: undefined }) }, 'refused', few),
  ];
}

async function mixture(scans: readonly Scan[]): Promise<Spoil> {
  const [first, second] = await Promise.all([scans[0].open(), scans[3].open()]);
  return (brain) => {
    const other = first.data.every((value, voxel) => value === brain.data[voxel]) ? second : first;
    const scale = (volume: Volume): number =>
      volume.data.reduce((sum, value) => sum + value, 0) / volume.data.filter((value) => value > 0).length;
    const ratio = scale(brain) / scale(other);
    const data = brain.data.map((value, voxel) => (value + ratio * other.data[voxel]) / 2);
    return { ...brain, data, mask: brain.mask?.map((value, voxel) => value | (other.mask?.[voxel] ?? 0)) };
  };
}

function rowsOf(cohort: VolumeCohort, scans: readonly Scan[]): readonly number[] {
  return scans.map((scan) => cohort.scans.indexOf(scan));
}
