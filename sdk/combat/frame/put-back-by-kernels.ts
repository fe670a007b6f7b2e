import type { FeatureCohort } from '../../data/cohort';
import type { Participants } from '../../data/people/participants';
import { siteCodes } from '../../data/people/participants';
import { breathe } from '../../data/run-options';
import type { RowRange } from '../../math/wasm/copy-columns';
import { copyColumns, rowRanges } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { kernelsStarted, roundUp, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatModel } from '../combat-model';
import { residualTally } from '../unlike-training';
import type { PutBack, PutBackValues } from './put-back-values';
import type { SiteCorrection } from './site-correction';

/** Tables with fewer cells are done before a module is compiled. */
const worthKernels = 2e5;
/** The same where it was started before. */
const worthStartedKernels = 2e4;
/** As many features are one unit of work. */
const STRIP = 32;

/** So many numbers of features are in memory at a time: 4 MB. */
const mostNumbers = 2 ** 19;
/** And so many cells, in whole rows where all features are worked on together: few long pieces are copied faster than many. */
const mostCells = 2 ** 18;
/** No more where few numbers are kept of features: V8 makes a kernel fast between its first calls, not within one. */
const fewCells = 2 ** 16;

/** The sites whose scans are corrected. */
interface CorrectedSites {
  readonly names: readonly string[];
  readonly corrections: readonly SiteCorrection[];
  /** The position in `names` of each subject's site; −1 for one that is left alone. */
  readonly groups: Int32Array;
  /** How many subjects each has. */
  readonly sizes: Int32Array;
}

/** What is done to every block of features. */
interface BlockWork {
  readonly model: CombatModel;
  readonly sites: CorrectedSites;
  readonly design: Float64Array;
  readonly source: Float64Array;
  /** 1 for features that are corrected, else 0. */
  readonly harmonized: Float64Array;
}

/** Neighboring features. */
interface Block {
  readonly first: number;
  readonly width: number;
}

/** What the blocks fill in: `lost` has one number per corrected site. */
interface Made extends Omit<PutBackValues, 'lost'> {
  readonly lost: Float64Array;
}

/**
 * Corrects a cohort in WebAssembly, block of features by block of features.
 *
 * @returns `undefined` where the table is too small for that, the model takes logarithms or a σ of its own for each scan, or
 * there is no memory for it
 */
export async function putBackByKernels(
  model: CombatModel,
  cohort: FeatureCohort,
  { design, corrections, into, run, report }: PutBack & { readonly report: (subjects: number) => void },
): Promise<PutBackValues | undefined> {
  const width = model.features.length;
  const source = cohort.features.values;
  const rows = cohort.participants.ids.length;
  const { settings, scaleColumns, columns } = model;
  const worth = kernelsStarted() ? worthStartedKernels : worthKernels;
  if (source.length < worth || settings.transform === 'log' || scaleColumns.length > 0) return undefined;
  const sites = correctedSites(cohort.participants, corrections);
  const made: Made = {
    values: into ?? new Float64Array(source.length),
    tally: residualTally(model),
    signs: { before: new Float64Array(width), after: new Float64Array(width) },
    lost: new Float64Array(sites.names.length),
  };
  const harmonized = Float64Array.from(model.status, (status) => Number(status === 'harmonized'));
  const work = { model, sites, design, source, harmonized };
  const most =
    Math.floor(mostNumbers / (4 * sites.names.length + columns.length + 7) / STRIP) * STRIP + STRIP;
  for (let first = 0; first < width; first += most) {
    await breathe(run.signal);
    report(Math.floor((rows * first) / width));
    const block = { first, width: Math.min(most, width - first) };
    if (correctBlock(work, block, made) !== undefined) continue;
    // The first block needs most, and what it had is kept. What is corrected in place cannot be begun anew.
    if (first > 0 && into !== undefined) throw new RangeError('memory for WebAssembly was lost on the way');
    return undefined;
  }
  const lost = sites.names.map((name, at) => [name, made.lost[at]] as const);
  return { ...made, lost: new Map(lost.filter(([, cells]) => cells > 0)) };
}

function correctedSites(
  participants: Participants,
  corrections: ReadonlyMap<string, SiteCorrection | undefined>,
): CorrectedSites {
  const corrected = [...corrections].flatMap(([name, correction]) =>
    correction === undefined ? [] : [{ name, correction }],
  );
  const names = corrected.map(({ name }) => name);
  const groups = siteCodes(participants, names);
  const sizes = new Int32Array(names.length);
  for (let row = 0; row < groups.length; row++) if (groups[row] >= 0) sizes[groups[row]]++;
  return { names, corrections: corrected.map(({ correction }) => correction), groups, sizes };
}

