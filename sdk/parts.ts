import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { ConcordError } from './errors';

/** The files that `scripts/bundle-parts.mjs` makes of packages of which Concord uses a little. */
export type PartName =
  | 'elastix.mjs'
  | 'niivue.umd.js'
  | 'parquet.cjs'
  | 'parquet-writer.cjs'
  | 'tfjs-backend-webgpu.cjs'
  | 'tfjs-gradients.cjs';

/** Beside the compiled files; the sources, in a checkout, use those that `npm run build` made. */
const folder = extname(__filename) === '.ts' ? join(__dirname, 'dist', 'parts') : join(__dirname, 'parts');

/** Where a part is, whether it is there or not. */
export function partPath(name: PartName): string {
  return join(folder, name);
}

/**
 * Loads a part that is CommonJS.
 *
 * @throws ConcordError `missing-package` when it is not there.
 */
export function loadPart(name: PartName): unknown {
  const require = createRequire(__filename);
  try {
    return require(partPath(name));
  } catch (cause) {
    throw missingPart(name, cause);
  }
}

/** The text of a file that came with an installed package, as it is on the disk. */
export function packageText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The error for a part that is not where it belongs: the package is damaged, or was put into a bundle. */
export function missingPart(name: PartName, cause?: unknown): ConcordError {
  const ways = 'install concord-mri anew; where a bundler packed it, mark concord-mri as external';
  const said = cause instanceof Error && !isMissing(cause) ? `: ${cause.message}` : '';
  return new ConcordError('missing-package', `missing file of concord-mri: ${name}${said} (${ways})`, {
    where: { file: partPath(name) },
    cause,
  });
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
