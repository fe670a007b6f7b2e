import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder of real data that tests run on where it is present; see the README for what belongs in it. */
const folder = process.env['CONCORD_DATA'] ?? resolve(__dirname, '../../../shared/data');

/** The path of a shared data file or folder, or `undefined` where this machine does not have it. */
export function sharedData(relativePath: string): string | undefined {
  const path = resolve(folder, relativePath);
  return existsSync(path) ? path : undefined;
}
