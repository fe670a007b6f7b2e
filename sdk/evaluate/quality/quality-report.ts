import { ConcordError } from '../../errors';
import type { VolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Scan } from '../../data/images/scan';
import type { StreamOptions } from '../../math/images/stream-volumes';
import { listNames } from '../../data/list-names';
import { streamVolumes } from '../../math/images/stream-volumes';
import { contrastOf } from '../../data/images/contrast';
import type { Volume } from '../../data/images/volume';
import { intensityScales } from './intensity-scales';
import type { QualityFigures } from './quality-figures';
import { qualityFigures } from './quality-figures';
import type { Outlier } from './quality-outliers';
import { qualityOutliers } from './quality-outliers';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link qualityReport}. */
export interface QualityReportOptions extends StreamOptions {
  /**
   * How many robust deviations from the median of its site make a figure stand out.
   *
   * @defaultValue 3.5
   */
  readonly threshold?: number;
}

/** One scan of a {@link QualityReport}: a row of a table. */
export interface ScanQuality extends QualityFigures {
  readonly scan: string;
  readonly site: string;
  /** What was measured; `T1w` where the scan does not say. */
  readonly suffix: string;
  /** Voxels along each axis, as `182 × 218 × 182`. */
  readonly voxels: string;
  /** Their distances in mm, as `1 × 1 × 1`. */
  readonly spacing: string;
  /** The figures that stand out, with commas between them; empty when none does. */
  readonly outlying: string;
}

/** What {@link qualityReport} finds. Plain JSON. */
export interface QualityReport {
  readonly kind: 'quality-report';
  /** One row per scan that could be read, in the order of the cohort. */
  readonly scans: readonly ScanQuality[];
  /** Scans that cannot be used, that stand out, or that lack what a figure needs. */
  readonly issues: readonly Issue[];
  readonly threshold: number;
}

/**
 * Measures the quality of every scan of a cohort: size and cut of the brain mask, tissue peaks and their contrast,
 * signal-to-noise and contrast-to-noise ratios, noise of the air, blur. Scans are opened one at a time. Those whose
 * figures are far from the median of their site, whose brain is cut off, or whose grid differs from most of its scans,
 * are issues of code `outlying-scan`; a site whose scans are on several scales of intensity is one of code
 * `several-scales`. A scan without a mask has the figures that need none.
 *
 * @throws ConcordError `invalid-option` when the threshold is not positive; `aborted` when canceled; with `strict`
 * whatever is wrong with a scan.
 *
 * @example
 * ```ts
 * const report = await qualityReport(cohort, { onProgress: progressBar() });
 * show(report.scans);
 * show(report.issues);
 * ```
 */
export async function qualityReport(
  cohort: VolumeCohort,
  options: QualityReportOptions = {},
): Promise<QualityReport> {
  requireCall('qualityReport', { cohort, options });
  const { threshold = 3.5, label = 'measuring quality', strict, signal, onProgress } = options;
  if (!(threshold > 0)) {
    throw new ConcordError('invalid-option', `invalid threshold: ${threshold} (a positive number)`);
  }
  const measured: { readonly row: ScanQuality; readonly figures: QualityFigures }[] = [];
  const incomplete: Issue[] = [];
  const visit = (volume: Volume, at: number, scan: Scan): void => {
    const site = cohort.participants.sites[at];
    const suffix = scan.suffix ?? 'T1w';
    const figures = qualityFigures(volume, suffix);
    const row = { scan: scan.id, site, suffix, ...gridOf(volume), ...figures, outlying: '' };
    measured.push({ row, figures });
    incomplete.push(...lacks(volume, suffix, scan));
  };
  const { issues } = await streamVolumes(cohort, visit, { label, strict, signal, onProgress });
  const rows = measured.map(({ row }) => row);
  const outlying = outlyingOf(
    rows,
    measured.map(({ figures }) => figures),
    threshold,
  );
  return {
    kind: 'quality-report',
    scans: rows.map((row, at) => ({
      ...row,
      outlying: outlying
        .filter((found) => found.row === at)
        .map(({ figure }) => figure)
        .join(', '),
    })),
    issues: [...issues, ...severalScales(rows), ...outlying.map(({ issue }) => issue), ...incomplete],
    threshold,
  };
}

