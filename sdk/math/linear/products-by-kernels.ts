import { copyColumns } from '../wasm/copy-columns';
import type { Float64Room } from '../wasm/float64-kernels';
import { roundUp, startThreads, threadsFor, withFloat64Kernels } from '../wasm/float64-kernels';

/** How many rows are one unit of work of the kernel of products, and how many columns one of that which turns them. */
const UNIT = 32;
/** Rows that are interleaved into one panel and multiplied together. */
const TILE = 4;
/** Columns are summed so many at a time: bands of a multiple of them have the same bits as all columns together. */
const CHUNK = 256;
/** So many numbers of a table are in memory at a time, unless its columns are long: 2 MB, so that they stay near the processor. */
const bandNumbers = 2 ** 18;

/** The rows of two tables. */
export interface Factors {
  /** m × width, and n × width, row-major; the same array where products are symmetric. */
  readonly left: Float64Array;
  readonly m: number;
  readonly right: Float64Array;
  readonly n: number;
  readonly width: number;
}

/** Some columns of a table in memory. */
export interface BandInMemory {
  /** Rows × size; with room for one number more. */
  readonly address: number;
  readonly rows: number;
  /** The first column, and how many there are. */
  readonly first: number;
  readonly size: number;
}

/** Some columns of a table. */
export interface Columns {
  /** The first column, and how many there are. */
  readonly first: number;
  readonly size: number;
}

/** What is done to each band of the (left) table before it is multiplied. */
export interface BandWork {
  /** How much memory it needs for so many columns at a time. */
  readonly bytes: (size: number) => number;
  readonly begin: (room: Float64Room, most: number) => BandSteps;
}

/** What is done to a band. */
export interface BandSteps {
  /** Brings what belongs to it into memory; no kernels may run, since the band before is being multiplied. */
  readonly fetch?: (band: Columns) => void;
  /** Works on it when it is in memory. */
  readonly prepare?: (band: BandInMemory) => void;
}

/** Columns as one band has, where so many rows are in memory. */
export function bandWidth(rows: number, width: number): number {
  const most = Math.max(1, Math.floor(bandNumbers / rows / CHUNK)) * CHUNK;
  return Math.min(width, most);
}

/** What products of so many rows are worth, in multiplications. */
export function workOf({ left, m, right, n, width }: Factors): number {
  return (m * n * width) / (left === right ? 2 : 1);
}

/**
 * All inner products of the rows of two tables, in WebAssembly, which sees of them a band of columns at a time: no table is there
 * twice. The bits are those of all columns together.
 *
 * @returns `undefined` where there is no memory for it
 */
export function productsByKernel(factors: Factors, work?: BandWork): Float64Array | undefined {
  const { left, m, right, n, width } = factors;
  const same = left === right;
  const [rows, columns] = [m, n].map((count) => roundUp(count, TILE));
  const band = bandWidth(same ? rows : rows + columns, width);
  const numbers = (same ? 2 * rows : 2 * (rows + columns)) * band + 2 + rows * columns;
  const bytes = 8 * numbers + (work?.bytes(band) ?? 0) + 64 * 8;
  return withFloat64Kernels({ bytes, scratchBytes: 0, work: workOf(factors) }, (room) => {
    const [address, other] = [rows, same ? 0 : columns].map((count) => room.take(8 * (count * band + 1)));
    const leftPanels = room.take(8 * rows * band);
    const rightPanels = same ? leftPanels : room.take(8 * columns * band);
    const out = room.take(8 * rows * columns);
    const steps = work?.begin(room, band);
    const fetch = (columns: Columns): void => {
      putBand(room, address, { data: left, stride: width, ...columns }, m);
      if (!same) putBand(room, other, { data: right, stride: width, ...columns }, n);
      steps?.fetch?.(columns);
    };
    const bands = bandsOf(width, band);
    fetch(bands[0]);
    bands.forEach(({ first, size }, at) => {
      steps?.prepare?.({ address, rows: m, first, size });
      room.run('rowPanels', [address, m, size, leftPanels], { units: rows / TILE });
      if (!same) room.run('rowPanels', [other, n, size, rightPanels], { units: columns / TILE });
      const args = [leftPanels, rows, rightPanels, columns, size, out, Number(same), Number(at > 0)];
      const meanwhile = at + 1 < bands.length ? () => fetch(bands[at + 1]) : undefined;
      room.run('products', args, { units: Math.ceil(rows / UNIT), meanwhile });
    });
    room.run('finishProducts', [out, m, n, columns, Number(same)], { units: 1 });
    return room.doubles(out, m * n).slice();
  });
}

