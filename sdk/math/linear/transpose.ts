/** So many rows and columns are turned together: what is read and written of both then stays in the processor's cache. */
const tile = 32;

/** The rows of a row-major table as columns. */
export function transpose(values: Float64Array, columns: number): Float64Array {
  const rows = columns === 0 ? 0 : values.length / columns;
  const turned = new Float64Array(values.length);
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(rows, top + tile);
    for (let left = 0; left < columns; left += tile) {
      const right = Math.min(columns, left + tile);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++)
          turned[column * rows + row] = values[row * columns + column];
      }
    }
  }
  return turned;
}
