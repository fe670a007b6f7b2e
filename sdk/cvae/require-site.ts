import { unknownTarget } from '../data/people/unknown-site';
import type { IntensityRange } from '../nn/images/scan-intensity';
import { meanRange } from '../nn/images/scan-intensity';
import type { CvaeModel } from './cvae-model';

/**
 * The number of a site among those of a model.
 *
 * @throws ConcordError `unknown-site`.
 */
export function requireSite({ sites }: CvaeModel, site: string): number {
  const at = sites.indexOf(site);
  if (at < 0) throw unknownTarget(site, sites);
  return at;
}

/** What scans of a site span in their own units, on the mean: what is made for it is given in this range. */
export function rangeOfSite({ learned }: CvaeModel, site: string): IntensityRange {
  return meanRange(learned.kinds.filter((kind) => kind.site === site).map(({ range }) => range));
}
