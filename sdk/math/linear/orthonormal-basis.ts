import { addMultiple } from './add-multiple';
import { dot } from './dot';

/** A direction that a column added to the span of those before it. */
export interface BasisVector {
  /** Of unit length. */
  readonly direction: Float64Array;
  /** Length of what was left of the column beside the columns before it. */
  readonly length: number;
}

/** A column of which less than this share is left counts as dependent on those before it. */
const DEPENDENT = 1e-10;

/**
 * The orthonormal directions that `columns` add to those of `before`, in order; dependent columns add none.
 * Gram–Schmidt done twice, which is orthogonal to rounding (Giraud, Langou & Rozložník 2005).
 */
export function extendBasis(
  before: readonly BasisVector[],
  columns: readonly Float64Array[],
): readonly BasisVector[] {
  const added: BasisVector[] = [];
  for (const column of columns) {
    const rest = Float64Array.from(column);
    const norm = lengthOf(rest);
    for (let pass = 0; pass < 2; pass++) {
      for (const { direction } of before) removeAlong(rest, direction);
      for (const { direction } of added) removeAlong(rest, direction);
    }
    const length = lengthOf(rest);
    if (length > DEPENDENT * norm) added.push({ direction: rest.map((value) => value / length), length });
  }
  return added;
}

function removeAlong(vector: Float64Array, direction: Float64Array): void {
  const weight = -dot(vector, direction);
  addMultiple(vector, direction, { to: 0, from: 0, count: vector.length, weight });
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
