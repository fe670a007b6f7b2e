import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether what is audited are folders of scans: both are folders, and one says that it is a BIDS dataset. (A folder of
 * FreeSurfer subjects may say so too; what was made of it is a table.)
 */
export function areDatasets(paths: readonly string[]): boolean {
  const folders = paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  return (
    folders && paths.length === 2 && paths.some((path) => existsSync(join(path, 'dataset_description.json')))
  );
}
