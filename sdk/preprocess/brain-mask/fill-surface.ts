import type { Triple } from '../../data/images/affine';
import type { Mesh } from '../../math/sphere-mesh';

/**
 * Marks the voxels whose centers are inside a closed surface. Each line of voxels along x counts the triangles it goes
 * through, inwards up and outwards down, so that a surface that runs through itself is filled without holes.
 *
 * @param mesh - vertices in voxel indices
 */
export function fillSurface(mesh: Mesh, shape: Triple): Uint8Array {
  const [nx, ny, nz] = shape;
  // One more place per line, for surfaces that end beyond the image.
  const winding = new Int16Array((nx + 1) * ny * nz);
  for (let at = 0; at < mesh.triangles.length; at += 3) crossTriangle(mesh, at, shape, winding);
  const mask = new Uint8Array(nx * ny * nz);
  for (let line = 0; line < ny * nz; line++) {
    let depth = 0;
    for (let x = 0; x < nx; x++) {
      depth += winding[line * (nx + 1) + x];
      mask[line * nx + x] = depth > 0 ? 1 : 0;
    }
  }
  return mask;
}

/** Keeps lines of voxels from running exactly through vertices and edges. */
const nudge = [1.234e-5, 2.718e-5];

function crossTriangle(mesh: Mesh, at: number, [nx, ny, nz]: Triple, winding: Int16Array): void {
  const [a, b, c] = [0, 1, 2].map((corner) => 3 * mesh.triangles[at + corner]);
  const v = mesh.vertices;
  const ay = v[a + 1];
  const az = v[a + 2];
  const by = v[b + 1];
  const bz = v[b + 2];
  const cy = v[c + 1];
  const cz = v[c + 2];
  const area = (by - ay) * (cz - az) - (cy - ay) * (bz - az);
  if (area === 0) return;
  const y1 = Math.min(ny - 1, Math.floor(Math.max(ay, by, cy)));
  const z1 = Math.min(nz - 1, Math.floor(Math.max(az, bz, cz)));
  for (let z = Math.max(0, Math.floor(Math.min(az, bz, cz))); z <= z1; z++) {
    for (let y = Math.max(0, Math.floor(Math.min(ay, by, cy))); y <= y1; y++) {
      const py = y + nudge[0];
      const pz = z + nudge[1];
      const toA = ((by - py) * (cz - pz) - (cy - py) * (bz - pz)) / area;
      const toB = ((cy - py) * (az - pz) - (ay - py) * (cz - pz)) / area;
      const toC = 1 - toA - toB;
      if (toA < 0 || toB < 0 || toC < 0) continue;
      const x = toA * v[a] + toB * v[b] + toC * v[c];
      const first = Math.min(nx, Math.max(0, Math.ceil(x)));
      // The outward normal points along +x where the projected area is positive: the line leaves there.
      winding[(nx + 1) * (y + ny * z) + first] += area > 0 ? -1 : 1;
    }
  }
}
