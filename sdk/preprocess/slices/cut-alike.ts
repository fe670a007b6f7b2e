import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { makeImageCohort } from '../../data/cohort';
import type { Plane } from '../../data/images/image-set';
import type { Issue } from '../../data/issue';
import { isIssue } from '../../data/issue';
import { takeParticipants } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { unusableScan } from '../../data/images/unusable-scan';
import type { Grid, Volume } from '../../data/images/volume';
import { sameGrid } from '../../data/images/volume';
import { compareScanMarks } from '../../math/images/unlike-scans';
import { ConcordError } from '../../errors';
import { applyMask } from '../apply-mask';
import { growingImages } from '../growing-images';
import { maskBox } from '../../data/images/mask-box';
import { reorient } from '../reorient';
import { resampleInPlane } from '../resample-in-plane';
import { chooseSlices, planeAxis } from '../../data/images/slice-positions';
import { personOf } from '../../data/images/scan';
import { toSlices } from './to-slices';
import { nonZeroMask } from '../../math/images/non-zero-mask';
import { noScanCut } from '../to-images';

/** How scans are cut into the same slices. */
export interface AlikeSlicesOptions {
  /** @defaultValue `'axial'` */
  readonly plane?: Plane;
  /** How many slices of each scan, evenly spread over the middle of the brain. @defaultValue 5 */
  readonly count?: number;
  /** The part of the brain that is cut, as fractions of its extent. @defaultValue `[0.35, 0.65]` */
  readonly between?: readonly [from: number, to: number];
  /** Rows and columns of the slices. @defaultValue 64 */
  readonly size?: number;
  /** In mm. @defaultValue what makes the brain of the first scan fill the slices */
  readonly pixelSize?: number;
}

/** Options of {@link cutAlike}. */
export interface CutAlikeOptions extends AlikeSlicesOptions, RunOptions {}

/** Slices of the same places of the same scans. */
export interface AlikeSlices {
  readonly before: ImageCohort;
  readonly after: ImageCohort;
}

/**
 * Cuts the scans of two cohorts, which are the same scans in the same order, into the same slices: at the same
 * positions, in the mask of the scan before (where it has none, in what is not 0), with 0 outside. One pair of scans is
 * open at a time. Where all scans are on the grid of the first they are cut at its positions, so that slices show the
 * same place of everybody; else each at its own. The middle of the slices is that of the grid, or, where the brain would not be
 * on them, and on other grids, that of each brain. A pair of which one cannot be read is left out with an issue.
 *
 * @throws ConcordError `different-grids` when a scan has another grid after than before; `too-little-data` when no pair
 * is left; `invalid-option`, `aborted`.
 */
export async function cutAlike(
  before: VolumeCohort,
  after: VolumeCohort,
  options: CutAlikeOptions = {},
): Promise<AlikeSlices> {
  const { signal } = options;
  const cut = growingImages(before.scans.length);
  const other = growingImages(before.scans.length);
  const report = progressReporter('cutting slices', before.scans.length, options);
  const rows: number[] = [];
  const comparison = compareScanMarks(before);
  const issues: Issue[] = [];
  let first: FirstScan | undefined;
  for (const [row, scan] of before.scans.entries()) {
    await breathe(signal);
    const pair = await openPair([before, after], row, { signal });
    if (isIssue(pair)) {
      issues.push(pair);
      continue;
    }
    requireOneGrid(scan.id, pair);
    const [one, two] = pair;
    try {
      const masked = one.mask === undefined ? nonZeroMask(one) : one;
      first ??= firstScan(masked, options);
      const plan = first;
      const slicesOf = (volume: Volume): ReturnType<typeof toSlices> =>
        cutOne({ ...volume, mask: masked.mask }, { scan: scan.id, first: plan, options });
      const own = slicesOf(one);
      const theirs = slicesOf(two);
      cut.add(own);
      other.add(theirs);
      rows.push(row);
      comparison.look(one, row);
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code === 'aborted' || error.code === 'invalid-option')
        throw error;
      issues.push(unusableScan(scan, error));
    }
    report(row + 1);
  }
  if (rows.length === 0) throw noScanCut(before, issues);
  const { plane = 'axial', count = 5, size = 64 } = options;
  const step = provenanceStep('cutAlike', { plane, count, size, pixelSize: first?.pixelSize });
  const made = (cohort: VolumeCohort, images: ReturnType<typeof toSlices>): ImageCohort =>
    makeImageCohort(takeParticipants(before.participants, rows), images, {
      subjects: rows.map((at) => personOf(before.scans[at])),
      suffixes: rows.map((at) => cohort.scans[at].suffix ?? ''),
      provenance: [...cohort.provenance, step],
      issues: cohort.issues,
    });
  const cutBefore = made(before, cut.finish());
  return {
    before: { ...cutBefore, issues: [...cutBefore.issues, ...issues, ...comparison.issues()] },
    after: made(after, other.finish()),
  };
}

