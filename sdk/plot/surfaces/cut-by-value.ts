import type { Surface } from '../../data/images/surface';

/** A piece of a surface whose points all have a value, or none of which has one. */
export interface SurfacePiece {
  readonly points: Float32Array;
  readonly triangles: Int32Array;
  /** Of which vertex of the surface each point is. */
  readonly vertices: Int32Array;
  /** Which vertex it is halfway to; itself where it is that vertex. */
  readonly toward: Int32Array;
}

/**
 * Cuts a surface where vertices with a value meet vertices without one: halfway along the edges between them. Nothing is drawn as
 * having a value that has none, and no value is hidden. Triangles share the points that edges are cut at, so that a surface of many
 * holes is not much larger than one without.
 */
export function cutByValue(
  surface: Surface,
  values: ArrayLike<number>,
): { readonly valued: SurfacePiece; readonly empty: SurfacePiece } {
  const [valued, empty] = [pieceMaker(surface), pieceMaker(surface)];
  const { triangles } = surface;
  const isMissing = Uint8Array.from({ length: surface.vertices }, (_, vertex) =>
    Number.isNaN(values[vertex]) ? 1 : 0,
  );
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at], triangles[at + 1], triangles[at + 2]] as const;
    const missing = isMissing[corners[0]] + isMissing[corners[1]] + isMissing[corners[2]];
    if (missing === 0) valued.add(...corners);
    else if (missing === 3) empty.add(...corners);
    else {
      const odd = corners.findIndex((vertex) => isMissing[vertex] === (missing === 1 ? 1 : 0));
      const [alone, next, last] = [0, 1, 2].map((step) => corners[(odd + step) % 3]);
      const [ofOne, ofTwo] = missing === 1 ? [empty, valued] : [valued, empty];
      ofOne.addTip(alone, next, last);
      ofTwo.addRest(alone, next, last);
    }
  }
  return { valued: valued.made(), empty: empty.made() };
}

interface PieceMaker {
  /** Adds a triangle of the surface. */
  add(a: number, b: number, c: number): void;
  /** Adds the part at one corner of a triangle, up to the middles of the edges there. */
  addTip(corner: number, next: number, last: number): void;
  /** Adds what is left of a triangle without the part at a corner. */
  addRest(corner: number, next: number, last: number): void;
  made(): SurfacePiece;
}

function pieceMaker(surface: Surface): PieceMaker {
  const places = new Int32Array(surface.vertices).fill(-1);
  const middles = new Map<number, number>();
  const vertices: number[] = [];
  const toward: number[] = [];
  const points: number[] = [];
  const triangles: number[] = [];
  const placeOf = (vertex: number): number => {
    if (places[vertex] === -1) {
      const at = 3 * vertex;
      points.push(surface.points[at], surface.points[at + 1], surface.points[at + 2]);
      toward.push(vertex);
      places[vertex] = vertices.push(vertex) - 1;
    }
    return places[vertex];
  };
  /** The middle of an edge, which has the value of its end in this piece. */
  const middleOf = (own: number, other: number): number => {
    const edge = own * surface.vertices + other;
    const known = middles.get(edge);
    if (known !== undefined) return known;
    for (let axis = 0; axis < 3; axis++)
      points.push((surface.points[3 * own + axis] + surface.points[3 * other + axis]) / 2);
    toward.push(other);
    const place = vertices.push(own) - 1;
    middles.set(edge, place);
    return place;
  };
  return {
    add(a, b, c) {
      triangles.push(placeOf(a), placeOf(b), placeOf(c));
    },
    addTip(corner, next, last) {
      triangles.push(placeOf(corner), middleOf(corner, next), middleOf(corner, last));
    },
    addRest(corner, next, last) {
      const [first, second] = [middleOf(next, corner), middleOf(last, corner)];
      triangles.push(placeOf(next), placeOf(last), first, placeOf(last), second, first);
    },
    made: () => ({
      points: Float32Array.from(points),
      triangles: Int32Array.from(triangles),
      vertices: Int32Array.from(vertices),
      toward: Int32Array.from(toward),
    }),
  };
}
