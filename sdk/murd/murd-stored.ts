import { isNames } from '../data/json';
import type { StoredNetwork } from '../data/networks/stored-network';
import { treeFromTable } from '../nn/weight-trees';
import {
  isRange,
  isRecord,
  requireGeometry,
  requireHistory,
  requirePart,
  requireStoredArchitecture,
} from '../nn/stored-parts';
import { requireLearned } from '../nn/input/learned-input-stored';
import type { MurdArchitecture, MurdDomain, MurdModel } from './murd-model';
import { initMurd, requireArchitecture } from './network/murd-network';

/**
 * Puts a MURD together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function murdFromStored({ model, weights }: StoredNetwork): MurdModel {
  const stored = model as unknown as Omit<MurdModel, 'weights'>;
  const { architecture, sites, domains, geometry, farthest, learned } = stored;
  const { training, heldOut, provenance, issues } = stored;
  requirePart(isNames(sites) && sites.length > 1, 'sites');
  requirePart(Array.isArray(domains) && domains.length >= sites.length && domains.every(isDomain), 'domains');
  requirePart(
    domains.every(({ site }) => sites.includes(site)),
    'domains: site',
  );
  requirePart(isRecord(geometry), 'geometry');
  requireGeometry(geometry, 'geometry');
  requireLearned(learned);
  requirePart(Number.isFinite(farthest) && farthest >= 0, 'farthest');
  requireHistory({ training, heldOut, provenance, issues }, weights);
  requireFittingArchitecture(architecture, weights);
  return {
    kind: 'murd',
    architecture,
    sites,
    domains,
    geometry,
    farthest,
    ...(learned === undefined ? {} : { learned }),
    // The initial values are not kept: what counts is the form of the tree.
    weights: treeFromTable(initMurd(0, architecture, domains.length), weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

function requireFittingArchitecture(architecture: MurdArchitecture, weights: StoredNetwork['weights']): void {
  const { imageShape, criticWidths } = architecture ?? {};
  requirePart(Array.isArray(imageShape) && imageShape.length === 3, 'architecture: imageShape');
  requirePart(Array.isArray(criticWidths) && criticWidths.length <= 16, 'architecture: criticWidths');
  requireStoredArchitecture(() => requireArchitecture(architecture));
  // Sizes are held against arrays before anything of these sizes is made: a description can claim anything.
  const size = (path: string, axis: number): number | undefined => weights.get(path)?.shape[axis];
  const { width, halvings, contentBlocks, generatorBlocks, styleWidth, styleBlocks } = architecture;
  requirePart(size('content.first.conv.kernel', 3) === width && halvings <= 8, 'architecture: width');
  requirePart(size('style.first.kernel', 3) === styleWidth && styleBlocks <= 8, 'architecture: styleWidth');
  requirePart(contentBlocks <= 64 && generatorBlocks <= 64, 'architecture: blocks');
  requirePart(
    size('styles.layers.0.kernel', 0) === architecture.latentSize && architecture.latentLayers <= 64,
    'architecture: latentSize',
  );
  requirePart(size('styles.layers.0.kernel', 1) === architecture.latentWidth, 'architecture: latentWidth');
  criticWidths.forEach((channels, layer) =>
    requirePart(size(`critic.layers.${layer}.kernel`, 3) === channels, 'architecture: criticWidths'),
  );
  requirePart(architecture.styleSize <= 4096, 'architecture: styleSize');
}

function isDomain(value: MurdDomain): boolean {
  const { site, suffix, range, quantiles } = value ?? {};
  return (
    typeof site === 'string' &&
    typeof suffix === 'string' &&
    isRange(range) &&
    Array.isArray(quantiles) &&
    quantiles.every(Number.isFinite)
  );
}