/** What the first scan decides for all. */
interface FirstScan {
  readonly grid: Grid;
  readonly pixelSize: number;
  /** What is in the middle of slices on its grid: the grid, so that pixels show the same place, where its brain is on them then. */
  readonly center: 'grid' | 'mask';
  /** The slices, on its grid after resampling. */
  readonly indices: readonly number[];
}

function firstScan(volume: Volume, options: CutAlikeOptions): FirstScan {
  const { plane = 'axial', size = 64 } = options;
  const source = reorient(volume);
  const { from, to } = maskBox(source.mask ?? new Uint8Array(0), source.shape);
  const axis = planeAxis(plane);
  // Slices are cut around the middle of the grid: what counts is how far the brain reaches from there.
  const reach = ([0, 1, 2] as const)
    .filter((other) => other !== axis)
    .map((other) => {
      const middle = source.shape[other] / 2;
      return Math.max(middle - from[other], to[other] - middle) * source.spacing[other];
    });
  // A tenth more, since other brains are larger.
  const pixelSize = options.pixelSize ?? (1.1 * 2 * Math.max(...reach)) / size;
  const fitting = reorient(resampleInPlane(volume, { plane, pixelSize: [pixelSize, pixelSize] }));
  // Pixels of a size that is given may end before the brain does. Of a rim of one pixel nothing hangs.
  const center = 2 * Math.max(...reach) > (size + 2) * pixelSize ? 'mask' : 'grid';
  return { grid: volume, pixelSize, center, indices: indicesOf(fitting, options) };
}

function indicesOf(
  volume: Volume,
  { plane = 'axial', count = 5, between = [0.35, 0.65] }: CutAlikeOptions,
): readonly number[] {
  return chooseSlices(volume, plane, { at: { count, from: between[0], to: between[1] } });
}

function cutOne(
  volume: Volume,
  {
    scan,
    first,
    options,
  }: { readonly scan: string; readonly first: FirstScan; readonly options: CutAlikeOptions },
): ReturnType<typeof toSlices> {
  const { plane = 'axial', size = 64 } = options;
  const { pixelSize, grid, center, indices } = first;
  // Masked first, what is interpolated at the rim would be half brain and half 0, and inside of the mask.
  const fitting = applyMask(resampleInPlane(volume, { plane, pixelSize: [pixelSize, pixelSize] }));
  const alike = sameGrid(volume, grid);
  const at = { indices: alike ? indices : indicesOf(reorient(fitting), options) };
  return toSlices(fitting, { scan, plane, at, size, fill: 0, center: alike ? center : 'mask' });
}

async function openPair(
  cohorts: readonly [VolumeCohort, VolumeCohort],
  row: number,
  run: RunOptions,
): Promise<readonly [Volume, Volume] | Issue> {
  const pair: Volume[] = [];
  for (const cohort of cohorts) {
    const scan = cohort.scans[row];
    try {
      pair.push(await scan.open(run));
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code === 'aborted') throw error;
      return unusableScan(scan, error);
    }
  }
  return [pair[0], pair[1]];
}

function requireOneGrid(id: string, [before, after]: readonly [Volume, Volume]): void {
  if (sameGrid(before, after)) return;
  const about = ({ shape, spacing }: Volume): string =>
    `${shape.join(' × ')} voxels of ${spacing.map((mm) => Number(mm.toFixed(3))).join(' × ')} mm`;
  throw new ConcordError(
    'different-grids',
    `${id} is on another grid after (${about(after)}) than before (${about(before)}), or elsewhere in space`,
    {
      where: { subject: id },
      remedy: ['audit against the scans that were harmonized, resampled to the grid of the results'],
    },
  );
}
