import { ConcordError } from '../errors';
import { requireCall } from './calls/require-call';

/** Which of a number of vertices touch: a graph without directions. */
export interface Neighborhood {
  readonly vertices: number;
  /** The neighbors of vertex `v` are from `starts[v]` up to `starts[v + 1]`, ascending. */
  readonly neighbors: Int32Array;
  /** One entry more than there are vertices. */
  readonly starts: Int32Array;
}

/**
 * Makes a {@link Neighborhood} from pairs of vertices that touch, each in any order; pairs that are listed twice count
 * once.
 *
 * @param vertices - how many there are; they are numbered from 0
 * @param pairs - two vertices after two vertices
 * @throws ConcordError `invalid-option` naming the first pair with a vertex that is not there or with one vertex twice.
 */
export function makeNeighborhood(vertices: number, pairs: ArrayLike<number>): Neighborhood {
  requireCall('surfaces.makeNeighborhood', { vertices, pairs });
  if (!(Number.isInteger(vertices) && vertices >= 1) || pairs.length % 2 !== 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid neighborhood: ${vertices} vertices and ${pairs.length} numbers (one vertex at least, and pairs)`,
    );
  }
  const sets = Array.from({ length: vertices }, () => new Set<number>());
  for (let at = 0; at < pairs.length; at += 2) {
    const one = pairs[at];
    const other = pairs[at + 1];
    const there = [one, other].every((v) => Number.isInteger(v) && v >= 0 && v < vertices);
    if (!there || one === other) {
      throw new ConcordError(
        'invalid-option',
        `invalid neighborhood: ${one} touches ${other} (two different vertices from 0 to ${vertices - 1} are needed)`,
      );
    }
    sets[one].add(other);
    sets[other].add(one);
  }
  const starts = new Int32Array(vertices + 1);
  sets.forEach((set, vertex) => (starts[vertex + 1] = starts[vertex] + set.size));
  const neighbors = Int32Array.from(sets.flatMap((set) => [...set].sort((a, b) => a - b)));
  return { vertices, neighbors, starts };
}

/**
 * Makes a {@link Neighborhood} of a surface: the corners of a triangle touch.
 *
 * @param triangles - three vertices after three vertices
 * @throws ConcordError `invalid-option`.
 */
export function neighborhoodFromTriangles(vertices: number, triangles: ArrayLike<number>): Neighborhood {
  requireCall('surfaces.neighborhoodFromTriangles', { vertices, triangles });
  if (triangles.length % 3 !== 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid triangles: ${triangles.length} numbers (three for each)`,
    );
  }
  const pairs: number[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const p = triangles[at];
    const q = triangles[at + 1];
    const r = triangles[at + 2];
    pairs.push(p, q, q, r, r, p);
  }
  return makeNeighborhood(vertices, pairs);
}
