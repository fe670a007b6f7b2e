import { ConcordError } from '../errors';
import { listNames, quoteName } from '../data/list-names';
import { unknownTarget } from '../data/people/unknown-site';
import { quantile, sortedValues } from '../math/statistics/quantiles';
import type { ImageSamples } from '../nn/images/image-samples';
import type { IntensityRange } from '../nn/images/scan-intensity';
import { meanRange, toUnit } from '../nn/images/scan-intensity';
import type { MurdDomain, MurdModel } from './murd-model';
import { advise, either, option } from '../remedy';

/** Whether one model learns one contrast, or all of a cohort, with styles for each contrast of a site. */
export type Contrasts = 'one' | 'joint';

/** The domains of a cohort, and which one each participant's scan is of. */
export interface FoundDomains {
  readonly domains: readonly MurdDomain[];
  readonly ofRow: Int32Array;
  readonly farthest: number;
}

/** Quantiles by which intensities are described: at 0.05, 0.1, … 0.95. */
const levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Finds the domains of a cohort: its sites, and where contrasts are joint, each site's contrasts. */
export async function findDomains(
  { cohort, rows, ranges }: ImageSamples,
  contrasts: Contrasts,
): Promise<FoundDomains> {
  const { participants, suffixes } = cohort;
  const keyOf = (row: number): string =>
    contrasts === 'one' ? participants.sites[row] : `${participants.sites[row]}\n${suffixes[row]}`;
  const all = participants.ids.map((_, row) => keyOf(row));
  const keys = [...new Set(all)].sort();
  const ofRow = Int32Array.from(all, (key) => keys.indexOf(key));
  const described: (readonly number[])[] = [];
  for (const row of ofRow.keys()) {
    const positions = Array.from(rows.keys()).filter((position) => rows[position] === row);
    described.push(describeIntensities(await cohort.read(positions), ranges[row]));
  }
  const domains = keys.map((_, domain): MurdDomain => {
    const its = Array.from(ofRow.keys()).filter((row) => ofRow[row] === domain);
    return {
      site: participants.sites[its[0]],
      suffix: suffixes[its[0]],
      range: meanRange(its.map((row) => ranges[row])),
      quantiles: levels.map((_, i) => its.reduce((sum, row) => sum + described[row][i], 0) / its.length),
    };
  });
  const farthest = described.reduce(
    (most, quantiles, row) => Math.max(most, distance(quantiles, domains[ofRow[row]].quantiles)),
    0,
  );
  return { domains, ofRow, farthest };
}

/**
 * Describes the intensities of a scan in the brain by quantiles.
 *
 * @param images - its images as they are: background is 0
 */
export function describeIntensities(images: Float32Array, range: IntensityRange): readonly number[] {
  const inside = sortedValues(images.filter((value) => value !== 0));
  return levels.map((level) => toUnit(quantile(inside, level), range));
}

/** How far intensities are from those of the nearest domain, as a multiple of the largest distance in training. */
export function strangeness(
  { domains, farthest }: Pick<MurdModel, 'domains' | 'farthest'>,
  quantiles: readonly number[],
): number {
  const nearest = Math.min(...domains.map((domain) => distance(quantiles, domain.quantiles)));
  return nearest / Math.max(farthest, 1e-6);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/** For each domain those that its scans can be translated to: the same contrast at other sites. */
export function targetsOf(
  domains: readonly MurdDomain[],
  contrasts: Contrasts,
): readonly (readonly number[])[] {
  const indices = Array.from(domains.keys());
  return domains.map(({ suffix }, domain) =>
    indices.filter((other) => other !== domain && (contrasts === 'one' || domains[other].suffix === suffix)),
  );
}

/**
 * Checks that each contrast has two sites at least.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireTargets(
  domains: readonly MurdDomain[],
  targets: readonly (readonly number[])[],
): void {
  const alone = targets.findIndex((others) => others.length === 0);
  if (alone < 0) return;
  const { site, suffix } = domains[alone];
  throw new ConcordError(
    'too-little-data',
    `${suffix} scans come from one site only, "${site}" (at least two are needed for each contrast to learn what a site ` +
      'does to images)',
    { where: { site } },
  );
}

/**
 * The domain of a site's scans of one contrast.
 *
 * @throws ConcordError `unknown-site`.
 */
export function domainOf(model: MurdModel, site: string, suffix: string): number {
  const known = knownDomain(model, site, suffix);
  if (known >= 0) return known;
  const { domains, sites } = model;
  const remedy = [
    either('choose one of these', advise`give a scan of the site instead, with ${option('reference')}`),
  ];
  if (!sites.includes(site)) throw unknownTarget(site, sites, { remedy });
  const others = domains.filter((domain) => domain.suffix === suffix).map((domain) => domain.site);
  throw new ConcordError(
    'unknown-site',
    `unknown target: the model knows no ${suffix} scans of ${quoteName(site)}, but those of ${listNames(others)}`,
    {
      where: { site },
      remedy,
    },
  );
}

/** The domain of a site's scans of one contrast, −1 where the model does not know them. */
export function knownDomain({ domains }: Pick<MurdModel, 'domains'>, site: string, suffix: string): number {
  return domains.findIndex(
    (domain) => domain.site === site && (suffix === '' || domain.suffix === '' || domain.suffix === suffix),
  );
}
