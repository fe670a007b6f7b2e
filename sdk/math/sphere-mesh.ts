/** A closed surface of triangles. */
export interface Mesh {
  /** x, y, z of each vertex, one after the other. */
  readonly vertices: Float64Array;
  /** Three vertices of each triangle, counter-clockwise as seen from outside. */
  readonly triangles: Int32Array;
  /** For each vertex its neighbors: those of vertex `v` are from `starts[v]` up to `starts[v + 1]`. */
  readonly neighbors: Int32Array;
  readonly starts: Int32Array;
}

/**
 * Makes a sphere of radius one around the origin by dividing the triangles of an icosahedron in four, again and again.
 *
 * @param divisions - how often; 4 gives 2562 vertices
 */
export function sphereMesh(divisions: number): Mesh {
  let vertices = [...icosahedronVertices];
  let triangles = [...icosahedronTriangles];
  for (let division = 0; division < divisions; division++)
    [vertices, triangles] = divide(vertices, triangles);
  return {
    vertices: Float64Array.from(vertices),
    triangles: Int32Array.from(triangles),
    ...neighborsOf(triangles),
  };
}

const golden = (1 + Math.sqrt(5)) / 2;
const norm = Math.hypot(1, golden);
const a = 1 / norm;
const b = golden / norm;

const icosahedronVertices: readonly number[] = [
  ...[-a, b, 0, a, b, 0, -a, -b, 0, a, -b, 0],
  ...[0, -a, b, 0, a, b, 0, -a, -b, 0, a, -b],
  ...[b, 0, -a, b, 0, a, -b, 0, -a, -b, 0, a],
];

const icosahedronTriangles: readonly number[] = [
  ...[0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11],
  ...[1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8],
  ...[3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9],
  ...[4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1],
];

function divide(vertices: number[], triangles: readonly number[]): [number[], number[]] {
  const middles = new Map<string, number>();
  const middle = (p: number, q: number): number => {
    const key = p < q ? `${p} ${q}` : `${q} ${p}`;
    const known = middles.get(key);
    if (known !== undefined) return known;
    const point = [0, 1, 2].map((axis) => vertices[3 * p + axis] + vertices[3 * q + axis]);
    const length = Math.hypot(...point);
    const made = vertices.length / 3;
    vertices.push(...point.map((value) => value / length));
    middles.set(key, made);
    return made;
  };
  const finer: number[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const [p, q, r] = triangles.slice(at, at + 3);
    const pq = middle(p, q);
    const qr = middle(q, r);
    const rp = middle(r, p);
    finer.push(p, pq, rp, q, qr, pq, r, rp, qr, pq, qr, rp);
  }
  return [vertices, finer];
}

function neighborsOf(triangles: readonly number[]): Pick<Mesh, 'neighbors' | 'starts'> {
  const sets: Set<number>[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = triangles.slice(at, at + 3);
    for (const corner of corners) {
      const known = (sets[corner] ??= new Set());
      for (const other of corners) if (other !== corner) known.add(other);
    }
  }
  const starts = new Int32Array(sets.length + 1);
  sets.forEach((set, vertex) => (starts[vertex + 1] = starts[vertex] + set.size));
  return { neighbors: Int32Array.from(sets.flatMap((set) => [...set])), starts };
}
