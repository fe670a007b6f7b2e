import { basename } from 'node:path';
import { counted } from '../../data/counted';
import { readTextFile } from '../files/read-file';
import { imageError } from '../volumes/image-error';
import { readMapFile } from './map-file';

/** Which vertices of a surface are cortex, as a file says it. */
export interface CortexFile {
  readonly file: string;
  /** The vertices that a label lists, or the value of each vertex of a map. */
  readonly listed?: Int32Array;
  readonly values?: ArrayLike<number>;
}

/**
 * Reads which vertices are cortex: FreeSurfer's label (`lh.cortex.label`), which lists them, or a map in any format of
 * maps, in which they are neither 0 nor missing.
 *
 * @throws ConcordError `unreadable-file`, `malformed-image`, and those of reading a map.
 */
export async function readCortex(file: string): Promise<CortexFile> {
  if (!/\.label$/i.test(file)) return { file, values: await readMapFile(file) };
  return { file, listed: labelVertices(await readTextFile(file), file) };
}

/**
 * FreeSurfer's labels are text: a comment, the number of vertices, and a line for each: its number from 0, three coordinates
 * and a value. (No library of the registry reads them.)
 */
function labelVertices(text: string, file: string): Int32Array {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [count, ...rows] = lines;
  const listed = Int32Array.from(rows, (row) => (/^-?\d+\s/.test(row) ? Number.parseInt(row, 10) : noVertex));
  if (!/^\d+$/.test(count ?? '') || Number(count) !== rows.length || listed.includes(noVertex)) {
    throw imageError(
      'malformed-image',
      file,
      `malformed label: ${file} does not have the number of its vertices and as many lines, each beginning with one (a label that FreeSurfer wrote is text, such as lh.cortex.label)`,
    );
  }
  if (listed.some((vertex) => vertex < 0)) {
    throw imageError(
      'malformed-image',
      file,
      `malformed label: ${file} lists places without vertices, as labels of volumes do (a label of a surface is required)`,
    );
  }
  return listed;
}

/** No vertex of a surface, and none of a volume, which is −1. */
const noVertex = -2;

/**
 * The vertices of a surface that are cortex.
 *
 * @returns 1 for each that is
 * @throws ConcordError `different-grids` where the file is about another surface, or about less than half of this one, as a label
 * of the medial wall is.
 */
export function cortexMask({ file, listed, values }: CortexFile, vertices: number): Uint8Array {
  const mask = new Uint8Array(vertices);
  const most =
    listed === undefined
      ? (values?.length ?? 0)
      : listed.reduce((largest, vertex) => Math.max(largest, vertex), -1) + 1;
  if (listed === undefined ? most !== vertices : most > vertices) {
    const has = listed === undefined ? counted(most, 'vertex', 'vertices') : `vertex ${most - 1}`;
    throw imageError(
      'different-grids',
      file,
      `different grids: ${file} has ${has}, and the maps have ${vertices.toLocaleString('en-US')} vertices (give the cortex of the surface that the maps are on)`,
    );
  }
  if (listed !== undefined) for (const vertex of listed) mask[vertex] = 1;
  else for (let at = 0; at < vertices; at++) mask[at] = Number(isInside(values?.[at] ?? NaN));
  const inside = mask.reduce((sum, one) => sum + one, 0);
  if (2 * inside < vertices) {
    throw imageError(
      'different-grids',
      file,
      `too little cortex: ${basename(file)} has ${inside.toLocaleString('en-US')} of ${vertices.toLocaleString('en-US')} vertices, and cortex is more than half of a surface (give what is cortex, not the medial wall)`,
    );
  }
  return mask;
}

function isInside(value: number): boolean {
  return value !== 0 && !Number.isNaN(value);
}
