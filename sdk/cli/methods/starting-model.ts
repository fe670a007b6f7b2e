import type { ModelByKind } from '../../methods/methods';
import type { ModelOf } from '../../methods/save-model';
import { loadModel } from '../../methods/save-model';
import { shippedFolder } from '../../methods/shipped-models';

/** The word for the model that ships, in the place of a folder. */
export const shippedWord = 'shipped';

/**
 * The model that a training starts from.
 *
 * @param named - its folder, or {@link shippedWord}
 * @throws ConcordError as `loadModel`; as `loadShippedModel` for the one that ships.
 */
export async function startingModel<Kind extends keyof ModelByKind>(
  named: string,
  kind: Kind,
): Promise<ModelOf<Kind>> {
  return loadModel(named === shippedWord ? shippedFolder(kind) : named, kind);
}
