import { unknownTarget } from '../../data/people/unknown-site';
import type { LearnedInput } from '../input/learned-input';
import type { KnownImages } from './given-images';
import type { ImageGeometry } from './image-geometry';
import type { IntensityRange } from './scan-intensity';
import { meanRange } from './scan-intensity';

/** What models have that make images as sites have them. */
export interface SiteModel {
  readonly architecture: { readonly imageShape: readonly [rows: number, columns: number, channels: number] };
  /** The sites it knows, sorted. */
  readonly sites: readonly string[];
  readonly geometry: ImageGeometry;
  readonly learned: LearnedInput;
}

/** What images a model was trained on. */
export function imagesKnownTo({ architecture, geometry, learned }: Omit<SiteModel, 'sites'>): KnownImages {
  const suffixes = [...new Set(learned.kinds.map(({ suffix }) => suffix))];
  return { shape: architecture.imageShape, geometry, suffixes, learned };
}

/**
 * The number of a site among those of a model.
 *
 * @param what - the site was named as. Without it: target
 * @throws ConcordError `unknown-site`.
 */
export function requireSite({ sites }: Pick<SiteModel, 'sites'>, site: string, what?: string): number {
  const at = sites.indexOf(site);
  if (at < 0) throw unknownTarget(site, sites, { what });
  return at;
}

/** What scans of a site span in their own units, on the mean: what is made for it is given in this range. */
export function rangeOfSite({ learned }: Pick<SiteModel, 'learned'>, site: string): IntensityRange {
  return meanRange(learned.kinds.filter((kind) => kind.site === site).map(({ range }) => range));
}
