import { innerProducts, weightedColumns } from './inner-products';

/** Copies of a band are this large at most, in numbers: small beside a table that would not fit twice. */
const bandSize = 1e6;
/** So many multiplications are worth a second thread: a band is that much work where it can be. */
const bandWork = 4e8;
/** The fewest columns of a band, and a multiple of which it has: so many are summed at a time within it. */
const step = 256;

/**
 * {@link innerProducts} of the rows of two tables, band by band of their columns, so that tables of which there is no room for a
 * copy are copied in parts.
 */
export function productsByBands(left: Float64Array, right: Float64Array, width: number): Float64Array {
  const [m, n] = [left.length / width, right.length / width];
  const band = bandWidth(m * n, m + n);
  if (width <= band) return innerProducts(left, right, width);
  const sums = new Float64Array(m * n);
  // Copies go where those before were: memory would be given back late.
  const room = new Float64Array(m * band);
  const otherRoom = left === right ? room : new Float64Array(n * band);
  for (let first = 0; first < width; first += band) {
    const size = Math.min(band, width - first);
    const one = bandOf(left, { width, first, size }, room);
    const other = left === right ? one : bandOf(right, { width, first, size }, otherRoom);
    const part = innerProducts(one, other, size, { inAll: Math.ceil(width / band) });
    for (let at = 0; at < sums.length; at++) sums[at] += part[at];
  }
  return sums;
}

/** Some columns of a product. */
export interface ColumnBand {
  /** The first column, and how many there are. */
  readonly first: number;
  readonly size: number;
  /** Rows × size, row-major. */
  readonly values: Float64Array;
}

/**
 * Sums of the rows of a table, each with weights of its own: weights (m × rows) times table (rows × width), band by band
 * of columns.
 *
 * @param use - takes each band of the m sums; it may write on the table, there and to the left
 */
export function weightRows(
  weights: Float64Array,
  table: Float64Array,
  { rows, use }: { readonly rows: number; readonly use: (band: ColumnBand) => void },
): void {
  const width = table.length / rows;
  const m = weights.length / rows;
  const band = bandWidth(m * rows, m + rows);
  for (let first = 0; first < width; first += band) {
    const size = Math.min(band, width - first);
    const columns = { table, rows, width, first, size };
    use({ first, size, values: weightedColumns(weights, columns, { inAll: Math.ceil(width / band) }) });
  }
}

/** How many columns: as many as are worth two threads, unless they would be too large. */
function bandWidth(work: number, rows: number): number {
  const wanted = Math.min(bandWork / work, bandSize / rows);
  return Math.max(1, Math.round(wanted / step)) * step;
}

function bandOf(
  table: Float64Array,
  { width, first, size }: { readonly width: number; readonly first: number; readonly size: number },
  room: Float64Array,
): Float64Array {
  const rows = table.length / width;
  const part = room.subarray(0, rows * size);
  for (let row = 0; row < rows; row++) {
    const from = row * width + first;
    part.set(table.subarray(from, from + size), row * size);
  }
  return part;
}
