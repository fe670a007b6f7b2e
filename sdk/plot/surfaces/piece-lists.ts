import type { JsonObject } from '../../data/json';
import type { SurfacePiece } from './cut-by-value';
import { numberList } from './number-list';

/** How the numbers of a piece of a surface are written in a figure. */
export interface PieceLists {
  /** Where its points are along an axis. */
  along(axis: number, piece: SurfacePiece, points: Float32Array): JsonObject;
  /** What its points have of a map. */
  valuesOf(values: ArrayLike<number>, piece: SurfacePiece): JsonObject;
}

/** One after the other, as Plotly takes them. */
export const plainLists: PieceLists = {
  along: (axis, { points, vertices }) =>
    numberList(Float32Array.from(vertices, (_, at) => points[3 * at + axis])),
  valuesOf: (values, { vertices }) => numberList(Float32Array.from(vertices, (vertex) => values[vertex])),
};

/**
 * By the vertices of the surface, for pages that work them out: `{ of, halfway: [a, b] }` is the mean of what a list has at a and
 * at b, point by point. Of maps with many holes a page then holds the surface and its maps once, and not the points along each hole.
 */
export const listsByVertex: PieceLists = {
  along: (axis, piece, points) =>
    byVertex(
      Float32Array.from({ length: points.length / 3 }, (_, vertex) => points[3 * vertex + axis]),
      piece.vertices,
      piece.toward,
    ),
  valuesOf: (values, { vertices }) => byVertex(Float32Array.from(values), vertices, vertices),
};

function byVertex(of: Float32Array, one: Int32Array, other: Int32Array): JsonObject {
  return { of: numberList(of), halfway: [numberList(one), numberList(other)] };
}
