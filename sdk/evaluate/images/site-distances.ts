import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { requireOneSuffix } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { unknownTarget } from '../../data/people/unknown-site';
import { jensenShannonDistance, wassersteinDistance } from './distribution-distance';
import { eachScan } from './each-scan';
import type { TissueLabels } from './tissue-labels';
import { intensitiesByRegion, wholeMask } from './tissue-labels';
import { joinArrays } from '../../math/join-arrays';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link siteDistances}. */
export interface SiteDistancesOptions extends RunOptions {
  /** The site that the others are compared with. */
  readonly target: string;
  /** The tissues to compare in; the brain mask by default. */
  readonly labels?: TissueLabels;
  /**
   * Intensities taken from each tissue of each scan, evenly spread over it, so that a large cohort fits in memory.
   *
   * @defaultValue `20000`
   */
  readonly perScan?: number;
  /**
   * Bins of the histograms behind the Jensen–Shannon distance, over the common range of both sites.
   *
   * @defaultValue `100`
   */
  readonly bins?: number;
}

/** How far the intensities of one tissue at one site are from those at the target site. */
export interface SiteDistance {
  readonly site: string;
  readonly tissue: string;
  /** Wasserstein-1 distance, in units of the intensities. */
  readonly wasserstein: number;
  /** Jensen–Shannon distance of the histograms, 0 to 1. */
  readonly jensenShannon: number;
}

/**
 * Compares, tissue by tissue, the intensities of all scans of each site with those of the target site. Persons differ
 * between sites as well, so without traveling subjects the distance is not expected to fall below that between two
 * halves of the target site.
 *
 * @throws ConcordError `unknown-site` when the cohort has no such site; `invalid-option` when its scans measured
 * different things; `different-grids` when labels do not fit a scan; `aborted`.
 */
export async function siteDistances(
  cohort: VolumeCohort | ImageCohort,
  options: SiteDistancesOptions,
): Promise<{ readonly distances: readonly SiteDistance[]; readonly issues: readonly Issue[] }> {
  requireCall('metrics.siteDistances', { cohort, options });
  const { target, labels, perScan = 20_000, bins = 100 } = options;
  requireOneSuffix('siteDistances', cohort);
  const sites = siteNames(cohort.participants);
  if (!sites.includes(target)) throw unknownTarget(target, sites);
  const names = labels?.names ?? wholeMask;
  const pools = new Map(sites.map((site) => [site, names.map((): Float32Array[] => [])]));
  const { issues } = await eachScan(cohort, options, async ({ id, row, pictures }) => {
    const regions = await intensitiesByRegion(id, pictures, labels);
    const pool = pools.get(cohort.participants.sites[row]);
    regions.forEach((values, region) => pool?.[region].push(evenly(values, perScan)));
  });
  const pooled = (site: string, region: number): Float32Array => joinArrays(pools.get(site)?.[region] ?? []);
  const distances = names.flatMap((tissue, region) => {
    const there = pooled(target, region);
    return sites.flatMap((site): SiteDistance[] => {
      const here = pooled(site, region);
      if (site === target || here.length === 0 || there.length === 0) return [];
      const wasserstein = wassersteinDistance(here, there);
      return [{ site, tissue, wasserstein, jensenShannon: jensenShannonDistance(here, there, { bins }) }];
    });
  });
  return { distances, issues };
}

function evenly(values: Float32Array, most: number): Float32Array {
  if (values.length <= most) return values;
  return Float32Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
}
