// A simple segmentation of phantoms compared with the tissue they were made of.
import type { ImageCohort, SliceCohortTruth } from 'concord-mri';
import * as concord from 'concord-mri';
import { fuzzyCMeans } from '../../sdk/math/images/fuzzy-c-means';

const tissues = ['CSF', 'gray', 'white'] as const;

/** Agreement by tissue. */
type ByTissue = Readonly<Record<(typeof tissues)[number], number>>;

/**
 * Segments every scan into three classes of intensity (dark, middle, bright as in T1w) in its mask.
 *
 * @returns the mean Dice overlap with the tissue that truly makes up most of each pixel, and the coefficient of
 * variation of a person's volumes over sites, mean over people
 */
export function tissueAgreement(
  cohort: ImageCohort,
  truth: SliceCohortTruth,
): { readonly dice: ByTissue; readonly volumes: ByTissue } {
  const { images, participants, subjects } = cohort;
  const { data, mask, shape } = images;
  const perScan = data.length / participants.ids.length;
  const overlaps = tissues.map(() => [] as number[]);
  const volumes = tissues.map(() => new Map<string, number[]>());
  for (const row of participants.ids.keys()) {
    const from = row * perScan;
    const inside = Array.from({ length: perScan }, (_, i) => i).filter((i) => mask?.[from + i] !== 0);
    const { memberships } = fuzzyCMeans(inside.map((i) => data[from + i]));
    const found = new Uint8Array(inside.length);
    found.forEach((_, k) => {
      const shares = [0, 1, 2].map((tissue) => memberships[3 * k + tissue]);
      found[k] = shares.indexOf(Math.max(...shares));
    });
    const real = trueTissues(truth, subjects[row], shape[1] * shape[2]);
    tissues.forEach((_, tissue) => {
      const here = Uint8Array.from(found, (label) => Number(label === tissue));
      const there = Uint8Array.from(inside, (i) => Number(real[i] === tissue));
      overlaps[tissue].push(concord.metrics.diceOverlap(here, there));
      const own = volumes[tissue].get(subjects[row]) ?? [];
      volumes[tissue].set(subjects[row], [...own, here.reduce((sum, value) => sum + value, 0)]);
    });
  }
  const named = (value: (tissue: number) => number): ByTissue => {
    return { CSF: value(0), gray: value(1), white: value(2) };
  };
  return {
    dice: named((tissue) => mean(overlaps[tissue])),
    volumes: named((tissue) => mean([...volumes[tissue].values()].map(variation))),
  };
}

/** The tissue that is most of each pixel, slice after slice: 0 CSF, 1 gray (deep gray too), 2 white matter. */
function trueTissues(truth: SliceCohortTruth, subject: string, pixels: number): Uint8Array {
  const person = truth.people.find((one) => one.subject === subject);
  if (person === undefined) throw new Error(`nobody is called ${subject}`);
  const slices = truth.tissues(person);
  const labels = new Uint8Array(slices.length * pixels);
  slices.forEach(({ fractions }, slice) => {
    for (let i = 0; i < pixels; i++) {
      const { csf, grayMatter, whiteMatter, deepGray } = fractions;
      const shares = [csf?.[i] ?? 0, (grayMatter?.[i] ?? 0) + (deepGray?.[i] ?? 0), whiteMatter?.[i] ?? 0];
      labels[slice * pixels + i] = shares.indexOf(Math.max(...shares));
    }
  });
  return labels;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1)) / middle;
}
