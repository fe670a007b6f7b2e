import { ConcordError } from '../../errors';
import type { PartName } from '../../parts';
import { missingPart, partPath } from '../../parts';
import { readAsset } from './read-file';

/**
 * Reads the main file of an installed package, such as a build for browsers to be put into a page.
 *
 * @throws ConcordError `missing-package` when the package is not there; `unreadable-file`.
 */
export function readPackage(packageName: string): Buffer {
  let path: string;
  try {
    path = require.resolve(packageName);
  } catch (cause) {
    const ways = `install it: npm install ${packageName}; where a bundler packed concord-mri, mark both as external`;
    throw new ConcordError('missing-package', `missing package: ${packageName} (${ways})`, { cause });
  }
  return readAsset(path);
}

/**
 * Reads a part that came with this package, to be put into a page.
 *
 * @throws ConcordError `missing-package` when it is not there.
 */
export function readPartBytes(name: PartName): Buffer {
  try {
    return readAsset(partPath(name));
  } catch (cause) {
    throw missingPart(name, cause);
  }
}
