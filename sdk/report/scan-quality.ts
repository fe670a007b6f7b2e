import type { VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { streamUncompared } from '../math/images/stream-volumes';
import type { Volume } from '../data/images/volume';
import { ConcordError } from '../errors';
import { scanMark } from '../math/images/scan-mark';
import { compareScanMarks } from '../math/images/unlike-scans';
import type { QualityFigures } from '../evaluate/quality/quality-figures';
import { qualityFigures } from '../evaluate/quality/quality-figures';
import { qualityOutliers } from '../evaluate/quality/quality-outliers';
import type { KeptMeasures, ScanMeasure } from './kept-measures';
import type { ReportTable } from './report-content';

/** One scan with the figures that stay what they are when its intensities are shifted or rescaled. */
export interface MeasuredScan {
  readonly row: number;
  readonly figures: QualityFigures;
  /** Names of the figures that stand out at its site. */
  readonly outlying: readonly string[];
}

/** What {@link measureScans} finds. */
export interface MeasuredScans {
  readonly scans: readonly MeasuredScan[];
  /** What was noticed while they were opened. */
  readonly issues: readonly Issue[];
  /** Which are unlike the others. */
  readonly unlike: readonly Issue[];
}

/** Figures stand out beyond so many robust deviations from the median of the site, as in `qualityReport`. */
const threshold = 3.5;

const names: Partial<Record<keyof QualityFigures, string>> = {
  maskVolume: 'mask volume',
  cutOff: 'cut off',
  cnr: 'contrast to noise',
};

/**
 * Measures scans that were written, one at a time. Only figures that a change of scale leaves alone are judged, since
 * normalized intensities have no zero: ratios such as SNR mean nothing there.
 *
 * @param kept - where measurements are kept: those that are there are not made again
 * @throws ConcordError `aborted`.
 */
export async function measureScans(
  cohort: VolumeCohort,
  run: RunOptions,
  kept?: KeptMeasures,
): Promise<MeasuredScans> {
  const measures = new Map<number, ScanMeasure>();
  const comparison = compareScanMarks(cohort);
  for (const [row, scan] of cohort.scans.entries()) {
    const found = await kept?.find(scan);
    if (found !== undefined) measures.set(row, found);
  }
  const missing = cohort.scans.flatMap((_, row) => (measures.has(row) ? [] : [row]));
  // Below they are compared with those that were measured before.
  const { issuesByRow } = await streamUncompared(
    takeSubjects(cohort, missing),
    async (volume, at, scan) => {
      const figures = judged(volume, scan.suffix ?? 'T1w');
      const measure = { figures, mark: scanMark(volume), issues: volume.issues };
      await kept?.keep(scan, measure);
      measures.set(missing[at], measure);
    },
    { ...run, label: 'measuring results' },
  );
  const rows = [...measures.keys()].sort((a, b) => a - b);
  const figures = rows.flatMap((row) => measures.get(row)?.figures ?? []);
  const kinds = kindsOf(
    cohort,
    rows.map((row) => ({ row })),
  );
  const outliers = qualityOutliers(figures, kinds, threshold);
  const scans = rows.map((row, at) => ({
    row,
    figures: figures[at],
    outlying: outliers.filter((one) => one.row === at).map(({ figure }) => names[figure] ?? figure),
  }));
  const issues = cohort.scans.flatMap(
    (_, row) => measures.get(row)?.issues ?? issuesByRow?.[missing.indexOf(row)] ?? [],
  );
  for (const row of rows) comparison.recall(measures.get(row)?.mark, row);
  return { scans, issues, unlike: comparison.issues() };
}

/** Scans are compared with those of the same site and contrast. */
function kindsOf(cohort: VolumeCohort, scans: readonly Pick<MeasuredScan, 'row'>[]): readonly string[] {
  return scans.map(({ row }) =>
    JSON.stringify([cohort.participants.sites[row], cohort.scans[row].suffix ?? 'T1w']),
  );
}

function verdict(apart: number, all: number): string {
  return apart === 0 ? 'No scan stands out' : `${apart} of ${all} scans stand out, and come first`;
}

/** Says how many scans are of sites with too few to say what is usual there. */
function notCompared(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const few = kinds.filter((kind) => (counts.get(kind) ?? 0) < 3).length;
  if (few === 0) return '';
  const which =
    few === kinds.length ? 'but all are' : `${few} of ${kinds.length} ${few === 1 ? 'is' : 'are'}`;
  return ` (${which} of sites with fewer than three, and compared with no other)`;
}

/** The figures of a scan; those that are not judged are left empty. */
function judged(volume: Volume, suffix: string): QualityFigures {
  const { maskVolume, cutOff, cnr } = measured(volume, suffix);
  return {
    maskVolume,
    cutOff,
    cnr,
    whitePeak: null,
    grayPeak: null,
    contrast: null,
    snrWhite: null,
    snrGray: null,
    snrFluid: null,
    airSd: 0,
    entropyFocus: 0,
  };
}

/** Tissues cannot be found in every scan; the figures of its mask can. */
function measured(volume: Volume, suffix: string): QualityFigures {
  try {
    return qualityFigures(volume, suffix);
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    return qualityFigures(volume, 'unknown');
  }
}

/** What was made of each site's scans: how many are missing, and how many stand out. */
export function scanSitesTable(
  before: VolumeCohort,
  after: VolumeCohort,
  scans: readonly MeasuredScan[],
): ReportTable {
  const made = new Set(after.scans.map(({ id }) => id));
  return {
    name: 'sites',
    title: 'Missing and outlying scans by site',
    caption:
      'Scans that could not be used are among the issues; those that stand out are in the table of quality.',
    columns: ['site', 'scans', 'missing results', 'standing out'],
    rows: siteNames(before.participants).map((site) => {
      const own = before.scans.filter((_, row) => before.participants.sites[row] === site);
      const apart = scans.filter(
        ({ row, outlying }) => outlying.length > 0 && after.participants.sites[row] === site,
      );
      return [site, own.length, own.filter(({ id }) => !made.has(id)).length, apart.length];
    }),
  };
}

/** The figures as a table, scans that stand out first. */
export function qualityTable(cohort: VolumeCohort, scans: readonly MeasuredScan[]): ReportTable {
  const ordered = [...scans].sort((a, b) => b.outlying.length - a.outlying.length || a.row - b.row);
  const apart = scans.filter(({ outlying }) => outlying.length > 0).length;
  return {
    name: 'quality',
    title: 'Quality of the results',
    caption:
      `${verdict(apart, scans.length)}${notCompared(kindsOf(cohort, scans))}: ` +
      `more than ${threshold} robust deviations from the median of their site (of three scans or more), or more than 1% of the mask ` +
      'at the edge of the image. Contrast to noise is that of white and gray matter, found in the mask. It cannot show that a site effect is gone.',
    columns: ['scan', 'site', 'stands out by', 'mask (ml)', 'mask at the edge (%)', 'contrast to noise'],
    rows: ordered.map(({ row, figures, outlying }) => {
      const { maskVolume, cutOff, cnr } = figures;
      const { ids, sites } = cohort.participants;
      const edge = cutOff === null ? null : 100 * cutOff;
      return [ids[row], sites[row], outlying.length === 0 ? '–' : outlying.join(', '), maskVolume, edge, cnr];
    }),
  };
}
