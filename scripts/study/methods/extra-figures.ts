// Figures beside those of a comparison: distances over all sites, depression, tissue volumes, sharpness.
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { comparedMask, inMask, inMaskOf } from '../../../sdk/evaluate/images-audit/common-mask';
import { standardizedScans } from '../../../sdk/evaluate/images-audit/standardize';
import { ofSite, rowsWhere, runOf } from '../cohorts';
import type { Ground } from './grounds';
import type { ExtraFigure, Value } from './study-types';

/** What is the same whichever method is judged. */
export interface RawExtras {
  readonly sharpness: number;
  /** Of raw scans at the target, persons as they are there. */
  readonly targetSharpness: number;
  readonly depression?: Value;
  /** A second raw scan at the target beside the first, in %. */
  readonly repeatedVolumes?: number;
}

/** What a comparison of raw scans with others needs once. */
export async function rawExtras({ judged, truth, target }: Ground, seed: number): Promise<RawExtras> {
  const raw = inCommon(judged, judged);
  return {
    sharpness: meanSharpness(raw),
    targetSharpness: meanSharpness(ofSite(raw, target)),
    depression: await depression(raw, seed),
    repeatedVolumes: truth === undefined ? undefined : await repeated(inCommon(truth, judged), target),
  };
}

/** The figures of one method. */
export async function extraFigures(
  after: ImageCohort,
  { judged, target }: Ground,
  { before, seed }: { readonly before: RawExtras; readonly seed: number },
): Promise<readonly ExtraFigure[]> {
  const raw = inCommon(judged, judged);
  const made = inCommon(after, judged);
  const diagnosis = await depression(made, seed);
  const volumes = await volumeChange(raw, made);
  const apart = await concord.metrics.imageDistanceCorrelation(
    standardizedScans(atOneSite(raw)),
    standardizedScans(atOneSite(made)),
  );
  return [
    {
      id: 'person/distances-of-all',
      name: 'distances between participants, over all sites',
      quantity: 'correlation with raw',
      value: { estimate: apart.mean },
    },
    ...(diagnosis === undefined
      ? []
      : [
          {
            id: 'biology/depression/auc',
            name: 'depression by ridge regression on pixels, within the site of the patients',
            quantity: 'AUC',
            raw: before.depression,
            value: diagnosis,
            floor: { label: 'by chance', value: 0.5 },
          },
        ]),
    {
      id: 'anatomy/volumes',
      name: 'volumes of fluid, gray and white matter in four regions',
      quantity: 'change from raw',
      unit: '%',
      value: { estimate: volumes },
      floor:
        before.repeatedVolumes === undefined
          ? undefined
          : { label: `of a second raw scan at ${target}`, value: before.repeatedVolumes },
    },
    {
      id: 'image/sharpness',
      name: 'sharpness',
      quantity: 'derivatives, in standard deviations per pixel',
      raw: { estimate: before.sharpness },
      value: { estimate: meanSharpness(made) },
      floor: { label: `of raw scans at ${target}`, value: before.targetSharpness },
    },
  ];
}

/** The scans in the mask that the judged ones have in common, 0 outside. */
function inCommon(cohort: ImageCohort, judged: ImageCohort): ImageCohort {
  return inMaskOf(inMask(judged, comparedMask(judged, 'common')), cohort);
}

function meanSharpness({ images }: ImageCohort): number {
  const { data, mask, shape } = images;
  const [count, height, width] = shape;
  const size = height * width;
  const found = Array.from({ length: count }, (_, i) =>
    concord.metrics.sharpness({
      image: data.subarray(i * size, (i + 1) * size),
      mask: mask?.subarray(i * size, (i + 1) * size),
      shape: [width, height],
    }),
  ).filter((value) => !Number.isNaN(value));
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

/** In the quarters of the mask: left and right, front and back of its middle. */
async function volumeChange(before: ImageCohort, after: ImageCohort): Promise<number> {
  const { mask, shape } = before.images;
  const [count, height, width] = shape;
  const perScan = (count / before.participants.ids.length) * height * width;
  const quarters = quartersOf(mask?.subarray(0, perScan) ?? new Uint8Array(perScan).fill(1), [height, width]);
  const names = ['left front', 'right front', 'left back', 'right back'];
  const { mean } = await concord.metrics.tissueVolumeChange(before, after, {
    labels: { names, of: () => quarters },
  });
  return mean;
}

function quartersOf(mask: Uint8Array, [height, width]: readonly [height: number, width: number]): Uint8Array {
  let [rows, columns, inside] = [0, 0, 0];
  mask.forEach((value, i) => {
    if (value === 0) return;
    inside++;
    rows += Math.floor(i / width) % height;
    columns += i % width;
  });
  return mask.map((value, i) => {
    if (value === 0) return 0;
    const back = Number(Math.floor(i / width) % height > rows / inside);
    return 1 + 2 * back + Number(i % width > columns / inside);
  });
}

async function repeated(truth: ImageCohort, target: string): Promise<number | undefined> {
  const there = ofSite(truth, target);
  const [first, second] = ['1', '2'].map((run) => runOf(there, run));
  if (first.participants.ids.length === 0 || second.participants.ids.length === 0) return undefined;
  // The same ids for the same persons, so that the repeated scan takes the place of a harmonized one.
  const participants = first.participants;
  const slices = second.images.slices.map((slice, i) => ({ ...slice, scan: first.images.slices[i].scan }));
  const { data, shape, mask } = second.images;
  const images = concord.makeImageSet(data, shape, { slices, mask });
  return volumeChange(first, concord.makeImageCohort(participants, images));
}

/** The area under the curve of what pixels say of the diagnosis, where there is one, within the one site that has it. */
async function depression(cohort: ImageCohort, seed: number): Promise<Value | undefined> {
  const found = cohort.participants.covariates.find(({ name }) => name === 'depression');
  if (found?.kind !== 'categorical') return undefined;
  const known = rowsWhere(cohort, (row) => found.codes[row] >= 0);
  const { value } = await concord.metrics.imageProbe(known, {
    target: 'depression',
    seeds: [seed, seed + 1, seed + 2],
    predictor: 'pixels',
  });
  const { estimate, low, high } = value;
  return { estimate, interval: { low, high } };
}

/** The cohort as if all scans were from one site. */
function atOneSite(cohort: ImageCohort): ImageCohort {
  const { participants } = cohort;
  return { ...cohort, participants: { ...participants, sites: participants.sites.map(() => 'all') } };
}
