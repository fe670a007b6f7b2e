import { isNames } from '../../data/json';
import { requireLearned } from '../input/learned-input-stored';
import { isRecord, requireGeometry, requirePart } from '../stored-parts';
import type { SiteModel } from './site-model';

/**
 * Checks what every stored model has that makes images as sites have them: its sites, the images that it takes, and what it
 * learned from at each site.
 *
 * @throws ConcordError `malformed-model` naming the part.
 */
export function requireStoredSites({ sites, geometry, learned }: Omit<SiteModel, 'architecture'>): void {
  requirePart(isNames(sites) && sites.length > 1, 'sites');
  requirePart(isRecord(geometry), 'geometry');
  requireGeometry(geometry, 'geometry');
  requirePart(isRecord(learned), 'learned');
  requireLearned(learned);
  requirePart(
    sites.every((site) => learned.kinds.some((kind) => kind.site === site)),
    'learned: kinds',
  );
}