function numbersPerFeature(columns: number, groups: number): number {
  return 1 + columns + 4 * groups + 6;
}

/** As many rows at a time that the numbers kept of features are not read more often than the cells. */
function rangesOf(rows: number, width: number, perFeature: number): readonly RowRange[] {
  return rowRanges(rows, width, Math.min(mostCells, Math.max(fewCells, width * perFeature)));
}

/** @returns `undefined` where there is no memory for WebAssembly */
function correctBlock(work: BlockWork, block: Block, made: Made): Made | undefined {
  const rows = work.sites.groups.length;
  const columns = work.model.columns.length;
  const groups = work.sites.names.length;
  const strips = Math.ceil(block.width / STRIP);
  const perFeature = numbersPerFeature(columns, groups);
  const most = rangesOf(rows, block.width, perFeature)[0].end;
  const values = most * (block.width + 1 + columns) + 1 + strips * groups;
  const need = {
    bytes: 8 * (values + (block.width + 1) * perFeature) + 64 * 16,
    scratchBytes: 0,
    work: work.source.length * (columns + 2),
  };
  return withFloat64Kernels(need, (room) => runBlock(room, work, { block, made }));
}

function runBlock(
  room: Float64Room,
  { model, sites, design, source, harmonized }: BlockWork,
  { block, made }: { readonly block: Block; readonly made: Made },
): Made {
  const { first, width } = block;
  const { groups } = sites;
  const stride = model.features.length;
  const columns = model.columns.length;
  const padded = roundUp(width, 2);
  const strips = Math.ceil(width / STRIP);
  const ranges = rangesOf(groups.length, width, numbersPerFeature(columns, sites.names.length));
  const most = ranges[0].end;
  const data = room.take(8 * (most * width + 1));
  const codes = room.take(4 * most);
  const byRow = room.take(8 * most * columns);
  /** Rows with a number for each feature, or nothing but zeros. */
  const put = (from: readonly Float64Array[], zeros = 0): number => {
    const count = from.length + zeros;
    const address = room.take(8 * count * padded);
    const numbers = room.doubles(address, count * padded).fill(0);
    from.forEach((own, row) => numbers.set(own.subarray(first, first + width), row * padded));
    return address;
  };
  const slopes = model.columns.map((_, k) => model.coefficients.subarray(k * stride, (k + 1) * stride));
  const expected = put([model.grandMean, ...slopes]);
  const corrections = put(sites.corrections.flatMap(({ shift, factor }) => [shift, factor]));
  const { tally, signs } = made;
  // No residual is below what is not a number: what is not corrected is looked at by itself.
  const features = put([harmonized, tally.limits.map((limit, w) => (harmonized[w] === 0 ? NaN : limit))]);
  const tallies = put([], 2 * sites.names.length);
  const counts = put([], 4);
  const lost = room.take(8 * strips * sites.names.length);
  const gone = room.doubles(lost, strips * sites.names.length).fill(0);
  const fixed = [expected, corrections, features, tallies, counts, lost, sites.names.length];
  for (const { first: row, end } of ranges) {
    const rows = end - row;
    const table = { data: source, stride, offset: row * stride + first };
    const cells = { data: room.doubles(data, rows * width), stride: width, offset: 0 };
    copyColumns(table, cells, { rows, width });
    room.integers(codes, rows).set(groups.subarray(row, end));
    room.doubles(byRow, rows * columns).set(design.subarray(row * columns, end * columns));
    room.run('putBack', [data, rows, width, codes, byRow, columns, ...fixed], { units: strips });
    copyColumns(cells, { ...table, data: made.values }, { rows, width });
  }
  const get = (address: number, row: number): Float64Array => room.doubles(address + 8 * row * padded, width);
  tally.far.set(get(counts, 0), first);
  signs.before.set(get(counts, 1), first);
  signs.after.set(get(counts, 2), first);
  const kept = get(counts, 3);
  const cells = sites.sizes.reduce((sum, size) => sum + size, 0);
  for (let w = 0; w < width; w++) tally.seen[first + w] = cells - kept[w];
  const withKept = Array.from(kept.keys()).filter((w) => kept[w] > 0);
  const siteOf = new Map(model.sites.map(({ name }, at) => [name, at]));
  sites.names.forEach((name, group) => {
    const site = siteOf.get(name);
    if (site === undefined) return;
    const at = site * stride + first;
    tally.sums.set(get(tallies, 2 * group), at);
    tally.counts.fill(sites.sizes[group], at, at + width);
    const keptHere = get(tallies, 2 * group + 1);
    for (const w of withKept) tally.counts[at + w] -= keptHere[w];
  });
  gone.forEach((cells, at) => (made.lost[at % sites.names.length] += cells));
  return made;
}
