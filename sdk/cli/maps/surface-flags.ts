import type { Command } from 'commander';
import { listNames, quoteName } from '../../data/list-names';
import type { Surface } from '../../data/images/surface';
import { readSurface } from '../../io/volumes/surfaces/read-surface';
import { requireSide } from '../../plot/surfaces/map-part';
import { namedTextsOf, wrongUsage } from '../option-values';

type FilesOfParts = (text: string, before?: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;

/** Parses `lh=FILE,rh=FILE`; may be repeated. */
export const surfaceFiles: FilesOfParts = filesOfParts('surf/lh.inflated');

/** The same for what is cortex. */
export const cortexFiles: FilesOfParts = filesOfParts('label/lh.cortex.label');

function filesOfParts(example: string): FilesOfParts {
  return (text, before = new Map()) =>
    new Map([...before, ...namedTextsOf(text, `NAME=FILE is allowed, such as lh=${example}`)]);
}

/**
 * Reads the surfaces that maps are drawn on: one for each part.
 *
 * @param parts - the parts of the maps; a surface that is missing, or of another, is wrong usage
 * @throws ConcordError those of `readSurface`; `invalid-option` for the other half of the brain.
 */
export async function readSurfaces(
  files: ReadonlyMap<string, string>,
  parts: readonly string[],
  command: Command,
): Promise<ReadonlyMap<string, Surface>> {
  const stray = [...files.keys()].find((name) => !parts.includes(name));
  if (stray !== undefined)
    wrongUsage(command, `option '--surface' has ${quoteName(stray)}, and the parts are ${listNames(parts)}`);
  const missing = parts.find((name) => !files.has(name));
  if (missing !== undefined)
    wrongUsage(command, `option '--surface' has no file for ${quoteName(missing)} (NAME=FILE for each part)`);
  const surfaces = new Map<string, Surface>();
  for (const name of parts) {
    const surface = await readSurface(files.get(name) ?? '');
    requireSide(name, surface);
    surfaces.set(name, surface);
  }
  return surfaces;
}
