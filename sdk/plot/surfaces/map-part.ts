import type { Hemisphere, Surface } from '../../data/images/surface';
import { listNames, quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { count } from '../layout';

/** One surface with the map that is drawn on it. */
export interface SurfaceMapPart {
  /** What it is called: `lh`. Names such as `lh`, `rh`, `L` and `right` say which half of the brain it is, where the surface does not. */
  readonly name: string;
  readonly surface: Surface;
  /** One value per vertex of the surface; NaN where there is none. */
  readonly values: Float32Array | Float64Array;
}

/**
 * Holds maps to their surfaces.
 *
 * @throws ConcordError `different-grids` for another number of vertices; `invalid-voxels` for infinite values; `invalid-option` for no
 * part, or one on the surface of the other half of the brain.
 */
export function requireParts(parts: readonly SurfaceMapPart[]): void {
  if (parts.length === 0)
    throw new ConcordError('invalid-option', 'invalid parts: none (one surface with its map at least)');
  const names = parts.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new ConcordError('invalid-option', `invalid parts: the same name twice (${listNames(names)})`);
  for (const { name, surface, values } of parts) {
    if (values.length !== surface.vertices) throw otherVertices(name, values.length, surface.vertices);
    const odd = values.findIndex((value) => value === Infinity || value === -Infinity);
    if (odd !== -1) {
      throw new ConcordError(
        'invalid-voxels',
        `invalid value: vertex ${odd} of ${name} is ${values[odd]} (a number, or NaN where there is none, is allowed)`,
      );
    }
    requireSide(name, surface);
  }
}

/**
 * Refuses a part whose name says the other half of the brain than its surface.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireSide(name: string, { hemisphere }: Surface): void {
  const named = sideOfName(name);
  if (named === undefined || hemisphere === undefined || named === hemisphere) return;
  throw new ConcordError(
    'invalid-option',
    `invalid surface for ${quoteName(name)}: it is of the ${hemisphere} hemisphere (give that of the ${named} one)`,
  );
}

/** The error for a map on a surface that it is not of. */
export function otherVertices(name: string, values: number, vertices: number): ConcordError {
  return new ConcordError(
    'different-grids',
    `different grids: the map of ${name} has ${count(values)} vertices and its surface ${count(vertices)} ` +
      '(give the geometry of the surface that the map is on: 163,842 vertices are those of fsaverage, 10,242 those of fsaverage5)',
  );
}

/** Which half of the brain a part is; `undefined` where neither its surface nor its name says it. */
export function sideOf({ name, surface }: SurfaceMapPart): Hemisphere | undefined {
  return surface.hemisphere ?? sideOfName(name);
}

/** What a part is called in figures. */
export function titleOfPart(part: SurfaceMapPart): string {
  const side = sideOf(part);
  return side === undefined ? part.name : `${side} hemisphere`;
}

function sideOfName(name: string): Hemisphere | undefined {
  const plain = name.trim().toLowerCase();
  if (['lh', 'l', 'left', 'hemi-l'].includes(plain)) return 'left';
  return ['rh', 'r', 'right', 'hemi-r'].includes(plain) ? 'right' : undefined;
}
