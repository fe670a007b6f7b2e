/** Neighboring columns of a table: the value of row r and column w is at `data[r * stride + offset + w]`. */
export interface StridedColumns {
  readonly data: Float64Array;
  readonly stride: number;
  readonly offset: number;
}

/** Shorter pieces of rows are faster copied one by one. */
const shortPiece = 96;

/** Copies rows of neighboring columns from one table into another. */
export function copyColumns(
  from: StridedColumns,
  to: StridedColumns,
  { rows, width }: { readonly rows: number; readonly width: number },
): void {
  if (from.stride === width && to.stride === width) {
    to.data.set(from.data.subarray(from.offset, from.offset + rows * width), to.offset);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const at = row * to.stride + to.offset;
    const start = row * from.stride + from.offset;
    if (width >= shortPiece) to.data.set(from.data.subarray(start, start + width), at);
    else for (let w = 0; w < width; w++) to.data[at + w] = from.data[start + w];
  }
}

/** Neighboring rows, from `first` up to but not including `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Divides rows of `width` cells into ranges of at most so many cells, the first of them the longest; there is one at least. */
export function rowRanges(rows: number, width: number, cells: number): readonly RowRange[] {
  const most = Math.max(1, Math.floor(cells / width));
  const count = Math.max(1, Math.ceil(rows / most));
  return Array.from({ length: count }, (_, i) => ({ first: i * most, end: Math.min(rows, (i + 1) * most) }));
}
