import type { StoredNetwork } from '../data/networks/stored-network';
import type { WeightTable } from '../data/networks/weights';
import { requireStoredSites } from '../nn/images/site-model-stored';
import { isSize, requireHistory, requirePart, requireStoredArchitecture } from '../nn/stored-parts';
import { treeFromTable } from '../nn/weight-trees';
import { initStargan, requireStarganArchitecture } from './network/stargan-network';
import type { StarganArchitecture } from './network/stargan-sizes';
import { channelsAt } from './network/stargan-sizes';
import type { SiteMeanStyle, StarganModel } from './stargan-model';
import { countDomains, domainsOf, starganKinds } from './stargan-model';

/**
 * Puts a StarGAN v2 or a style-encoding GAN together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function starganFromStored({ model, weights }: StoredNetwork): StarganModel {
  const stored = model as unknown as Omit<StarganModel, 'weights'>;
  const { kind, architecture, sites, styles, geometry, learned } = stored;
  const { training, heldOut, provenance, issues } = stored;
  requirePart(Object.values(starganKinds).includes(kind), 'kind');
  requireStoredSites({ sites, geometry, learned });
  requireHistory({ training, heldOut, provenance, issues }, weights);
  const domains = countDomains(domainsOf(stored), sites);
  requireFittingArchitecture(architecture, domains, weights);
  requirePart(Array.isArray(styles) && styles.length === sites.length, 'styles');
  requirePart(
    styles.every((style, i) => isStyle(style, sites[i], architecture.styleSize)),
    'styles',
  );
  return {
    kind,
    architecture,
    sites,
    styles,
    geometry,
    learned,
    // The initial values are not kept: what counts is the form of the tree.
    weights: treeFromTable(initStargan(0, architecture, domains), weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

function isStyle(value: SiteMeanStyle, site: string, size: number): boolean {
  const { style } = value ?? {};
  return (
    value?.site === site && Array.isArray(style) && style.length === size && style.every(Number.isFinite)
  );
}

function requireFittingArchitecture(
  architecture: StarganArchitecture,
  domains: number,
  weights: WeightTable,
): void {
  const { imageShape } = architecture ?? {};
  requirePart(Array.isArray(imageShape) && imageShape.length === 3, 'architecture: imageShape');
  requireStoredArchitecture(() => requireStarganArchitecture(architecture));
  // Sizes are held against arrays before anything of these sizes is made: a description can claim anything.
  const size = (path: string, axis: number): number | undefined => weights.get(path)?.shape[axis];
  const { width, widest, halvings, middleBlocks, criticHalvings, styleSize } = architecture;
  requirePart(size('generator.first.kernel', 3) === width, 'architecture: width');
  requirePart(isSize(halvings + 1, 9) && isSize(criticHalvings, 8), 'architecture: halvings');
  requirePart(
    size('style.last.kernel', 3) === channelsAt(architecture, criticHalvings) && isSize(widest, 65536),
    'architecture: widest',
  );
  requirePart(
    isSize(middleBlocks, 64) && size(`generator.after.${middleBlocks - 1}.inConv.kernel`, 3) !== undefined,
    'architecture: middleBlocks',
  );
  requirePart(size('mapping.shared.0.kernel', 0) === architecture.latentSize, 'architecture: latentSize');
  requirePart(size('mapping.shared.0.kernel', 1) === architecture.mappingWidth, 'architecture: mappingWidth');
  requirePart(size('style.heads.kernel', 1) === domains * styleSize, 'architecture: styleSize');
}