/** Rows and columns of a product that takes a millisecond: enough for V8 to notice that its kernel is worth being made fast. */
const fewRows = 64;

/**
 * Makes ready for products of so many multiplications while something else is done: threads start, and V8, which makes a kernel fast
 * in the background once it has worked for a while, is given a product to begin with.
 */
export function startProducts(work: number): void {
  if (threadsFor({ bytes: 0, scratchBytes: 0, work }) < 2) return;
  startThreads({ bytes: 0, scratchBytes: 0, work });
  const left = new Float64Array(fewRows * CHUNK);
  productsByKernel({ left, m: fewRows, right: left, n: fewRows, width: CHUNK });
}

/** Weights of the rows of a table. */
export interface WeightedRows {
  /** m × rows. */
  readonly weights: Float64Array;
  /** Rows × width. */
  readonly table: Float64Array;
  readonly rows: number;
}

/** Some columns of a product. */
export interface ColumnBand extends Columns {
  /** Rows × size, row-major, in memory that is used again for the next band but one. */
  readonly values: Float64Array;
}

/**
 * Takes a band of a product, and may return what is left to do with it: such as copying, which the calling thread does while others
 * multiply the next band.
 */
export type UseOfBand = (band: ColumnBand) => (() => void) | undefined;

/** How many columns of a sum of weighted rows are one band. */
export function weightedBand({ weights, table, rows }: WeightedRows): number {
  return bandWidth(rows + weights.length / rows, table.length / rows);
}

/**
 * Sums of weighted rows in WebAssembly, band by band of columns.
 *
 * @param work - what is done to each band of the table before
 * @returns `undefined`, and nothing was used, where there is no memory for it
 */
export function weightRowsByKernel(
  weighted: WeightedRows,
  use: UseOfBand,
  work?: BandWork,
): { readonly bands: number } | undefined {
  const { weights, table, rows } = weighted;
  const width = table.length / rows;
  const m = weights.length / rows;
  const band = weightedBand(weighted);
  const [padded, columns] = [m, band].map((count) => roundUp(count, TILE));
  const put = Math.max(rows * band + 1, m * rows);
  const numbers = put + (padded + columns) * rows + 2 * padded * columns;
  const bytes = 8 * numbers + (work?.bytes(band) ?? 0) + 64 * 8;
  return withFloat64Kernels({ bytes, scratchBytes: 0, work: m * rows * width }, (room) => {
    const address = room.take(8 * put);
    const left = room.take(8 * padded * rows);
    const right = room.take(8 * columns * rows);
    // Products take turns in two places, so that those of a band are there while the next are made.
    const outs = [0, 1].map(() => room.take(8 * padded * columns));
    room.doubles(address, m * rows).set(weights);
    room.run('rowPanels', [address, m, rows, left], { units: padded / TILE });
    const steps = work?.begin(room, band);
    const fetch = (columns: Columns): void => {
      putBand(room, address, { data: table, stride: width, ...columns }, rows);
      steps?.fetch?.(columns);
    };
    const bands = bandsOf(width, band);
    let rest: (() => void) | undefined;
    fetch(bands[0]);
    bands.forEach(({ first, size }, at) => {
      const own = roundUp(size, TILE);
      const out = outs[at % 2];
      steps?.prepare?.({ address, rows, first, size });
      room.run('columnPanels', [address, rows, size, right], { units: Math.ceil(size / UNIT) });
      const meanwhile = (): void => {
        rest?.();
        if (at + 1 < bands.length) fetch(bands[at + 1]);
      };
      const args = [left, padded, right, own, rows, out, 0, 0];
      room.run('products', args, { units: Math.ceil(padded / UNIT), meanwhile });
      room.run('finishProducts', [out, m, size, own, 0], { units: 1 });
      rest = use({ first, size, values: room.doubles(out, m * size) });
    });
    rest?.();
    return { bands: bands.length };
  });
}

/** Divides columns into bands. */
function bandsOf(width: number, most: number): readonly Columns[] {
  return Array.from({ length: Math.ceil(width / most) }, (_, at) => ({
    first: at * most,
    size: Math.min(most, width - at * most),
  }));
}

function putBand(
  room: Float64Room,
  address: number,
  { data, stride, first, size }: Columns & { readonly data: Float64Array; readonly stride: number },
  rows: number,
): void {
  const to = { data: room.doubles(address, rows * size), stride: size, offset: 0 };
  copyColumns({ data, stride, offset: first }, to, { rows, width: size });
}
