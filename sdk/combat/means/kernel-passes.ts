import type { RowRange, StridedColumns } from '../../math/wasm/copy-columns';
import { copyColumns, rowRanges } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { kernelsStarted, roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { FeatureBlock, MeanDesign } from './mean-model';
import type { SitePasses } from './site-sums';

/** Tables with fewer cells are done before a module is compiled. */
const worthKernels = 2e5;
/** The same where it was started before. */
const worthStartedKernels = 2e3;
/** As many cells are worked on at a time: they stay in the processor's cache. */
const cachedCells = 2 ** 18;
/** More are done in as many calls: V8 makes a kernel fast between its first calls, not within one. */
const fewCells = 2 ** 16;
/** As many rows are enough for V8 to make a kernel fast. */
const fewRows = 64;
/** As many features are one unit of work. */
const STRIP = 32;

/**
 * Does what takes passes over a block in WebAssembly.
 *
 * @returns undefined where there is no memory for it, or the table is too small
 */
export function kernelPasses<Result extends object>(
  block: FeatureBlock,
  design: MeanDesign,
  work: (passes: SitePasses) => Result,
): Result | undefined {
  const rows = design.codes.length;
  const { columns, siteCount } = design;
  const { width } = block;
  // Threads that are started for one block serve them all.
  const cells = rows * block.stride;
  if (cells < (kernelsStarted() ? worthStartedKernels : worthKernels)) return undefined;
  const padded = roundUp(width, 2);
  const ranges = rowRanges(rows, width, rows * width <= cachedCells ? cachedCells : fewCells);
  const perFeature = 2 * siteCount + 2 * columns + 1;
  const need = {
    // One value more: the last feature may be read beside one that is not there.
    bytes:
      8 * (ranges[0].end * (width + columns + 1) + 1 + padded * perFeature + siteCount * (columns + 1)) +
      64 * 16,
    scratchBytes: 0,
    work: cells * (2 * columns + 2),
  };
  return withFloat64Kernels(need, (room) => work(passesIn(room, { block, design, ranges })));
}

/** What the passes go over. */
interface PassedTable {
  readonly block: FeatureBlock;
  readonly design: MeanDesign;
  readonly ranges: readonly RowRange[];
}

function passesIn(room: Float64Room, { block, design, ranges }: PassedTable): SitePasses {
  const { width } = block;
  const { columns, siteCount } = design;
  const rows = design.codes.length;
  const most = ranges[0].end;
  const padded = roundUp(width, 2);
  const take = (count: number): number => room.take(8 * count);
  const data = take(most * width + 1);
  const codes = room.take(4 * most);
  const byRow = take(columns * most);
  const bySite = take(siteCount * padded);
  const byColumn = take(columns * padded);
  const squares = take(siteCount * padded);
  const gaps = take(padded);
  const sizes = take(siteCount);
  const siteMeans = take(siteCount * columns);
  let held = -1;
  /** Puts rows into memory, unless they are there: the arguments that say where. */
  const hold = ({ first, end }: RowRange): readonly number[] => {
    const count = end - first;
    if (held !== first) {
      const from = { ...block, offset: block.offset + first * block.stride };
      const to = { data: room.doubles(data, count * width), stride: width, offset: 0 };
      copyColumns(from, to, { rows: count, width });
      room.integers(codes, count).set(design.codes.subarray(first, end));
      held = first;
    }
    return [data, count, width, codes, byRow, columns];
  };
  const rowsAt = (address: number, count: number): StridedColumns => {
    return { data: room.doubles(address, count * padded), stride: padded, offset: 0 };
  };
  const put = (address: number, from: Float64Array): void => {
    const count = from.length / width;
    copyColumns({ data: from, stride: width, offset: 0 }, rowsAt(address, count), { rows: count, width });
  };
  const get = (address: number, count: number): Float64Array => {
    const to = new Float64Array(count * width);
    copyColumns(rowsAt(address, count), { data: to, stride: width, offset: 0 }, { rows: count, width });
    return to;
  };
  const clear = (address: number, count: number): void => void room.doubles(address, count * padded).fill(0);
  const division = { units: Math.ceil(width / STRIP) };
  return {
    sum: (weights) => {
      clear(bySite, siteCount);
      clear(byColumn, columns);
      clear(gaps, 1);
      for (const range of ranges) {
        const held = hold(range);
        const own = room.doubles(byRow, columns * most);
        for (let k = 0; k < columns; k++) {
          own.set(
            weights.subarray(k * rows + range.first, k * rows + range.end),
            k * (range.end - range.first),
          );
        }
        room.run('siteSums', [...held, bySite, byColumn, gaps], division);
        // V8 makes a kernel fast beside its first calls: that of squares begins here, with rows that count for nothing.
        if (range.first === 0 && ranges.length > 1) {
          const [address, count, ...rest] = held;
          room.run(
            'siteSquares',
            [address, Math.min(count, fewRows), ...rest, bySite, byColumn, squares],
            division,
          );
        }
      }
      return { sums: get(bySite, siteCount), products: get(byColumn, columns), gaps: get(gaps, 1) };
    },
    intercepts: ({ sums, products }, means) => {
      put(bySite, sums);
      put(byColumn, products);
      room.doubles(sizes, siteCount).set(design.siteSizes);
      room.doubles(siteMeans, siteCount * columns).set(means);
      const of = [bySite, sizes, siteMeans, byColumn, columns, padded, siteCount];
      room.run('siteIntercepts', of, { units: 1 });
      return get(bySite, siteCount);
    },
    squares: ({ intercepts, coefficients }) => {
      put(bySite, intercepts);
      put(byColumn, coefficients);
      clear(squares, siteCount);
      for (const range of ranges) {
        const held = hold(range);
        const own = design.values.subarray(range.first * columns, range.end * columns);
        room.doubles(byRow, own.length).set(own);
        room.run('siteSquares', [...held, bySite, byColumn, squares], division);
      }
      return get(squares, siteCount);
    },
  };
}
