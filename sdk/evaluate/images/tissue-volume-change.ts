import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';
import { fuzzyCenters } from '../../math/images/fuzzy-c-means';
import { joinArrays } from '../../math/join-arrays';
import type { ScanPicture } from './image-source';
import { pictureSource } from './image-source';
import type { TissueLabels } from './tissue-labels';
import { labelsOfScan, wholeMask } from './tissue-labels';

/** The classes of intensity, darkest first: in T1w fluid, gray and white matter. */
const classes = ['dark', 'middle', 'bright'] as const;

/** Options of {@link tissueVolumeChange}. */
export interface TissueVolumeChangeOptions extends RunOptions {
  /** Regions in which the volume of each class is measured. @defaultValue the brain mask alone */
  readonly labels?: TissueLabels;
}

/** How much the volume of one class of intensity in one region changed. */
export interface PartVolumeChange {
  readonly region: string;
  readonly tissue: 'dark' | 'middle' | 'bright';
  /** Absolute difference in % of the volume before, mean over scans; `NaN` where no scan had any. */
  readonly change: number;
}

/** How much tissue volumes changed. */
export interface TissueVolumeChange {
  readonly kind: 'tissue-volume-change';
  /** The mean over the parts that a scan has, scan by scan, in %. */
  readonly scans: readonly { readonly scan: string; readonly subject: string; readonly change: number }[];
  readonly parts: readonly PartVolumeChange[];
  /** The mean over the scans, in %. */
  readonly mean: number;
  readonly issues: readonly Issue[];
}

/**
 * How much harmonization changes the volumes of tissue: each scan is sorted into three classes of intensity, dark,
 * middle and bright, before and after, each voxel in its mask to the nearest center of a fuzzy c-means of that scan, and
 * the voxels of each class are counted in each region. The difference is taken without its sign, in % of the volume
 * before. Classes follow the scan's own intensities, so a change of brightness and contrast alone changes nothing.
 *
 * @param after - the scans of `before`, in the same order, on the same grids; masks are those of `before`
 * @throws ConcordError `different-grids` when scans do not correspond, or labels do not fit; `aborted`.
 */
export async function tissueVolumeChange(
  before: VolumeCohort | ImageCohort,
  after: VolumeCohort | ImageCohort,
  options: TissueVolumeChangeOptions = {},
): Promise<TissueVolumeChange> {
  requireCall('metrics.tissueVolumeChange', { before, after, options });
  const { labels, signal } = options;
  const { ids } = before.participants;
  const [one, other] = [pictureSource(before), pictureSource(after)];
  const report = progressReporter('measuring tissue', ids.length, options);
  const issues: Issue[] = [];
  const found: { readonly scan: string; readonly subject: string; readonly parts: readonly number[] }[] = [];
  for (const [row, scan] of ids.entries()) {
    await breathe(signal);
    if (after.participants.ids[row] !== scan) throw notTheSame(scan);
    const pair = [await one.pictures(row, { signal }), await other.pictures(row, { signal })] as const;
    const regions = await labelsOfScan(scan, pair[0], labels);
    try {
      found.push({ scan, subject: one.subjects[row], parts: changeOf(scan, pair, { regions, labels }) });
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code !== 'too-little-data') throw error;
      issues.push(
        makeIssue('figure-not-available', `${scan} has no tissue: ${error.problem}`, { subject: scan }),
      );
    }
    report(row + 1);
  }
  const scans = found.map(({ scan, subject, parts }) => ({ scan, subject, change: known(parts) }));
  const parts = (labels?.names ?? wholeMask).flatMap((region, at) =>
    classes.map((tissue, code): PartVolumeChange => {
      return { region, tissue, change: known(found.map((own) => own.parts[at * classes.length + code])) };
    }),
  );
  return {
    kind: 'tissue-volume-change',
    scans,
    parts,
    mean: known(scans.map(({ change }) => change)),
    issues,
  };
}

interface Regions {
  readonly labels: TissueLabels | undefined;
  /** The label of every voxel of the scan. */
  readonly regions: Uint8Array | undefined;
}

/** The change of each class in each region, in %; `NaN` for what was not there before. */
function changeOf(
  scan: string,
  [before, after]: readonly [readonly ScanPicture[], readonly ScanPicture[]],
  { labels, regions }: Regions,
): readonly number[] {
  const [first, second] = [before, after].map((pictures) => joinArrays(pictures.map(({ values }) => values)));
  if (first.length !== second.length) throw notTheSame(scan);
  const mask = before.flatMap(({ values, mask: own }) => Array.from(own ?? values, Number));
  const inside = Array.from(first.keys()).filter((i) => mask[i] !== 0);
  const count = (labels?.names ?? wholeMask).length;
  const [old, now] = [first, second].map((values) => {
    const volumes = new Float64Array(count * classes.length);
    const codes = sorted(inside.map((i) => values[i]));
    inside.forEach((i, k) => {
      const region = regions === undefined ? 1 : regions[i];
      if (region > 0) volumes[(region - 1) * classes.length + codes[k]]++;
    });
    return volumes;
  });
  return Array.from(old, (volume, part) =>
    volume === 0 ? NaN : (100 * Math.abs(now[part] - volume)) / volume,
  );
}

/** The class of each value: that of the nearest center. */
function sorted(values: readonly number[]): Uint8Array {
  const [dark, middle, bright] = fuzzyCenters(values, { classes: classes.length }).centers;
  return Uint8Array.from(
    values,
    (value) => Number(value > (dark + middle) / 2) + Number(value > (middle + bright) / 2),
  );
}

/** The mean of what is known. */
function known(values: readonly number[]): number {
  const some = values.filter((value) => !Number.isNaN(value));
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}

function notTheSame(scan: string): ConcordError {
  return new ConcordError(
    'different-grids',
    `scans do not correspond at ${scan} (the same scans, in the same order, on the same grids, are required)`,
    { where: { subject: scan } },
  );
}
