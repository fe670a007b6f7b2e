import type { Float64Room } from './float64-kernels';
import { kernelsStarted, withFloat64Kernels } from './float64-kernels';

/** Memory that holds some arrays: the address of each, in their order. */
export interface NumbersRoom extends Float64Room {
  readonly places: readonly number[];
}

/** Memory of WebAssembly is kept: more numbers than these 6 MB, which the largest tables take anyhow, are left to plain JavaScript. */
const mostNumbers = 3 * 2 ** 18;

/**
 * Runs kernels on arrays of numbers that are few, so that no thread and no module is started for them: only where some computation
 * started kernels before. Loops over them in plain JavaScript would be through before V8 has made them fast.
 *
 * @param more - how many numbers are taken besides
 * @returns `undefined` where none were started, numbers are many, or there is no memory
 */
export function withNumbers<Result extends object>(
  arrays: readonly Float64Array[],
  more: number,
  work: (room: NumbersRoom) => Result,
): Result | undefined {
  const numbers = arrays.reduce((sum, { length }) => sum + length, more);
  if (!kernelsStarted() || numbers > mostNumbers) return undefined;
  const need = { bytes: 8 * numbers + 64 * (arrays.length + 1), scratchBytes: 0, work: 0 };
  return withFloat64Kernels(need, (room) => {
    const places = arrays.map((values) => {
      const address = room.take(8 * values.length);
      room.doubles(address, values.length).set(values);
      return address;
    });
    return work({ ...room, places });
  });
}
