import type { RowRange } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { roundUp } from '../../math/wasm/float64-kernels';
import type { CombatModel } from '../combat-model';
import { residualTally } from '../unlike-training';
import type { CorrectedSites } from './corrected-sites';
import type { PutBackValues } from './put-back-values';

/** As many features are one unit of work. */
export const PUT_BACK_STRIP = 32;

/** Scans, and how they are corrected. */
export interface Corrected {
  readonly model: CombatModel;
  readonly sites: CorrectedSites;
  /** Rows × columns. */
  readonly design: Float64Array;
  /** 1 for features that are corrected, else 0. */
  readonly harmonized: Float64Array;
}

/** Neighboring features. */
export interface Block {
  readonly first: number;
  readonly width: number;
}

/** What is noticed on the way: `lost` has one number per corrected site. */
export interface PutBackTallies extends Pick<PutBackValues, 'tally' | 'signs'> {
  readonly lost: Float64Array;
}

/** The kernel on blocks of features that are in memory, some rows at a time. */
interface PutBackKernel {
  /** Puts the numbers of a block into memory. */
  begin(block: Block): void;
  /** Corrects rows of the block, in place: each row once between `begin` and `end`. */
  run(data: number, rows: RowRange): void;
  /** Notes what was noticed in the block. */
  end(): void;
}

/** Tallies in which nothing has been counted. */
export function putBackTallies(model: CombatModel, { names }: CorrectedSites): PutBackTallies {
  const width = model.features.length;
  return {
    tally: residualTally(model),
    signs: { before: new Float64Array(width), after: new Float64Array(width) },
    lost: new Float64Array(names.length),
  };
}

/** The cells that became missing, by the names of sites that have any. */
export function lostBySite({ lost }: PutBackTallies, { names }: CorrectedSites): ReadonlyMap<string, number> {
  return new Map(names.map((name, at) => [name, lost[at]] as const).filter(([, cells]) => cells > 0));
}

/** How many numbers the kernel keeps of each feature. */
export function numbersPerFeature(columns: number, groups: number): number {
  return 1 + columns + 4 * groups + 6;
}

/** How much memory {@link putBackKernel} takes. */
export function putBackBytes(
  { model, sites }: Corrected,
  { rows, width }: { readonly rows: number; readonly width: number },
): number {
  const columns = model.columns.length;
  const groups = sites.names.length;
  const perFeature = numbersPerFeature(columns, groups);
  const ofRows = rows * (1 + columns) + Math.ceil(width / PUT_BACK_STRIP) * groups;
  return 8 * (ofRows + (width + 1) * perFeature) + 64 * 16;
}

/** Takes memory for the kernel on as many rows and features at a time, which notes what it notices. */
export function putBackKernel(
  room: Float64Room,
  { model, sites, design, harmonized }: Corrected,
  most: { readonly rows: number; readonly width: number; readonly made: PutBackTallies },
): PutBackKernel {
  const { made } = most;
  const stride = model.features.length;
  const columns = model.columns.length;
  const groups = sites.names.length;
  const codes = room.take(4 * most.rows);
  const byRow = room.take(8 * most.rows * columns);
  const rowsOf = (count: number): number => room.take(8 * count * roundUp(most.width, 2));
  const expected = rowsOf(1 + columns);
  const corrections = rowsOf(2 * groups);
  const features = rowsOf(2);
  const tallies = rowsOf(2 * groups);
  const counts = rowsOf(4);
  const lost = room.take(8 * Math.ceil(most.width / PUT_BACK_STRIP) * groups);
  const fixed = [expected, corrections, features, tallies, counts, lost, groups];
  const slopes = model.columns.map((_, k) => model.coefficients.subarray(k * stride, (k + 1) * stride));
  const shiftsAndFactors = sites.corrections.flatMap(({ shift, factor }) => [shift, factor]);
  // No residual is below what is not a number: what is not corrected is looked at by itself.
  const limits = made.tally.limits.map((limit, w) => (harmonized[w] === 0 ? NaN : limit));
  const cells = sites.sizes.reduce((sum, size) => sum + size, 0);
  const siteOf = new Map(model.sites.map(({ name }, at) => [name, at]));
  let block: Block = { first: 0, width: 0 };
  const row = (address: number, at: number): Float64Array =>
    room.doubles(address + 8 * at * roundUp(block.width, 2), block.width);
  const put = (address: number, from: readonly Float64Array[]): void => {
    from.forEach((own, at) => {
      row(address, at).set(own.subarray(block.first, block.first + block.width));
    });
  };
  const clear = (address: number, count: number): void => {
    room.doubles(address, count * roundUp(block.width, 2)).fill(0);
  };
  const lostCells = (): Float64Array => room.doubles(lost, Math.ceil(block.width / PUT_BACK_STRIP) * groups);
  return {
    begin: (next) => {
      block = next;
      put(expected, [model.grandMean, ...slopes]);
      put(corrections, shiftsAndFactors);
      put(features, [harmonized, limits]);
      clear(tallies, 2 * groups);
      clear(counts, 4);
      lostCells().fill(0);
    },
    run: (data, { first, end }) => {
      const rows = end - first;
      room.integers(codes, rows).set(sites.groups.subarray(first, end));
      room.doubles(byRow, rows * columns).set(design.subarray(first * columns, end * columns));
      const args = [data, rows, block.width, codes, byRow, columns, ...fixed];
      room.run('putBack', args, { units: Math.ceil(block.width / PUT_BACK_STRIP) });
    },
    end: () => {
      const { first, width } = block;
      const { tally } = made;
      tally.far.set(row(counts, 0), first);
      made.signs.before.set(row(counts, 1), first);
      made.signs.after.set(row(counts, 2), first);
      // What the kernel left alone was missing, or could not be corrected: all others were seen.
      const kept = row(counts, 3);
      for (let w = 0; w < width; w++) tally.seen[first + w] = cells - kept[w];
      const withKept = Array.from(kept.keys()).filter((w) => kept[w] > 0);
      sites.names.forEach((name, group) => {
        const site = siteOf.get(name);
        if (site === undefined) return;
        const at = site * stride + first;
        tally.sums.set(row(tallies, 2 * group), at);
        tally.counts.fill(sites.sizes[group], at, at + width);
        const keptHere = row(tallies, 2 * group + 1);
        for (const w of withKept) tally.counts[at + w] -= keptHere[w];
      });
      lostCells().forEach((gone, at) => (made.lost[at % groups] += gone));
    },
  };
}
