import type { Float64KernelName, Float64Room } from '../wasm/float64-kernels';
import { kernelsStarted, withFloat64Kernels } from '../wasm/float64-kernels';
import type { DenseMatrix, PivotedQr } from './pivoted-qr';

// Each of these is undefined where numbers are few, or there is no memory for WebAssembly: then plain JavaScript does the same to
// the bit. A loop that runs once over some ten thousand rows is interpreted from its first to its last.

/** Fewer numbers are done before a module is compiled. */
const worthKernels = 2 ** 14;
/** The same where it was started before. */
const worthStartedKernels = 2 ** 10;

/** A matrix minus means. */
export interface CenteredColumns {
  /** Rows × columns, row-major. */
  readonly values: Float64Array;
  /** One per column, or groups × columns. */
  readonly means: Float64Array;
}

/**
 * Columns side by side, minus their means.
 *
 * @param known - their means, where these are to be those of other rows
 */
export function centerByKernel(
  columns: readonly Float64Array[],
  rows: number,
  known?: Float64Array,
): CenteredColumns | undefined {
  const width = columns.length;
  return withColumns({ rows, columns: width }, { tables: 2, more: width }, (room) => {
    const side = room.zeros(rows * width);
    const means = room.put(known ?? new Float64Array(width));
    const apart = room.zeros(rows * width);
    columns.forEach((column, k) => {
      room.doubles(apart + 8 * k * rows, rows).set(column);
    });
    room.run('turnTable', [apart, width, rows, side]);
    room.run('centerColumns', [side, rows, width, means, known === undefined ? 0 : 1]);
    return { values: room.get(side, rows * width), means: room.get(means, width) };
  });
}

/** Columns minus their means in each of some groups of rows. */
export function centerByGroups(
  { values, rows, columns }: DenseMatrix,
  codes: Int32Array,
  groups: number,
): CenteredColumns | undefined {
  return withColumns({ rows, columns }, { tables: 1, more: groups * (columns + 1) }, (room) => {
    const table = room.put(values);
    const means = room.zeros(groups * columns);
    const counts = room.zeros(groups);
    room.run('centerByGroups', [table, rows, columns, room.putIntegers(codes), groups, means, counts, table]);
    return { values: room.get(table, rows * columns), means: room.get(means, groups * columns) };
  });
}

/** The mean of each column in each of some groups of rows: groups × columns, each value divided by the size of its group. */
export function meansByGroup(
  { values, rows, columns }: DenseMatrix,
  codes: Int32Array,
  sizes: Float64Array,
): Float64Array | undefined {
  const count = sizes.length * columns;
  return withColumns({ rows, columns }, { tables: 1, more: count + sizes.length }, (room) => {
    const means = room.zeros(count);
    const groups = [room.putIntegers(codes), room.put(sizes)];
    room.run('groupMeans', [room.put(values), rows, columns, ...groups, means]);
    return room.get(means, count);
  });
}

/** Columns, each divided by a number. */
export function divideByKernel(
  { values, rows, columns }: DenseMatrix,
  divisors: Float64Array,
): Float64Array | undefined {
  return withColumns({ rows, columns }, { tables: 1, more: columns }, (room) => {
    const table = room.put(values);
    room.run('divideColumns', [table, rows, columns, room.put(divisors)]);
    return room.get(table, rows * columns);
  });
}

/** The length of each column. */
export function normsByKernel({ values, rows, columns }: DenseMatrix): Float64Array | undefined {
  return withColumns({ rows, columns }, { tables: 1, more: columns }, (room) => {
    const norms = room.zeros(columns);
    room.run('columnNorms', [room.put(values), rows, columns, norms]);
    return room.get(norms, columns);
  });
}

/** What Householder reflections make of a matrix: what is left of its columns holds the upper triangle. */
export interface ReflectedColumns extends Pick<PivotedQr, 'rank' | 'order' | 'reflectors'> {
  /** Columns × rows, in the order chosen. */
  readonly work: Float64Array;
}

/** Factors a matrix with column pivoting. */
export function reflectByKernel(
  { values, rows, columns }: DenseMatrix,
  threshold: number,
): ReflectedColumns | undefined {
  const count = rows * columns;
  return withColumns({ rows, columns }, { tables: 3, more: columns + 1 }, (room) => {
    const order = room.putIntegers(Int32Array.from({ length: columns }, (_, column) => column));
    const work = room.zeros(count);
    const reflectors = room.zeros(count);
    const outcome = room.zeros(1);
    room.run('factorColumns', [room.put(values), rows, columns, threshold, work, order, reflectors, outcome]);
    const [rank] = room.get(outcome, 1);
    return {
      rank,
      order: room.integers(order, columns).slice(),
      reflectors: room.get(reflectors, count),
      work: room.get(work, count),
    };
  });
}

/** The first columns of Q, one a row. */
export function basisByKernel({ rows, rank, reflectors }: PivotedQr): Float64Array | undefined {
  return withColumns({ rows, columns: rank }, { tables: 2, more: 0 }, (room) => {
    const thin = room.zeros(rank * rows);
    room.run('thinBasis', [room.put(reflectors.subarray(0, rank * rows)), rows, rank, thin]);
    return room.get(thin, rank * rows);
  });
}

/** The operator of least squares. */
export function operatorByKernel(
  { rows, columns, rank, upper, order }: PivotedQr,
  spreads: Float64Array,
  thin: Float64Array,
): Float64Array | undefined {
  const count = rows * columns;
  return withColumns({ rows, columns }, { tables: 2, more: columns * (columns + 2) }, (room) => {
    const operator = room.zeros(count);
    const given = [room.put(upper), room.putIntegers(order), room.put(spreads)];
    room.run('leastSquares', [room.put(thin), rows, columns, rank, ...given, operator]);
    return room.get(operator, count);
  });
}

/** Memory for columns. */
interface ColumnRoom extends Pick<Float64Room, 'doubles' | 'integers'> {
  put(values: Float64Array): number;
  putIntegers(values: Int32Array): number;
  zeros(count: number): number;
  get(address: number, count: number): Float64Array;
  run(name: Float64KernelName, args: readonly number[]): void;
}

/** @param need - how many tables of rows × columns, and how many numbers besides */
function withColumns<Result extends object>(
  { rows, columns }: Pick<DenseMatrix, 'rows' | 'columns'>,
  need: { readonly tables: number; readonly more: number },
  work: (room: ColumnRoom) => Result,
): Result | undefined {
  if (rows * columns < (kernelsStarted() ? worthStartedKernels : worthKernels)) return undefined;
  const bytes = 8 * (need.tables * rows * columns + need.more) + 4 * (rows + columns) + 64 * 12;
  return withFloat64Kernels({ bytes, scratchBytes: 0, work: 0 }, (room) =>
    work({
      doubles: (address, count) => room.doubles(address, count),
      integers: (address, count) => room.integers(address, count),
      put: (values) => {
        const address = room.take(8 * values.length);
        room.doubles(address, values.length).set(values);
        return address;
      },
      putIntegers: (values) => {
        const address = room.take(4 * values.length);
        room.integers(address, values.length).set(values);
        return address;
      },
      zeros: (count) => {
        const address = room.take(8 * count);
        room.doubles(address, count).fill(0);
        return address;
      },
      get: (address, count) => room.doubles(address, count).slice(),
      run: (name, args) => {
        room.run(name, args, { units: 1 });
      },
    }),
  );
}
