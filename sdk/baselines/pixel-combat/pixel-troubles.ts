import { median } from 'simple-statistics';
import type { ImageCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { BrainPixels } from './aligned-pixels';

/** A pixel was bright above this share of the median of its scan's brain, and is dark below that share. */
const bright = 0.5;
const dark = 0.1;
/** So many of a thousand pixels may turn dark without a word: vessels and fluid move that much between brains. */
const perThousand = 1;

/** What became of the pixels of one scan. */
interface Tally {
  readonly id: string;
  readonly pixels: number;
  readonly unknown: number;
  readonly negative: number;
  readonly darkened: number;
  /** Of those that turned dark, at the rim of the brain. */
  readonly atRim: number;
}

/**
 * What pixelwise ComBat is known to do to images, counted: a rim that it does not know and leaves as it was, holes of values
 * below 0, and a black rim where brains overlap badly.
 *
 * @param after - the images after, as long as those before
 * @param context.known - the column of each place, −1 where the model has none
 */
export function pixelTroubles(
  cohort: ImageCohort,
  after: Float32Array,
  context: { readonly pixels: readonly BrainPixels[]; readonly known: Int32Array },
): readonly Issue[] {
  const tallies = context.pixels.map((pixels, row) =>
    tally(cohort, after, { pixels, row, known: context.known }),
  );
  return [...rawRim(tallies), ...holes(tallies), ...darkened(tallies)];
}

function tally(
  { participants, images }: ImageCohort,
  after: Float32Array,
  { pixels, row, known }: { readonly pixels: BrainPixels; readonly row: number; readonly known: Int32Array },
): Tally {
  const before = images.data;
  const middle = pixels.at.length === 0 ? 0 : median(Array.from(pixels.at, (at) => before[at]));
  const counts = { unknown: 0, negative: 0, darkened: 0, atRim: 0 };
  for (let i = 0; i < pixels.at.length; i++) {
    const at = pixels.at[i];
    if (known[pixels.places[i]] === -1) counts.unknown++;
    if (after[at] < 0 && before[at] >= 0) counts.negative++;
    if (!(before[at] > bright * middle && after[at] < dark * middle)) continue;
    counts.darkened++;
    if (isAtRim(images, at)) counts.atRim++;
  }
  return { id: participants.ids[row], pixels: pixels.at.length, ...counts };
}

/** Whether one of the four neighbors of a pixel is outside of the brain. */
function isAtRim({ data, mask, shape }: ImageCohort['images'], at: number): boolean {
  const [, height, width] = shape;
  const inside = mask ?? data;
  const column = at % width;
  const row = Math.floor(at / width) % height;
  return (
    row === 0 ||
    row === height - 1 ||
    column === 0 ||
    column === width - 1 ||
    [at - width, at + width, at - 1, at + 1].some((next) => inside[next] === 0)
  );
}

function rawRim(tallies: readonly Tally[]): readonly Issue[] {
  const unknown = sum(tallies, 'unknown');
  const all = sum(tallies, 'pixels');
  if (unknown === 0) return [];
  const worst = most(tallies, 'unknown');
  return [
    makeIssue(
      'pixels-left',
      `${percent(unknown / all)} of the pixels in masks are outside of what the scans of all sites have in common, and stay as they were (most in "${worst.id}": ${percent(worst.unknown / worst.pixels)})`,
      { subject: worst.id },
    ),
  ];
}

function holes(tallies: readonly Tally[]): readonly Issue[] {
  const found = tallies.filter(({ negative }) => negative > 0);
  if (found.length === 0) return [];
  const worst = most(found, 'negative');
  return [
    makeIssue(
      'pixel-holes',
      `${sum(found, 'negative')} pixels of ${counted(found)} fell below 0, where they were not before (most in "${worst.id}": ${percent(worst.negative / worst.pixels)} of its brain)`,
      { subject: worst.id },
    ),
  ];
}

function darkened(tallies: readonly Tally[]): readonly Issue[] {
  const found = tallies.filter((one) => 1000 * one.darkened > perThousand * one.pixels);
  if (found.length === 0) return [];
  const worst = most(found, 'darkened');
  const all = sum(found, 'darkened');
  const atRim = sum(found, 'atRim');
  return [
    makeIssue(
      'pixel-holes',
      `${all} bright pixels of ${counted(found)} became dark, ${percent(atRim / all)} of them at the rim of the brain (most in "${worst.id}": ${percent(worst.darkened / worst.pixels)} of its brain)`,
      { subject: worst.id },
    ),
  ];
}

function sum(tallies: readonly Tally[], count: Exclude<keyof Tally, 'id'>): number {
  return tallies.reduce((total, one) => total + one[count], 0);
}

/** The scan with the largest share of its pixels. */
function most(tallies: readonly Tally[], count: Exclude<keyof Tally, 'id'>): Tally {
  return tallies.reduce((worst, one) =>
    one[count] / one.pixels > worst[count] / worst.pixels ? one : worst,
  );
}

function counted(found: readonly Tally[]): string {
  return found.length === 1
    ? '1 scan'
    : `${found.length} scans (${listNames(
        found.map(({ id }) => id),
        3,
      )})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;
}