function gridOf({ shape, spacing }: Volume): { readonly voxels: string; readonly spacing: string } {
  return {
    voxels: shape.join(' × '),
    spacing: spacing.map((size) => String(Number(size.toFixed(3)))).join(' × '),
  };
}

function lacks({ mask }: Volume, suffix: string, { id }: Scan): readonly Issue[] {
  const known = contrastOf(suffix) === 'T1w' || contrastOf(suffix) === 'T2w';
  if (mask !== undefined && known) return [];
  const reason = mask === undefined ? 'it has no brain mask' : `tissues of ${suffix} cannot be separated`;
  return [makeIssue('incomplete-quality', `${id}: ${reason}`, { subject: id })];
}

interface Found {
  readonly row: number;
  readonly figure: string;
  readonly issue: Issue;
}

function outlyingOf(
  rows: readonly ScanQuality[],
  figures: readonly QualityFigures[],
  threshold: number,
): readonly Found[] {
  // A T1w scan is no measure for a T2w one, even of the same site.
  const kinds = rows.map(kindOf);
  const byFigure = qualityOutliers(figures, kinds, threshold).map((outlier): Found => {
    const { row, figure } = outlier;
    return { row, figure, issue: outlyingIssue(rows[row], describe(outlier, rows[row])) };
  });
  return [...byFigure, ...otherGrids(rows)];
}

function describe({ figure, value, median, deviations }: Outlier, { scan, site }: ScanQuality): string {
  if (figure === 'cutOff') {
    return `${scan}: ${(100 * value).toFixed(1)}% of the brain mask is at the edge of the image: the brain may be cut off`;
  }
  const side = deviations > 0 ? 'above' : 'below';
  const distance = `${Math.abs(deviations).toFixed(1)} robust deviations ${side} the median ${median.toPrecision(4)}`;
  return `${scan}: ${figure} ${value.toPrecision(4)} is ${distance} of site "${site}"`;
}

/** Sites whose scans are on several scales of intensity, each with the scans that are not on the scale of most. */
function severalScales(rows: readonly ScanQuality[]): readonly Issue[] {
  const groups = intensityScales(rows, rows.map(kindOf));
  return [...new Set(groups.map(({ site }) => site))].map((kind) => {
    const own = groups.filter(({ site }) => site === kind);
    const most = own.reduce((one, other) => (other.rows.length > one.rows.length ? other : one));
    const others = own.filter((group) => group !== most).map(describeScale);
    const { site } = rows[most.rows[0]];
    const message = `the scans of site "${site}" are on ${own.length} scales of intensity: ${others.join('; ')} the other ${most.rows.length}`;
    return makeIssue('several-scales', message, { site });

    function describeScale(group: (typeof own)[number]): string {
      const ratio = (group.whitePeak / most.whitePeak).toPrecision(2);
      const names = group.rows.map((row) => rows[row].scan);
      const { length } = names;
      return `the white matter of ${length} (${listNames(names)}) is ${ratio} times as bright as that of`;
    }
  });
}

/** The site and what was measured there: what a scan is compared within. */
function kindOf({ site, suffix }: ScanQuality): string {
  return JSON.stringify([site, suffix]);
}

/** Scans whose grid is not that of more than half of their site's scans. */
function otherGrids(rows: readonly ScanQuality[]): readonly Found[] {
  return rows.flatMap((own, row) => {
    const there = rows.filter((other) => kindOf(other) === kindOf(own));
    const grid = ({ voxels, spacing }: ScanQuality): string => `${voxels} voxels of ${spacing} mm`;
    const usual = there.find(
      (one) => 2 * there.filter((other) => grid(other) === grid(one)).length > there.length,
    );
    if (usual === undefined || grid(usual) === grid(own)) return [];
    const message = `${own.scan}: ${grid(own)}, where most scans of site "${own.site}" have ${grid(usual)}`;
    return [{ row, figure: 'grid', issue: outlyingIssue(own, message) }];
  });
}

function outlyingIssue({ scan, site }: ScanQuality, message: string): Issue {
  return makeIssue('outlying-scan', message, { subject: scan, site });
}
