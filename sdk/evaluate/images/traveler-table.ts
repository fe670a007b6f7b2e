import { requireCall } from '../../data/calls/require-call';
import type { ImageCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { compareTravelers } from './compare-travelers';
import type { ImageAgreement } from './image-agreement';
import { siteDataRange } from './site-data-range';

/** Options of {@link travelerTable}. */
export interface TravelerTableOptions extends RunOptions {
  /** The site whose scans are the truth. */
  readonly target: string;
}

/** How near some images come to the persons' own scans at the target, on average: a row of a table. */
export interface TravelerRow {
  readonly images: string;
  /** Mean absolute error in the brain, in percent of {@link siteDataRange}. */
  readonly 'MAE, % of range': number;
  readonly 'PSNR, dB': number;
  readonly SSIM: number;
  readonly 'MS-SSIM': number;
  /** Correlation of edges, which does not change with brightness. */
  readonly 'edges, r': number;
}

/**
 * Makes the table that shows several methods beside each other where the truth is known: a row for each of the results, from
 * {@link compareTravelers}, and first of all the floor, where persons were scanned twice at the target.
 *
 * @param results - raw or harmonized images, by what the row is called
 * @param truth - the raw images, among them those at the target
 * @throws ConcordError what {@link compareTravelers} throws.
 *
 * @example
 * ```ts
 * show(await metrics.travelerTable({ raw: cohort, MURD: harmonized }, cohort, { target: 'Siemens' }));
 * ```
 */
export async function travelerTable(
  results: Readonly<Record<string, ImageCohort>>,
  truth: ImageCohort,
  options: TravelerTableOptions,
): Promise<readonly TravelerRow[]> {
  requireCall('metrics.travelerTable', { results, truth, options });
  const dataRange = siteDataRange(truth, options.target);
  const floors: TravelerRow[] = [];
  const rows: TravelerRow[] = [];
  for (const [images, cohort] of Object.entries(results)) {
    const { mean, floor } = await compareTravelers(cohort, truth, { ...options, dataRange });
    if (floor !== undefined && floors.length === 0) floors.push(rowOf(floor.site, floor, dataRange));
    rows.push(rowOf(images, mean, dataRange));
  }
  return [...floors, ...rows];
}

function rowOf(images: string, found: ImageAgreement, dataRange: number): TravelerRow {
  return {
    images,
    'MAE, % of range': (100 * found.mae) / dataRange,
    'PSNR, dB': found.psnr,
    SSIM: found.ssim,
    'MS-SSIM': found.msSsim,
    'edges, r': found.gradientCorrelation,
  };
}
