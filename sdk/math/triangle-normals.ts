/**
 * Adds to each vertex the normals of the triangles around it, as long as twice their areas: outward where corners are counter-clockwise
 * as seen from outside.
 *
 * @param points - x, y, z of each vertex, one after the other
 * @param triangles - three vertices of each triangle
 * @param normals - x, y, z of each vertex; what is there is added to
 */
export function addTriangleNormals(
  points: Float32Array | Float64Array,
  triangles: Int32Array,
  normals: Float64Array,
): void {
  for (let at = 0; at < triangles.length; at += 3) {
    const a = 3 * triangles[at];
    const b = 3 * triangles[at + 1];
    const c = 3 * triangles[at + 2];
    const ux = points[b] - points[a];
    const uy = points[b + 1] - points[a + 1];
    const uz = points[b + 2] - points[a + 2];
    const wx = points[c] - points[a];
    const wy = points[c + 1] - points[a + 1];
    const wz = points[c + 2] - points[a + 2];
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
}
