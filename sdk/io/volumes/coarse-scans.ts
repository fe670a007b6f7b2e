import { counted } from '../../data/counted';
import type { Triple } from '../../data/images/affine';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';

/** A scan with so many times the usual length of voxels has half of the detail in that direction, or less. */
const coarse = 2;

/** A scan by what its header says. */
export interface ScanGrid {
  readonly id: string;
  readonly site: string;
  /** What was measured: scans of one contrast are often thicker than those of another, and are not compared. */
  readonly suffix: string;
  /** Millimeters between neighboring voxels. */
  readonly spacing: Triple;
}

/**
 * Names scans whose voxels are much longer, in their longest direction, than those of the site with the finest scans of their
 * kind: thick slices among volumes. No change of intensities makes them alike.
 */
export function coarseScans(scans: readonly ScanGrid[]): readonly Issue[] {
  const kinds = new Set(scans.map(({ suffix }) => suffix));
  return [...kinds].flatMap((kind) => coarseOf(scans.filter(({ suffix }) => suffix === kind)));
}

function coarseOf(scans: readonly ScanGrid[]): readonly Issue[] {
  const sites = [...new Set(scans.map(({ site }) => site))];
  const usual = Math.min(
    ...sites.map((site) => lowerMedian(scans.filter((scan) => scan.site === site).map(longest))),
  );
  // Spacing is of 32-bit floats.
  const found = scans.filter((scan) => longest(scan) >= coarse * usual * (1 - 1e-5));
  if (found.length === 0) return [];
  const [first] = found;
  const fine = scans.find((scan) => longest(scan) <= usual * (1 + 1e-5)) ?? scans[0];
  const from = [...new Set(found.map(({ site }) => site))];
  const message =
    `${counted(found.length, 'scan')} of ${listNames(from, 5)} ${found.length === 1 ? 'is' : 'are'} much coarser than others: ` +
    `${listNames(
      found.map(({ id }) => id),
      5,
    )} (${first.id}: voxels of ${inWords(first)}, ${fine.id}: of ${inWords(fine)})`;
  return [makeIssue('coarse-scans', message, { subject: first.id })];
}

/** Of an even number the smaller of the two in the middle: between a fine and a coarse scan is no scan. */
function lowerMedian(lengths: readonly number[]): number {
  return [...lengths].sort((a, b) => a - b)[(lengths.length - 1) >> 1];
}

function longest({ spacing }: ScanGrid): number {
  return Math.max(...spacing);
}

function inWords({ spacing }: ScanGrid): string {
  return `${spacing.map((length) => Number(length.toPrecision(3))).join(' × ')} mm`;
}
