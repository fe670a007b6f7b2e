import { unknownTarget } from '../data/people/unknown-site';
import { ConcordError } from '../errors';
import type { DdaeModel } from './ddae-model';

/**
 * What images are harmonized to: a site that the model knows, `average` for the mean of all sites' codes, or a mix of
 * sites by their shares, as `{ siteA: 0.25, siteE: 0.75 }`, for what is between them. Shares add up to 1.
 */
export type DdaeTarget = string | Readonly<Record<string, number>>;

/**
 * The share of each site of a model in a target.
 *
 * @throws ConcordError `unknown-site`; `invalid-option` when shares are not 0 or more, or do not add up to 1.
 */
export function targetShares({ sites }: Pick<DdaeModel, 'sites'>, target: DdaeTarget): Float64Array {
  if (target === 'average') return Float64Array.from(sites, () => 1 / sites.length);
  const shares = typeof target === 'string' ? { [target]: 1 } : target;
  const unknown = Object.keys(shares).find((site) => !sites.includes(site));
  const named = typeof target === 'string' ? ['average', ...sites] : sites;
  if (unknown !== undefined) throw unknownTarget(unknown, named);
  const found = Float64Array.from(sites, (site) => shares[site] ?? 0);
  const sum = found.reduce((total, share) => total + share, 0);
  if (found.every((share) => share >= 0) && Math.abs(sum - 1) <= 1e-6) return found;
  throw new ConcordError(
    'invalid-option',
    `invalid target: ${JSON.stringify(target)} (shares of sites, 0 or more, that add up to 1)`,
  );
}
