import type { StoredNetwork } from '../data/networks/stored-network';
import type { WeightTable } from '../data/networks/weights';
import { requireStoredSites } from '../nn/images/site-model-stored';
import { isSize, requireHistory, requirePart, requireStoredArchitecture } from '../nn/stored-parts';
import { treeFromTable } from '../nn/weight-trees';
import type { CycleganArchitecture, CycleganModel } from './cyclegan-model';
import { initCyclegan, requireCycleganArchitecture } from './network/cyclegan-network';
import { pairsOf } from './pairs';

/**
 * Puts CycleGANs together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function cycleganFromStored({ model, weights }: StoredNetwork): CycleganModel {
  const stored = model as unknown as Omit<CycleganModel, 'weights'>;
  const { architecture, sites, hub, geometry, learned, training, heldOut, provenance, issues } = stored;
  requireStoredSites({ sites, geometry, learned });
  requirePart(hub === undefined || sites.includes(hub), 'hub');
  requireHistory({ training, heldOut, provenance, issues }, weights);
  // Before a pair for each two sites is made: a description can claim any number of them.
  const known = [...weights.keys()].filter((path) => /^critics\d+\.first\.first\.kernel$/.test(path)).length;
  requirePart(
    known === (hub === undefined ? (sites.length * (sites.length - 1)) / 2 : sites.length - 1),
    'sites',
  );
  requireFittingArchitecture(architecture, weights);
  const pairs = pairsOf(sites, hub).length;
  return {
    kind: 'cyclegan',
    architecture,
    sites,
    hub,
    geometry,
    learned,
    // The initial values are not kept: what counts is the form of the tree.
    weights: treeFromTable(initCyclegan(0, architecture, pairs), weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

function requireFittingArchitecture(architecture: CycleganArchitecture, weights: WeightTable): void {
  const { imageShape, criticWidths } = architecture ?? {};
  requirePart(Array.isArray(imageShape) && imageShape.length === 3, 'architecture: imageShape');
  requirePart(Array.isArray(criticWidths) && criticWidths.length <= 16, 'architecture: criticWidths');
  requireStoredArchitecture(() => requireCycleganArchitecture(architecture));
  // Sizes are held against arrays before anything of these sizes is made.
  const outOf = (path: string): number | undefined => weights.get(path)?.shape[3];
  const { width, halvings, blocks } = architecture;
  requirePart(outOf('generators0.forth.first.kernel') === width && halvings <= 8, 'architecture: width');
  requirePart(
    isSize(blocks, 256) && outOf(`generators0.forth.blocks.${blocks - 1}.outConv.kernel`) !== undefined,
    'architecture: blocks',
  );
  criticWidths.forEach((channels, layer) => {
    const path = layer === 0 ? 'first' : `layers.${layer - 1}`;
    requirePart(outOf(`critics0.first.${path}.kernel`) === channels, 'architecture: criticWidths');
  });
}
