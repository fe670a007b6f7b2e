import type { JsonObject } from '../../data/json';
import type { StoredNetwork } from '../../data/stored-network';
import type { WeightArray, WeightTable } from '../../data/weights';
import { ConcordError } from '../../errors';
import { makeRandom } from '../../math/random';
import { flattenTree, treeFromTable } from '../parameters';
import type { AutoencoderModel } from './autoencoder-model';
import { initAutoencoder } from './autoencoder-network';

/** Takes an autoencoder apart: what it is, in plain values, and its arrays by dotted path. */
export function autoencoderToStored({ weights, ...model }: AutoencoderModel): StoredNetwork {
  const description = JSON.parse(JSON.stringify(model)) as JsonObject & {
    readonly kind: string;
  };
  return { model: description, weights: flattenTree<WeightArray>(weights) };
}

/**
 * Puts an autoencoder together again.
 *
 * @throws ConcordError `malformed-model` when a part is missing, or the arrays are not those of its architecture.
 */
export function autoencoderFromStored({ model, weights }: StoredNetwork): AutoencoderModel {
  const { architecture, intensity, training, heldOut, provenance, issues } =
    model as unknown as AutoencoderModel;
  const lists = [heldOut, provenance, issues];
  if (
    typeof intensity?.center !== 'number' ||
    training === undefined ||
    !lists.every((list) => Array.isArray(list))
  ) {
    throw new ConcordError('malformed-model', 'malformed model: intensity, training or a list is missing');
  }
  const rest = { intensity, training, heldOut, provenance, issues };
  return {
    kind: 'autoencoder',
    architecture,
    weights: rebuilt(architecture, weights),
    ...rest,
  };
}

function rebuilt(
  architecture: AutoencoderModel['architecture'],
  table: WeightTable,
): AutoencoderModel['weights'] {
  try {
    // The initial values are not kept: what counts is the form of the tree.
    return treeFromTable(initAutoencoder(makeRandom(0), architecture), table);
  } catch (cause) {
    if (cause instanceof ConcordError && cause.code === 'malformed-model') throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ConcordError('malformed-model', `malformed model: its architecture: ${said}`, { cause });
  }
}
