import type { VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { streamUncompared } from '../math/images/stream-volumes';
import { unusableScan } from '../data/images/unusable-scan';
import type { Volume } from '../data/images/volume';
import { sameGrid } from '../data/images/volume';
import { ConcordError } from '../errors';
import { beforeAfter } from '../plot/panels/before-after';
import { montage } from '../plot/panels/montage';
import type { ReportPicture } from './report-content';
import type { MeasuredScan } from './scan-quality';

/**
 * Scans drawn: the first of up to so many sites, and up to so many that stand out most. Each takes at most two
 * pictures.
 */
const firstOf = 4;
const worst = 2;

/** Pixels per millimeter: a row of four slices is as wide as a page. */
const scale = 1;

/** A scan that is drawn, and why. */
interface Chosen {
  readonly row: number;
  readonly why: string;
}

/**
 * The scans that are drawn: the first of up to four sites, spread over them all, then those with the most figures that
 * stand out.
 */
export function chooseScans(cohort: VolumeCohort, scans: readonly MeasuredScan[]): readonly Chosen[] {
  const sites = siteNames(cohort.participants);
  const spread = Array.from({ length: Math.min(firstOf, sites.length) }, (_, i) =>
    Math.floor((i * sites.length) / Math.min(firstOf, sites.length)),
  );
  const first = spread.map((at) => ({
    row: cohort.participants.sites.indexOf(sites[at]),
    why: 'the first scan of its site',
  }));
  const drawn = new Set(first.map(({ row }) => row));
  const apart = scans
    .filter(({ row, outlying }) => outlying.length > 0 && !drawn.has(row))
    .sort((a, b) => b.outlying.length - a.outlying.length || a.row - b.row)
    .slice(0, worst)
    .map(({ row, outlying }) => ({ row, why: `stands out by ${outlying.join(', ')}` }));
  return [...first, ...apart];
}

/**
 * Draws scans before and after, one scan in memory at a time: in one picture where they have the same grid, else in two.
 *
 * @returns the pictures, and an issue for each scan that can no longer be read
 * @throws ConcordError `aborted`.
 */
export async function drawChosen(
  before: VolumeCohort,
  after: VolumeCohort,
  { chosen, run }: { readonly chosen: readonly Chosen[]; readonly run: RunOptions },
): Promise<{ readonly pictures: readonly ReportPicture[]; readonly issues: readonly Issue[] }> {
  const pictures: ReportPicture[] = [];
  const unread: Issue[] = [];
  const rowOf = new Map(before.scans.map(({ id }, row) => [id, row]));
  const part = takeSubjects(
    after,
    chosen.map(({ row }) => row),
  );
  // A few of the scans that were measured and compared.
  const { issues } = await streamUncompared(
    part,
    async (volume, at, scan) => {
      const about = `${scan.id}, site ${part.participants.sites[at]}: ${chosen[at].why}`;
      const row = rowOf.get(scan.id);
      const source = row === undefined ? undefined : before.scans[row];
      try {
        const raw = source === undefined ? undefined : await source.open({ signal: run.signal });
        pictures.push(...picturesOf(raw, volume, { id: scan.id, about }));
      } catch (error) {
        if (source === undefined || !(error instanceof ConcordError) || error.code === 'aborted') throw error;
        unread.push(unusableScan(source, error));
      }
    },
    { ...run, label: 'drawing for the report' },
  );
  return { pictures, issues: [...issues.filter(({ code }) => code === 'unusable-scan'), ...unread] };
}

function picturesOf(
  before: Volume | undefined,
  after: Volume,
  { id, about }: { readonly id: string; readonly about: string },
): readonly ReportPicture[] {
  if (before === undefined) return [{ picture: montage(after, { title: id, scale }), caption: about }];
  if (sameGrid(before, after)) {
    return [
      {
        picture: beforeAfter(before, after, { windowing: 'each', title: id, scale }),
        caption: `${about}. The same slices before and after, each row in a window of its own, written beside it: compare shapes and contrast, not brightness.`,
      },
    ];
  }
  const own = { plane: 'axial', slices: 4, columns: 4, scale } as const;
  return [
    {
      picture: montage(before, { ...own, title: `${id}: as read` }),
      caption: `${about}. As it was read.`,
    },
    {
      picture: montage(after, { ...own, title: `${id}: as written` }),
      caption:
        'The same scan as it was written, on another grid: slices are spread over each image and need not show the same places.',
    },
  ];
}
