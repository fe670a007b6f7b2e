import type { FeatureCohort } from '../../data/cohort';
import { breathe } from '../../data/run-options';
import type { RowRange } from '../../math/wasm/copy-columns';
import { copyColumns, rowRanges } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import { kernelsStarted, withFloat64Kernels } from '../../math/wasm/float64-kernels';
import type { CombatModel } from '../combat-model';
import { correctedSites, harmonizedOf } from './corrected-sites';
import type { Block, Corrected, PutBackTallies } from './put-back-kernel';
import {
  lostBySite,
  numbersPerFeature,
  putBackBytes,
  putBackKernel,
  putBackTallies,
  PUT_BACK_STRIP,
} from './put-back-kernel';
import type { PutBack, PutBackValues } from './put-back-values';

/** Tables with fewer cells are done before a module is compiled. */
const worthKernels = 2e5;
/** The same where it was started before. */
const worthStartedKernels = 2e3;
/** So many numbers of features are in memory at a time: 4 MB. */
const mostNumbers = 2 ** 19;
/** And so many cells, in whole rows where all features are worked on together: few long pieces are copied faster than many. */
const mostCells = 2 ** 18;
/** No more where few numbers are kept of features: V8 makes a kernel fast between its first calls, not within one. */
const fewCells = 2 ** 16;

/** What is done to every block of features. */
interface BlockWork extends Corrected {
  readonly source: Float64Array;
}

/** What the blocks fill in. */
type Made = PutBackTallies & Pick<PutBackValues, 'values'>;

/**
 * Corrects a cohort in WebAssembly, block of features by block of features.
 *
 * @returns `undefined` where the table is too small for that, the model takes logarithms or a σ of its own for each scan, or
 * there is no memory for it
 */
export async function putBackByKernels(
  model: CombatModel,
  cohort: FeatureCohort,
  {
    design,
    corrections,
    codes,
    into,
    run,
    report,
  }: PutBack & { readonly report: (subjects: number) => void },
): Promise<PutBackValues | undefined> {
  const width = model.features.length;
  const source = cohort.features.values;
  const rows = cohort.participants.ids.length;
  const { settings, scaleColumns, columns } = model;
  const worth = kernelsStarted() ? worthStartedKernels : worthKernels;
  if (source.length < worth || settings.transform === 'log' || scaleColumns.length > 0) return undefined;
  const sites = correctedSites({ corrections, codes });
  const made = { values: into ?? new Float64Array(source.length), ...putBackTallies(model, sites) };
  const work = { model, sites, design, source, harmonized: harmonizedOf(model) };
  const most =
    Math.floor(mostNumbers / (4 * sites.names.length + columns.length + 7) / PUT_BACK_STRIP) *
      PUT_BACK_STRIP +
    PUT_BACK_STRIP;
  for (let first = 0; first < width; first += most) {
    await breathe(run.signal);
    report(Math.floor((rows * first) / width));
    const block = { first, width: Math.min(most, width - first) };
    if (correctBlock(work, block, made) !== undefined) continue;
    // The first block needs most, and what it had is kept. What is corrected in place cannot be begun anew.
    if (first > 0 && into !== undefined) throw new RangeError('memory for WebAssembly was lost on the way');
    return undefined;
  }
  return { ...made, lost: lostBySite(made, sites) };
}

/** As many rows at a time that the numbers kept of features are not read more often than the cells. */
function rangesOf(rows: number, width: number, perFeature: number): readonly RowRange[] {
  return rowRanges(rows, width, Math.min(mostCells, Math.max(fewCells, width * perFeature)));
}

/** @returns `undefined` where there is no memory for WebAssembly */
function correctBlock(work: BlockWork, block: Block, made: Made): Made | undefined {
  const columns = work.model.columns.length;
  const perFeature = numbersPerFeature(columns, work.sites.names.length);
  const rows = rangesOf(work.sites.groups.length, block.width, perFeature)[0].end;
  const need = {
    bytes: 8 * (rows * block.width + 1) + 64 + putBackBytes(work, { rows, width: block.width }),
    scratchBytes: 0,
    work: work.source.length * (columns + 2),
  };
  return withFloat64Kernels(need, (room) => runBlock(room, work, { block, made }));
}

function runBlock(
  room: Float64Room,
  work: BlockWork,
  { block, made }: { readonly block: Block; readonly made: Made },
): Made {
  const { first, width } = block;
  const { source } = work;
  const stride = work.model.features.length;
  const rows = work.sites.groups.length;
  const perFeature = numbersPerFeature(work.model.columns.length, work.sites.names.length);
  const ranges = rangesOf(rows, width, perFeature);
  const most = ranges[0].end;
  const data = room.take(8 * (most * width + 1));
  const kernel = putBackKernel(room, work, { rows: most, width, made });
  kernel.begin(block);
  for (const range of ranges) {
    const shape = { rows: range.end - range.first, width };
    const table = { data: source, stride, offset: range.first * stride + first };
    const cells = { data: room.doubles(data, shape.rows * width), stride: width, offset: 0 };
    copyColumns(table, cells, shape);
    kernel.run(data, range);
    copyColumns(cells, { ...table, data: made.values }, shape);
  }
  kernel.end();
  return made;
}
