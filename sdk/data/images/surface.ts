import { ConcordError } from '../../errors';
import { requireCall } from '../calls/require-call';

/** One of the two halves of the brain. */
export type Hemisphere = 'left' | 'right';

/** A surface made of triangles, as the cortex is given by FreeSurfer: where its vertices are, not what was measured there. */
export interface Surface {
  /** How many vertices there are; they are numbered from 0. */
  readonly vertices: number;
  /** Three millimeters for each vertex: to the right, to the front, up (RAS), vertex after vertex. */
  readonly points: Float32Array;
  /** The numbers of the three corners of each triangle, triangle after triangle. */
  readonly triangles: Int32Array;
  /** Which half of the brain it is, where that is known. */
  readonly hemisphere?: Hemisphere;
}

/** Options of {@link makeSurface}. */
export interface SurfaceOptions {
  /** Which half of the brain it is: figures call its sides lateral and medial by it. */
  readonly hemisphere?: Hemisphere;
}

/**
 * Makes a {@link Surface} of points and triangles.
 *
 * @param points - x, y, z in millimeters for each vertex: to the right, to the front, up
 * @param triangles - the numbers of three vertices, from 0, for each triangle
 * @throws ConcordError `invalid-option` naming the first coordinate that is no number, or the first triangle with a vertex that is not there.
 *
 * @example
 * ```ts
 * const tetrahedron = surfaces.makeSurface([0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9], [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);
 * ```
 */
export function makeSurface(
  points: ArrayLike<number>,
  triangles: ArrayLike<number>,
  options: SurfaceOptions = {},
): Surface {
  requireCall('surfaces.makeSurface', { points, triangles, options });
  const { hemisphere } = options;
  const problem = surfaceProblem(points, triangles);
  if (problem !== undefined) throw new ConcordError('invalid-option', `invalid surface: ${problem}`);
  if (hemisphere !== undefined && hemisphere !== 'left' && hemisphere !== 'right') {
    throw new ConcordError(
      'invalid-option',
      `invalid hemisphere: ${JSON.stringify(hemisphere)} (left or right is allowed)`,
    );
  }
  return {
    vertices: points.length / 3,
    points: Float32Array.from(points),
    triangles: Int32Array.from(triangles),
    hemisphere,
  };
}

/** What is wrong with points and triangles, if anything. */
export function surfaceProblem(points: ArrayLike<number>, triangles: ArrayLike<number>): string | undefined {
  if (points.length === 0 || points.length % 3 !== 0)
    return `${points.length} coordinates (three for each vertex are needed)`;
  if (triangles.length === 0 || triangles.length % 3 !== 0)
    return `${triangles.length} corners of triangles (three for each are needed)`;
  for (let at = 0; at < points.length; at++) {
    if (!Number.isFinite(points[at])) return `vertex ${Math.floor(at / 3)} is at ${points[at]}`;
  }
  const vertices = points.length / 3;
  for (let at = 0; at < triangles.length; at++) {
    const vertex = triangles[at];
    if (Number.isInteger(vertex) && vertex >= 0 && vertex < vertices) continue;
    return `triangle ${Math.floor(at / 3)} has the corner ${vertex} (vertices from 0 to ${vertices - 1} are there)`;
  }
  return undefined;
}
