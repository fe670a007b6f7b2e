import { listNames, quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { CortexFile } from '../../io/maps/read-cortex';
import { cortexMask, readCortex } from '../../io/maps/read-cortex';
import { advise, option } from '../../remedy';
import type { MapPart } from '../map-layout';

/**
 * Reads the cortex of each part.
 *
 * @param files - by the names of the parts: one for each
 * @returns in the order of the parts; `undefined` where none was given
 * @throws ConcordError `invalid-option`, and those of reading.
 */
export async function readCortices(
  files: Readonly<Record<string, string>> | undefined,
  parts: readonly string[],
): Promise<readonly CortexFile[] | undefined> {
  if (files === undefined) return undefined;
  const names = Object.keys(files);
  const stray = names.find((name) => !parts.includes(name));
  const lacking = parts.find((name) => !names.includes(name));
  if (stray !== undefined || lacking !== undefined) {
    const what = stray === undefined ? `no file for ${quoteName(lacking ?? '')}` : quoteName(stray);
    throw new ConcordError(
      'invalid-option',
      `invalid cortex: ${what}, and the parts are ${listNames(parts)}`,
      {
        remedy: advise`give ${option('cortex')} a file for each part`,
      },
    );
  }
  return Promise.all(parts.map(async (name) => readCortex(files[name])));
}

/**
 * The cortex of all parts together.
 *
 * @returns 1 for each vertex that is cortex, part after part; `undefined` where none was given
 * @throws ConcordError `different-grids`.
 */
export function joinedCortex(
  cortices: readonly CortexFile[] | undefined,
  parts: readonly MapPart[],
): Uint8Array | undefined {
  if (cortices === undefined) return undefined;
  return Buffer.concat(parts.map(({ vertices }, k) => cortexMask(cortices[k], vertices)));
}
