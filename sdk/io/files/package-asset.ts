import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConcordError } from '../../errors';
import { readAsset } from './read-file';

/**
 * Reads a file of an installed package that the package itself does not let Node resolve, such as a build for
 * browsers to be put into a page.
 *
 * @param file - its place inside the package, with forward slashes
 * @throws ConcordError `missing-package` when the package or the file is not there; `unreadable-file`.
 */
export function readPackageAsset(packageName: string, file: string): Buffer {
  for (const folder of require.resolve.paths(packageName) ?? []) {
    const path = join(folder, packageName, file);
    if (existsSync(path)) return readAsset(path);
  }
  throw new ConcordError(
    'missing-package',
    `missing package: ${packageName} with its file ${file} (install it: npm install ${packageName})`,
  );
}
