import type { ModelByKind } from '../../methods/methods';
import type { ModelOf } from '../../methods/save-model';
import { loadModel } from '../../methods/save-model';
import { shippedFolder } from '../../methods/shipped-models';
import { folderOrShipped } from './model-in';

/** The word for the model that ships, in the place of a folder. */
export const shippedWord = 'shipped';

/**
 * The model that a training starts from.
 *
 * @param named - its folder, {@link shippedWord}, or the name under which a model ships
 * @throws ConcordError as `loadModel`; as `loadShippedModel` for what ships.
 */
export async function startingModel<Kind extends keyof ModelByKind>(
  named: string,
  kind: Kind,
): Promise<ModelOf<Kind>> {
  return loadModel(named === shippedWord ? shippedFolder(kind) : await folderOrShipped(named), kind);
}
