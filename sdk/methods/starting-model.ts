import type { MethodOption } from './method-option';
import { valueOption } from './method-option';
import type { ModelByKind } from './methods';
import type { ModelOf } from './save-model';

/** The word for the model that ships, in the place of a folder. */
const ships = 'shipped';

/** The option that names a model to start a training from. */
export function startOption(): MethodOption<string | undefined> {
  return valueOption(
    'text',
    '--start-from <model>',
    `the folder of a model of this method and size to continue from, at other sites too; or ${ships}, for the one that ships`,
  );
}

/**
 * The model that a training starts from; none where none is named.
 *
 * @throws ConcordError as `loadModel`, and `loadShippedModel` for `shipped`.
 */
export async function startingModel<Kind extends keyof ModelByKind>(
  named: string | undefined,
  kind: Kind,
): Promise<ModelOf<Kind> | undefined> {
  if (named === undefined) return undefined;
  const { loadModel } = await import('./save-model.js');
  if (named !== ships) return loadModel(named, kind);
  const { shippedFolder } = await import('./shipped-models.js');
  return loadModel(shippedFolder(kind), kind);
}
