import type { StoredNetwork } from '../data/networks/stored-network';
import { requireStoredSites } from '../nn/images/site-model-stored';
import { isRecord, requireHistory, requirePart, requireStoredArchitecture } from '../nn/stored-parts';
import { treeFromTable } from '../nn/weight-trees';
import type { CodeProbe, CvaeArchitecture, CvaeModel } from './cvae-model';
import { initCvae, requireCvaeArchitecture } from './network/cvae-network';

/**
 * Puts a cVAE together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function cvaeFromStored({ model, weights }: StoredNetwork): CvaeModel {
  const stored = model as unknown as Omit<CvaeModel, 'weights'>;
  const { architecture, sites, geometry, learned, codeProbe, training, heldOut, provenance, issues } = stored;
  requireStoredSites({ sites, geometry, learned });
  requirePart(isProbe(codeProbe), 'codeProbe');
  requireHistory({ training, heldOut, provenance, issues }, weights);
  requireFittingArchitecture(architecture, weights);
  return {
    kind: 'cvae',
    architecture,
    sites,
    geometry,
    learned,
    codeProbe,
    // The initial values are not kept: what counts is the form of the tree.
    weights: treeFromTable(initCvae(0, architecture, sites.length), weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

function isProbe(probe: CodeProbe): boolean {
  return isRecord(probe) && [probe.balancedAccuracy, probe.chance, probe.scans].every(Number.isFinite);
}

function requireFittingArchitecture(architecture: CvaeArchitecture, weights: StoredNetwork['weights']): void {
  const { imageShape, adversaryWidths } = architecture ?? {};
  requirePart(Array.isArray(imageShape) && imageShape.length === 3, 'architecture: imageShape');
  requirePart(
    Array.isArray(adversaryWidths) && adversaryWidths.length <= 16,
    'architecture: adversaryWidths',
  );
  requireStoredArchitecture(() => requireCvaeArchitecture(architecture));
  // Sizes are held against arrays before anything of these sizes is made: a description can claim anything.
  const size = (path: string, axis: number): number | undefined => weights.get(path)?.shape[axis];
  const { width, halvings, codeChannels } = architecture;
  requirePart(size('encoder.first.kernel', 3) === width && halvings <= 8, 'architecture: width');
  requirePart(size('encoder.last.kernel', 3) === 2 * codeChannels, 'architecture: codeChannels');
  adversaryWidths.forEach((channels, layer) =>
    requirePart(size(`adversary.layers.${layer}.kernel`, 3) === channels, 'architecture: adversaryWidths'),
  );
}
