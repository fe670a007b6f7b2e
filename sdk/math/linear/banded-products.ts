import { innerProducts } from './inner-products';
import type { ColumnBand, UseOfBand, WeightedRows } from './products-by-kernels';
import { weightedBand, weightRowsByKernel } from './products-by-kernels';

/** Below this many multiplications nothing is gained by WebAssembly. */
const worthKernels = 1e6;

/**
 * Sums of the rows of a table, each with weights of its own: weights (m × rows) times table (rows × width), band by band
 * of columns: no copy of the table is made.
 *
 * @param use - takes each band of the m sums; it may write on the table, there and to the left, and so may what it returns
 */
export function weightRows(
  weights: Float64Array,
  table: Float64Array,
  { rows, use }: { readonly rows: number; readonly use: UseOfBand },
): void {
  const weighted = { weights, table, rows };
  if (weights.length * (table.length / rows) >= worthKernels && weightRowsByKernel(weighted, use)) return;
  const width = table.length / rows;
  const band = weightedBand(weighted);
  for (let first = 0; first < width; first += band) {
    const size = Math.min(band, width - first);
    use({ first, size, values: innerProducts(weights, turned(weighted, { first, size }), rows) })?.();
  }
}

/** Columns as rows, by eights, since the writes are far apart. */
function turned(
  { table, rows }: WeightedRows,
  { first, size }: Pick<ColumnBand, 'first' | 'size'>,
): Float64Array {
  const width = table.length / rows;
  const values = new Float64Array(size * rows);
  for (let from = 0; from < rows; from += 8) {
    const to = Math.min(from + 8, rows);
    for (let k = 0; k < size; k++) {
      for (let row = from; row < to; row++) values[k * rows + row] = table[row * width + first + k];
    }
  }
  return values;
}
