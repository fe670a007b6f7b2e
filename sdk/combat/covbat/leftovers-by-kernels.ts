import type { BandInMemory, BandWork } from '../../math/linear/products-by-kernels';
import { productsByKernel } from '../../math/linear/products-by-kernels';
import { copyColumns } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatModel } from '../combat-model';
import type { CorrectedSites } from '../frame/corrected-sites';
import { harmonizedOf } from '../frame/corrected-sites';
import type { KnownScores, LeftoverUnits } from './covbat-model';

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
  /** Whose scans are corrected on the way; not given where ComBat did so before. */
  readonly sites?: CorrectedSites;
}

/**
 * Takes away what is expected, finds centers and scales, and standardizes, in place.
 *
 * @param rest - subjects × features
 */
export function standardizeByKernels(
  expected: Expected,
  rest: Float64Array,
  { standardize }: { readonly standardize: boolean },
): { readonly units: LeftoverUnits; readonly cells: number } | undefined {
  const width = expected.model.features.length;
  const rows = rest.length / width;
  if (rest.length < worthKernels) return undefined;
  const most = Math.min(width, Math.max(fewest, Math.floor(blockCells / rows / STRIP) * STRIP));
  const units = { centers: new Float64Array(width), scales: new Float64Array(width) };
  const bytes = 8 * (rows * most + 1) + bytesOf(expected, most) + 64 * 8;
  const work = rest.length * (expected.model.columns.length + 4);
  return withFloat64Kernels({ bytes, scratchBytes: 0, work }, (room) => {
    const address = room.take(8 * (rows * most + 1));
    const kernel = leftoverKernel(room, expected, { units, most, learn: standardize ? 1 : 2 });
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
  expected: Expected,
  values: Float64Array,
  { units, rotation }: { readonly units: LeftoverUnits; readonly rotation: Float64Array },
): KnownScores | undefined {
  const width = expected.model.features.length;
  const [m, n] = [values.length / width, rotation.length / width];
  if (values.length * n < worthProducts) return undefined;
  const work = leftoverWork(expected, units, 0);
  const scores = productsByKernel({ left: values, m, right: rotation, n, width }, work);
  return scores && { scores, cells: work.missing() };
}

/** Work on bands that counts missing cells. */
interface LeftoverWork extends BandWork {
  /** How many cells of harmonized features there were that are missing. */
  readonly missing: () => number;
}

/** What makes leftovers of bands of scans, before they are multiplied; units that are to be learned are written down. */
export function leftoverWork(expected: Expected, units: LeftoverUnits, learn: Learn): LeftoverWork {
  let missing = (): number => 0;
  return {
    bytes: (size) => bytesOf(expected, size),
    begin: (room, most) => {
      const kernel = leftoverKernel(room, expected, { units, most, learn });
      missing = kernel.missing;
      return { prepare: kernel.run };
    },
    missing: () => missing(),
  };
}

function bytesOf({ model, design, sites }: Expected, most: number): number {
  const perFeature = model.columns.length + 5 + 2 * (sites?.names.length ?? 0);
  return 8 * (design.length + perFeature * roundUp(most, 2)) + 4 * (sites?.groups.length ?? 0) + 64 * 7;
}

/** The kernel of leftovers, ready for bands of features. */
function leftoverKernel(
  room: Float64Room,
  { model, design, sites }: Expected,
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
  const corrected = sites === undefined ? noSites : siteMemory(room, sites, padded);
  const harmonized = harmonizedOf(model);
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
    sites?.corrections.forEach(({ shift, factor }, group) => {
      at(corrected.corrections, 2 * group).set(own(shift));
      at(corrected.corrections, 2 * group + 1).set(own(factor));
    });
    if (sites !== undefined) at(corrected.harmonized, 0).set(own(harmonized));
    const { groups, corrections } = corrected;
    const ofSites = [groups, corrections, corrected.harmonized];
    const args = [address, rows, size, byRow, columns, expected, ...ofSites];
    const division = { units: Math.ceil(size / STRIP) };
    room.run('standardizeLeftovers', [...args, measures, gaps, learn], division);
    if (learn !== 0) {
      own(units.centers).set(at(measures, 0));
      own(units.scales).set(at(measures, 1));
    }
    const counts = at(gaps, 0);
    for (let w = 0; w < size; w++) cells += harmonized[first + w] * counts[w];
  };
  return { run, missing: () => cells };
}

/** Where the numbers of sites are. */
interface SiteMemory {
  readonly groups: number;
  readonly corrections: number;
  readonly harmonized: number;
}

const noSites: SiteMemory = { groups: 0, corrections: 0, harmonized: 0 };

function siteMemory(room: Float64Room, { names, groups }: CorrectedSites, padded: number): SiteMemory {
  const address = room.take(4 * groups.length);
  room.integers(address, groups.length).set(groups);
  return {
    groups: address,
    corrections: room.take(8 * 2 * names.length * padded),
    harmonized: room.take(8 * padded),
  };
}

function takeLogarithms(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.log(values[i]);
}
