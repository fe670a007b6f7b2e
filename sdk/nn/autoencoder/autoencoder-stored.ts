import type { StoredNetwork } from '../../data/networks/stored-network';
import type { WeightTable } from '../../data/networks/weights';
import { makeRandom } from '../../math/random';
import { treeFromTable } from '../weight-trees';
import {
  isRecord,
  isSize as isSizeUpTo,
  requireGeometry,
  requireHistory,
  requirePart,
} from '../stored-parts';
import { requireLearned } from '../input/learned-input-stored';
import type { AutoencoderArchitecture, AutoencoderModel } from './autoencoder-model';
import { initAutoencoder } from './autoencoder-network';

/**
 * Puts an autoencoder together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing or makes no sense, or the arrays are not those of its
 * architecture, or hold what is not a number.
 */
export function autoencoderFromStored({ model, weights }: StoredNetwork): AutoencoderModel {
  const { architecture, intensity, geometry, suffix, learned, training, heldOut, provenance, issues } =
    model as unknown as AutoencoderModel;
  requireArchitecture(architecture, weights);
  const { center, spread } = intensity ?? {};
  requirePart(Number.isFinite(center) && Number.isFinite(spread) && spread > 0, 'intensity');
  requirePart(isRecord(geometry) && typeof suffix === 'string', 'geometry');
  requireGeometry(geometry, 'geometry');
  requireLearned(learned);
  requireHistory({ training, heldOut, provenance, issues }, weights);
  // The initial values are not kept: what counts is the form of the tree.
  const form = initAutoencoder(makeRandom(0), architecture);
  return {
    kind: 'autoencoder',
    architecture,
    intensity,
    geometry,
    suffix,
    ...(learned === undefined ? {} : { learned }),
    weights: treeFromTable(form, weights),
    training,
    heldOut,
    provenance,
    issues,
  };
}

/**
 * Checks the sizes against the arrays before anything of these sizes is made: a description can claim anything.
 */
function requireArchitecture(architecture: AutoencoderArchitecture, weights: WeightTable): void {
  const { imageShape, width, levels, codeChannels } = architecture ?? {};
  const shapeOf = (path: string): readonly number[] => weights.get(path)?.shape ?? [];
  const sizes = Array.isArray(imageShape) && imageShape.length === 3 && imageShape.every(isLength);
  requirePart(sizes && [width, levels, codeChannels].every(isLength), 'architecture');
  const halvings = [...weights.keys()].filter((path) =>
    /^encoder\.levels\.\d+\.conv\.kernel$/.test(path),
  ).length;
  const says = { width, levels, codeChannels, channels: imageShape[2] };
  const has = {
    width: shapeOf('encoder.first.kernel')[3],
    levels: halvings,
    codeChannels: shapeOf('encoder.code.conv.kernel')[3],
    channels: shapeOf('encoder.first.kernel')[2],
  };
  for (const name of ['width', 'levels', 'codeChannels', 'channels'] as const) {
    requirePart(
      says[name] === has[name],
      `architecture: ${name} is ${says[name]}, its arrays have ${has[name]}`,
    );
  }
}

function isLength(value: unknown): boolean {
  return isSizeUpTo(value, 65_536);
}
