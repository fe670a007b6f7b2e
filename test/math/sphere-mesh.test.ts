import assert from 'node:assert/strict';
import { sphereMesh } from '../../sdk/math/sphere-mesh';
import { meanEdge, vertexNormals } from '../../sdk/preprocess/brain-mask/surface-geometry';

describe('sphereMesh', () => {
  const mesh = sphereMesh(3);
  const vertices = mesh.vertices.length / 3;

  it('is closed: Euler characteristic 2, every edge in both directions once', () => {
    const edges = new Set<string>();
    for (let at = 0; at < mesh.triangles.length; at += 3) {
      const [a, b, c] = mesh.triangles.subarray(at, at + 3);
      for (const [from, to] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        assert.ok(!edges.has(`${from} ${to}`));
        edges.add(`${from} ${to}`);
      }
    }
    for (const edge of edges) assert.ok(edges.has(edge.split(' ').reverse().join(' ')));
    assert.equal(vertices, 642);
    assert.equal(vertices - edges.size / 2 + mesh.triangles.length / 3, 2);
    assert.equal(mesh.neighbors.length, edges.size);
  });

  it('has outward normals that point away from the center', () => {
    const normals = new Float64Array(mesh.vertices.length);
    vertexNormals(mesh, normals);
    for (let at = 0; at < normals.length; at += 3) {
      const cosine =
        normals[at] * mesh.vertices[at] +
        normals[at + 1] * mesh.vertices[at + 1] +
        normals[at + 2] * mesh.vertices[at + 2];
      assert.ok(cosine > 0.999);
    }
  });

  it('has edges of the length that its number of triangles asks for', () => {
    // Equilateral triangles of this edge, 1280 of them, have the area of the sphere.
    const edge = Math.sqrt((4 * Math.PI) / 1280 / (Math.sqrt(3) / 4));
    assert.ok(Math.abs(meanEdge(mesh) / edge - 1) < 0.02);
  });
});
