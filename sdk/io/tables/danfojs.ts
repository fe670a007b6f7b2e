import { createRequire } from 'node:module';
import { ConcordError } from '../../errors';
import type { DataFrameLike } from './data-frame-like';
import { currentFolder } from '../../own-folders';

/** The part of the package danfojs-node that this package uses, for any type of frame. */
export interface DanfoModule<Frame> {
  readonly DataFrame: new (
    data: (string | number | null)[][],
    options: { columns: string[]; dtypes: string[] },
  ) => Frame;
}

/**
 * Loads danfojs-node, from beside this package or from the folder of the running program. It is an optional peer: its
 * own dependencies cannot be installed as they are.
 *
 * @param from - the folders to look from
 * @throws ConcordError `missing-package` with the way to install it.
 */
export function requireDanfo(
  from: readonly string[] = [__dirname, currentFolder()],
): DanfoModule<DataFrameLike> {
  const require = createRequire(__filename);
  try {
    return require(require.resolve('danfojs-node', { paths: [...from] })) as DanfoModule<DataFrameLike>;
  } catch (cause) {
    throw new ConcordError(
      'missing-package',
      'missing package: danfojs-node (put "overrides": {"danfojs-node": {"@tensorflow/tfjs-node": ' +
        '"npm:@tensorflow/tfjs@4.22.0", "xlsx": "npm:@e965/xlsx@0.20.3"}} into your package.json, ' +
        'then npm install danfojs-node)',
      { cause },
    );
  }
}
