import { requireWithin } from '../data/require-within';
import type { MapValues } from '../io/maps/map-format';
import { imageError } from '../io/volumes/image-error';

/** A part of the maps of every scan, such as one hemisphere. */
export interface MapPart {
  readonly name: string;
  readonly vertices: number;
}

/** What the maps of all scans have in common, and in what pieces they are worked on. */
export interface MapLayout {
  readonly parts: readonly MapPart[];
  readonly vertices: number;
  readonly type: 'float32' | 'float64';
  /** Vertices of a block. */
  readonly block: number;
  /** Scans that are read or written together. */
  readonly group: number;
}

/** The name of a vertex: that of its part, and its number there. */
export function vertexNamer(parts: readonly MapPart[]): (vertex: number) => string {
  return (vertex) => {
    let rest = vertex;
    for (const { name, vertices } of parts) {
      if (rest < vertices) return `${name}.${rest}`;
      rest -= vertices;
    }
    return String(vertex);
  };
}

/**
 * Chooses how many vertices and scans are worked on at a time.
 *
 * @param of.memory - megabytes of values
 * @param of.extra - bytes that fitting takes for each value besides
 * @throws ConcordError `invalid-option`.
 */
export function layoutFor(
  parts: readonly MapPart[],
  type: MapLayout['type'],
  { scans, memory, extra = 0 }: { readonly scans: number; readonly memory: number; readonly extra?: number },
): MapLayout {
  requireWithin('memory', memory, [0.001, 1e6]);
  const vertices = parts.reduce((sum, part) => sum + part.vertices, 0);
  const width = type === 'float32' ? 4 : 8;
  const bytes = memory * 1e6;
  // A block is held as it is in the file and as 64-bit floats; a group as it is read, as it is written, and in files.
  const block = Math.floor(bytes / 4 / (scans * (width + 8 + extra)));
  const group = Math.floor(bytes / 4 / (vertices * width));
  return {
    parts,
    vertices,
    type,
    block: Math.min(vertices, Math.max(1, block)),
    group: Math.min(scans, Math.max(1, group)),
  };
}

/**
 * Joins the files of one scan.
 *
 * @throws ConcordError `different-grids` for another number of vertices than the first scan has.
 */
export function joinParts(
  maps: readonly MapValues[],
  files: readonly string[],
  {
    layout: { parts, vertices, type },
    example,
  }: { readonly layout: MapLayout; readonly example: readonly string[] },
): MapValues {
  const joined = type === 'float32' ? new Float32Array(vertices) : new Float64Array(vertices);
  let at = 0;
  maps.forEach((map, k) => {
    if (map.length !== parts[k].vertices) {
      throw imageError(
        'different-grids',
        files[k],
        `different grids: ${files[k]} has ${map.length} vertices and ${example[k]} ${parts[k].vertices} ` +
          '(bring all subjects to one surface, for example with mri_surf2surf --trgsubject fsaverage)',
      );
    }
    if (map instanceof Float64Array && type === 'float32') {
      throw imageError(
        'different-grids',
        files[k],
        `different numbers: ${files[k]} holds 64-bit floats, and ${example[k]} 32-bit floats, to which they would be rounded ` +
          '(write all files alike)',
      );
    }
    joined.set(map, at);
    at += map.length;
  });
  return joined;
}

/** Takes the joined values of a scan apart again. */
export function takeApart(values: MapValues, parts: readonly MapPart[]): readonly MapValues[] {
  let at = 0;
  return parts.map(({ vertices }) => values.subarray(at, (at += vertices)));
}
