import type { Mesh } from '../../math/sphere-mesh';

/** Puts the outward normals of length one at the vertices into `normals`: those of the triangles around, by area. */
export function vertexNormals({ vertices: v, triangles }: Mesh, normals: Float64Array): void {
  normals.fill(0);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = 3 * triangles[at];
    const b = 3 * triangles[at + 1];
    const c = 3 * triangles[at + 2];
    const ux = v[b] - v[a];
    const uy = v[b + 1] - v[a + 1];
    const uz = v[b + 2] - v[a + 2];
    const wx = v[c] - v[a];
    const wy = v[c + 1] - v[a + 1];
    const wz = v[c + 2] - v[a + 2];
    const nx = uy * wz - uz * wy;
    const ny = uz * wx - ux * wz;
    const nz = ux * wy - uy * wx;
    for (let corner = 0; corner < 3; corner++) {
      const to = corner === 0 ? a : corner === 1 ? b : c;
      normals[to] += nx;
      normals[to + 1] += ny;
      normals[to + 2] += nz;
    }
  }
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
