import type { BandInMemory, BandWork } from '../../math/linear/products-by-kernels';
import { productsByKernel } from '../../math/linear/products-by-kernels';
import { copyColumns } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatModel } from '../combat-model';
import type { LeftoverUnits } from './covbat-model';

// What leftovers-plainly.ts does, in WebAssembly and to the same bits: block of features by block of features, so that no table is there
// twice. Each of these is undefined where numbers are few, or there is no memory for it.

/** Smaller tables are done before a module is compiled; so is a product of fewer multiplications. */
const worthKernels = 2e5;
const worthProducts = 1e6;
/** As many features are one unit of work. */
const STRIP = 32;
/** So many cells are in memory at a time: 2 MB. */
const blockCells = 2 ** 18;
/** Narrower blocks are short pieces of memory, which take longer to copy. */
const fewest = 128;

/** What a kernel does about units: they are known, or features are scaled, or only centered. */
type Learn = 0 | 1 | 2;

/** What says what is expected of scans. */
export interface Expected {
  readonly model: CombatModel;
  /** Rows × columns. */
  readonly design: Float64Array;
}

/**
 * Takes away what is expected, finds centers and scales, and standardizes, in place.
 *
 * @param rest - subjects × features
 */
export function standardizeByKernels(
  { model, design }: Expected,
  rest: Float64Array,
  { standardize }: { readonly standardize: boolean },
): { readonly units: LeftoverUnits; readonly cells: number } | undefined {
  const width = model.features.length;
  const rows = rest.length / width;
  if (rest.length < worthKernels) return undefined;
  const most = Math.min(width, Math.max(fewest, Math.floor(blockCells / rows / STRIP) * STRIP));
  const units = { centers: new Float64Array(width), scales: new Float64Array(width) };
  const bytes = 8 * (rows * most + 1) + bytesOf(model, design, most) + 64 * 8;
  const work = rest.length * (model.columns.length + 4);
  return withFloat64Kernels({ bytes, scratchBytes: 0, work }, (room) => {
    const address = room.take(8 * (rows * most + 1));
    const kernel = leftoverKernel(room, { model, design }, { units, most, learn: standardize ? 1 : 2 });
    for (let first = 0; first < width; first += most) {
      const size = Math.min(most, width - first);
      const table = { data: rest, stride: width, offset: first };
      const cells = { data: room.doubles(address, rows * size), stride: size, offset: 0 };
      copyColumns(table, cells, { rows, width: size });
      kernel.run({ address, rows, first, size });
      copyColumns(cells, table, { rows, width: size });
    }
    return { units, cells: kernel.missing() };
  });
}

/**
 * Scores along axes, of values that are standardized on the way: rows × components.
 *
 * @param values - subjects × features, after ComBat
 */
export function scoresByKernels(
  { model, design }: Expected,
  values: Float64Array,
  { units, rotation }: { readonly units: LeftoverUnits; readonly rotation: Float64Array },
): { readonly scores: Float64Array; readonly cells: number } | undefined {
  const width = model.features.length;
  const [m, n] = [values.length / width, rotation.length / width];
  if (values.length * n < worthProducts) return undefined;
  let missing = (): number => 0;
  const work: BandWork = {
    bytes: (size) => bytesOf(model, design, size),
    begin: (room, most) => {
      const kernel = leftoverKernel(room, { model, design }, { units, most, learn: 0 });
      missing = kernel.missing;
      return kernel.run;
    },
  };
  const scores = productsByKernel({ left: values, m, right: rotation, n, width }, work);
  return scores && { scores, cells: missing() };
}

function bytesOf({ columns }: CombatModel, design: Float64Array, most: number): number {
  return 8 * (design.length + (columns.length + 4) * roundUp(most, 2)) + 64 * 4;
}

/** The kernel of leftovers, ready for bands of features; where units are to be learned they are written down. */
function leftoverKernel(
  room: Float64Room,
  { model, design }: Expected,
  { units, most, learn }: { readonly units: LeftoverUnits; readonly most: number; readonly learn: Learn },
): { readonly run: (band: BandInMemory) => void; readonly missing: () => number } {
  const width = model.features.length;
  const columns = model.columns.length;
  const log = model.settings.transform === 'log';
  const byRow = room.take(8 * design.length);
  room.doubles(byRow, design.length).set(design);
  const padded = roundUp(most, 2);
  const expected = room.take(8 * (columns + 1) * padded);
  const measures = room.take(8 * 2 * padded);
  const gaps = room.take(8 * padded);
  const { grandMean, coefficients } = model;
  let cells = 0;
  const run = ({ address, rows, first, size }: BandInMemory): void => {
    const stride = roundUp(size, 2);
    const at = (of: number, row: number): Float64Array => room.doubles(of + 8 * row * stride, size);
    const own = (numbers: Float64Array, row = 0): Float64Array =>
      numbers.subarray(row * width + first, row * width + first + size);
    if (log) takeLogarithms(room.doubles(address, rows * size));
    at(expected, 0).set(own(grandMean));
    for (let k = 0; k < columns; k++) at(expected, k + 1).set(own(coefficients, k));
    room.doubles(measures, 2 * stride).fill(0);
    room.doubles(gaps, stride).fill(0);
    if (learn === 0) {
      at(measures, 0).set(own(units.centers));
      at(measures, 1).set(own(units.scales));
    }
    const args = [address, rows, size, byRow, columns, expected, measures, gaps, learn];
    room.run('standardizeLeftovers', args, { units: Math.ceil(size / STRIP) });
    if (learn !== 0) {
      own(units.centers).set(at(measures, 0));
      own(units.scales).set(at(measures, 1));
    }
    at(gaps, 0).forEach((count, w) => {
      if (model.status[first + w] === 'harmonized') cells += count;
    });
  };
  return { run, missing: () => cells };
}

function takeLogarithms(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.log(values[i]);
}
