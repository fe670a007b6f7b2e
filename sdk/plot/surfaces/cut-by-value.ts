import type { Surface } from '../../data/images/surface';

/** A piece of a surface whose points all have a value, or none of which has one. */
export interface SurfacePiece {
  readonly points: Float32Array;
  readonly triangles: Int32Array;
  /** Of which vertex of the surface each point is. */
  readonly vertices: Int32Array;
}

/**
 * Cuts a surface where vertices with a value meet vertices without one: halfway between them, as the nearest vertex has it. Triangles
 * with corners of both kinds become six smaller ones, two for each corner, around their middle. Nothing is drawn as having a value
 * that has none, and no value is hidden.
 */
export function cutByValue(
  surface: Surface,
  values: ArrayLike<number>,
): { readonly valued: SurfacePiece; readonly empty: SurfacePiece } {
  const [valued, empty] = [pieceMaker(surface), pieceMaker(surface)];
  const { triangles, points } = surface;
  const isMissing = Uint8Array.from({ length: surface.vertices }, (_, vertex) =>
    Number.isNaN(values[vertex]) ? 1 : 0,
  );
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    const missing = isMissing[a] + isMissing[b] + isMissing[c];
    if (missing === 0) valued.add(a, b, c);
    else if (missing === 3) empty.add(a, b, c);
    else {
      const middle = meanOf(points, [a, b, c]);
      for (const [own, next, last] of [
        [a, b, c],
        [b, c, a],
        [c, a, b],
      ]) {
        const piece = isMissing[own] === 1 ? empty : valued;
        piece.addAround(own, [meanOf(points, [own, next]), middle, meanOf(points, [own, last])]);
      }
    }
  }
  return { valued: valued.made(), empty: empty.made() };
}

type Point = readonly [x: number, y: number, z: number];

function meanOf(points: Float32Array, vertices: readonly number[]): Point {
  const along = (axis: number): number =>
    vertices.reduce((sum, vertex) => sum + points[3 * vertex + axis], 0) / vertices.length;
  return [along(0), along(1), along(2)];
}

interface PieceMaker {
  /** Adds a triangle of the surface. */
  add(a: number, b: number, c: number): void;
  /** Adds two triangles at a vertex, around three points that are part of its cell. */
  addAround(vertex: number, others: readonly [Point, Point, Point]): void;
  made(): SurfacePiece;
}

function pieceMaker(surface: Surface): PieceMaker {
  const places = new Int32Array(surface.vertices).fill(-1);
  const vertices: number[] = [];
  const points: number[] = [];
  const triangles: number[] = [];
  const addPoint = (vertex: number, [x, y, z]: Point): number => {
    points.push(x, y, z);
    return vertices.push(vertex) - 1;
  };
  const placeOf = (vertex: number): number => {
    if (places[vertex] === -1) {
      const at = 3 * vertex;
      points.push(surface.points[at], surface.points[at + 1], surface.points[at + 2]);
      places[vertex] = vertices.push(vertex) - 1;
    }
    return places[vertex];
  };
  return {
    add(a, b, c) {
      triangles.push(placeOf(a), placeOf(b), placeOf(c));
    },
    addAround(vertex, [next, middle, last]) {
      const own = placeOf(vertex);
      const between = addPoint(vertex, middle);
      triangles.push(own, addPoint(vertex, next), between, own, between, addPoint(vertex, last));
    },
    made: () => ({
      points: Float32Array.from(points),
      triangles: Int32Array.from(triangles),
      vertices: Int32Array.from(vertices),
    }),
  };
}
