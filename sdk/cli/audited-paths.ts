import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether two paths are folders of scans: both are folders, and one says that it is a BIDS dataset. (A folder of
 * FreeSurfer subjects may say so too; what it is audited against is a table, which is no folder.)
 */
export function areDatasets(paths: readonly string[]): boolean {
  const folders = paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  return (
    folders && paths.length === 2 && paths.some((path) => existsSync(join(path, 'dataset_description.json')))
  );
}
