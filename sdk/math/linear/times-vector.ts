import { dot } from './dot';

/** A matrix times a vector: the matrix row-major, with as many columns as the vector has numbers. */
export function timesVector(matrix: Float64Array, vector: Float64Array): Float64Array {
  const { length } = vector;
  return Float64Array.from({ length: matrix.length / length }, (_, row) =>
    dot(matrix.subarray(row * length, (row + 1) * length), vector),
  );
}
