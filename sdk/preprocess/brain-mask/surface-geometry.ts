import type { Mesh } from '../../math/sphere-mesh';
import { addTriangleNormals } from '../../math/triangle-normals';

/** Puts the outward normals of length one at the vertices into `normals`: those of the triangles around, by area. */
export function vertexNormals({ vertices, triangles }: Mesh, normals: Float64Array): void {
  normals.fill(0);
  addTriangleNormals(vertices, triangles, normals);
  for (let at = 0; at < normals.length; at += 3) {
    const length = Math.sqrt(normals[at] ** 2 + normals[at + 1] ** 2 + normals[at + 2] ** 2) || 1;
    normals[at] /= length;
    normals[at + 1] /= length;
    normals[at + 2] /= length;
  }
}

/** The mean length of the edges. */
export function meanEdge({ vertices: v, neighbors, starts }: Mesh): number {
  let sum = 0;
  for (let vertex = 0; vertex + 1 < starts.length; vertex++) {
    const a = 3 * vertex;
    for (let k = starts[vertex]; k < starts[vertex + 1]; k++) {
      const b = 3 * neighbors[k];
      sum += Math.sqrt((v[a] - v[b]) ** 2 + (v[a + 1] - v[b + 1]) ** 2 + (v[a + 2] - v[b + 2]) ** 2);
    }
  }
  return sum / neighbors.length;
}
