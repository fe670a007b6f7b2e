import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { headFloor } from './robust-range';
import type { Mesh } from '../../math/sphere-mesh';
import { meanEdge, vertexNormals } from './surface-geometry';
import type { WorkingImage } from './working-grid';

/** What drives the surface. */
export interface SurfaceForces {
  /** The typical intensity of brain. */
  readonly brain: number;
  /** Which share of the brightest intensity nearby the darkest must reach for brain: larger gives a smaller brain. */
  readonly fraction: number;
  /** How often the surface moves: from the first to the last of all moves, for the progress. */
  readonly moves: { readonly from: number; readonly to: number; readonly total: number };
}

/** After how many moves others get their turn. */
const atOnce = 100;
/** How far inwards of the surface the darkest and the brightest intensity are looked for, in mm. */
const reach = { darkest: 20, brightest: 10 };
/** Radii of curvature in mm: bends sharper than the first are smoothed out, flatter than the second hardly touched. */
const bend = { sharp: 3.33, flat: 10 };

/**
 * Grows a surface from inside the brain to its edge (Smith 2002, "Fast robust automated brain extraction", Human Brain
 * Mapping 17:143): each vertex is drawn towards the middle of its neighbors, along the surface for even spacing and
 * across it for smoothness (the more the sharper it is bent), and outwards or inwards as the intensities just inside of
 * it are brain or not.
 *
 * @param image - robust range 0 to 1
 * @param mesh - vertices in voxel indices of the image; not changed
 * @throws ConcordError `aborted` when canceled.
 */
export async function deformSurface(
  image: WorkingImage,
  mesh: Mesh,
  forces: SurfaceForces,
  run: RunOptions = {},
): Promise<Mesh> {
  const surface = new MovingSurface(image, mesh, forces);
  const { from, to, total } = forces.moves;
  for (let done = from; done < to; done++) {
    if (done % atOnce === 0) {
      await breathe(run.signal);
      run.onProgress?.({ label: 'finding the brain', done, total });
    }
    surface.move();
  }
  return surface.mesh;
}

class MovingSurface {
  private readonly normals: Float64Array;
  private next: Float64Array;
  private current: Mesh;
  /** {@link reach} in voxels. */
  private readonly steps: typeof reach;

  constructor(
    private readonly image: WorkingImage,
    mesh: Mesh,
    private readonly forces: SurfaceForces,
  ) {
    this.current = { ...mesh, vertices: mesh.vertices.slice() };
    this.next = mesh.vertices.slice();
    this.normals = new Float64Array(mesh.vertices.length);
    this.steps = {
      darkest: Math.round(reach.darkest / image.spacing),
      brightest: Math.round(reach.brightest / image.spacing),
    };
  }

  get mesh(): Mesh {
    return this.current;
  }

  /** Moves every vertex once: equations 3 to 13 of the paper. */
  move(): void {
    const { current, next, normals } = this;
    const { vertices, neighbors, starts } = current;
    vertexNormals(current, normals);
    const edge = meanEdge(current);
    const curvatureScale = 2 / (edge * edge * this.image.spacing);
    for (let at = 0, vertex = 0; at < vertices.length; at += 3, vertex++) {
      let sx = 0;
      let sy = 0;
      let sz = 0;
      for (let k = starts[vertex]; k < starts[vertex + 1]; k++) {
        const other = 3 * neighbors[k];
        sx += vertices[other];
        sy += vertices[other + 1];
        sz += vertices[other + 2];
      }
      const count = starts[vertex + 1] - starts[vertex];
      sx = sx / count - vertices[at];
      sy = sy / count - vertices[at + 1];
      sz = sz / count - vertices[at + 2];
      const across = sx * normals[at] + sy * normals[at + 1] + sz * normals[at + 2];
      const push = 0.05 * edge * this.push(at);
      // Half of the way along the surface; across it as far as its bend and the image ask for.
      const normal = (smoothing(Math.abs(across) * curvatureScale) - 0.5) * across + push;
      next[at] = vertices[at] + 0.5 * sx + normal * normals[at];
      next[at + 1] = vertices[at + 1] + 0.5 * sy + normal * normals[at + 1];
      next[at + 2] = vertices[at + 2] + 0.5 * sz + normal * normals[at + 2];
    }
    this.next = vertices;
    this.current = { ...current, vertices: next };
  }

  /** Between −2, not brain, and 2, brain, by the intensities on the way inwards from a vertex: equations 9 to 13. */
  private push(at: number): number {
    const { normals, forces, steps } = this;
    const { data, shape } = this.image;
    const { vertices } = this.current;
    const nx = shape[0];
    const ny = shape[1];
    const nz = shape[2];
    // Half a voxel further, so that cutting off the fraction finds the nearest voxel.
    const x = vertices[at] + 0.5;
    const y = vertices[at + 1] + 0.5;
    const z = vertices[at + 2] + 0.5;
    let darkest = forces.brain;
    let brightest = headFloor;
    for (let step = 0; step <= steps.darkest; step++) {
      const u = x - step * normals[at];
      const v = y - step * normals[at + 1];
      const w = z - step * normals[at + 2];
      const inside = u >= 0 && v >= 0 && w >= 0 && u < nx && v < ny && w < nz;
      const value = inside ? data[(u | 0) + nx * ((v | 0) + ny * (w | 0))] : 0;
      if (value < darkest) darkest = value;
      if (step <= steps.brightest && value > brightest) brightest = value;
    }
    darkest = Math.max(0, darkest);
    brightest = Math.min(forces.brain, brightest);
    return (2 * (darkest - forces.fraction * brightest)) / brightest;
  }
}

/** How much of a bend of this curvature (1/mm) is smoothed out at each move, 0 to 1: equations 5 to 8. */
function smoothing(curvature: number): number {
  const middle = (1 / bend.sharp + 1 / bend.flat) / 2;
  const steepness = 6 / (1 / bend.sharp - 1 / bend.flat);
  return (1 + Math.tanh(steepness * (curvature - middle))) / 2;
}
