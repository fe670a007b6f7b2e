import { breathe, progressReporter, throwIfAborted } from '../../data/run-options';
import type { BandInMemory, BandWork, ColumnBand } from '../../math/linear/products-by-kernels';
import { weightRowsByKernel } from '../../math/linear/products-by-kernels';
import { copyColumns } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import type { ApplyIntoOptions } from '../apply-combat';
import type { CorrectedScans } from '../corrected-scans';
import { correctedSites, harmonizedOf } from '../frame/corrected-sites';
import type { Corrected, PutBackTallies } from '../frame/put-back-kernel';
import { lostBySite, putBackBytes, putBackKernel, putBackTallies } from '../frame/put-back-kernel';
import type { PutBackValues } from '../frame/put-back-values';
import type { CovbatModel } from './covbat-model';
import { scoresByKernels } from './leftovers-by-kernels';
import { scoreMoves } from './score-moves';

/** Harmonized values, what ComBat of the features noticed, and how many cells of harmonized features are missing. */
export interface MovedValues extends PutBackValues {
  readonly cells: number;
}

/**
 * Harmonizes scans in WebAssembly, twice band by band of features: for the scores, and for the values. Each time features are
 * corrected while a band is in the processor's cache, so that values are written once.
 *
 * @returns `undefined`, and nothing was written, where there is little to do, the model takes logarithms or a σ of its own for
 * each scan, or there is no memory for it
 */
export async function moveByKernels(
  model: CovbatModel,
  { used, design, corrections }: CorrectedScans,
  { into, ...options }: ApplyIntoOptions,
): Promise<MovedValues | undefined> {
  const { combat, rotation } = model;
  const { values: source } = used.features;
  if (combat.settings.transform === 'log' || combat.scaleColumns.length > 0) return undefined;
  const report = progressReporter('applying ComBat', used.participants.ids.length, options);
  await breathe(options.signal);
  const sites = correctedSites(used.participants.sites, corrections);
  const scored = scoresByKernels({ model: combat, design, sites }, source, { units: model, rotation });
  if (scored === undefined) return undefined;
  const by = await scoreMoves(model, used, { scores: scored.scores, options });
  await breathe(options.signal);
  const corrected = { model: combat, sites, design, harmonized: harmonizedOf(combat) };
  const made = { values: into ?? new Float64Array(source.length), ...putBackTallies(combat, sites) };
  const move = bandMover(corrected, { source, units: model.scales, made });
  const rows = rotation.length / model.scales.length;
  if (weightRowsByKernel({ weights: by, table: rotation, rows }, move.use, move.work) === undefined)
    return undefined;
  report(used.participants.ids.length);
  throwIfAborted(options.signal);
  return { ...made, lost: lostBySite(made, sites), cells: scored.cells };
}

/** What corrects and moves bands of features: memory that it needs, and what is done as soon as it is known how far they move. */
function bandMover(
  corrected: Corrected,
  {
    source,
    units,
    made,
  }: {
    readonly source: Float64Array;
    readonly units: Float64Array;
    readonly made: PutBackTallies & { readonly values: Float64Array };
  },
): { readonly work: BandWork; readonly use: (band: ColumnBand) => void } {
  const stride = units.length;
  const rows = source.length / stride;
  let move = (_: ColumnBand): void => undefined;
  const begin = (room: Float64Room, most: number): ((band: BandInMemory) => void) => {
    const data = room.take(8 * (rows * most + 1));
    const scales = room.take(8 * (most + 1));
    const kernel = putBackKernel(room, corrected, { rows, width: most, made });
    move = ({ first, size, values: moved }) => {
      const table = { data: source, stride, offset: first };
      const cells = { data: room.doubles(data, rows * size), stride: size, offset: 0 };
      copyColumns(table, cells, { rows, width: size });
      kernel.begin({ first, width: size });
      kernel.run(data, { first: 0, end: rows });
      kernel.end();
      room.doubles(scales, size).set(units.subarray(first, first + size));
      const args = [data, rows, size, moved.byteOffset, scales];
      room.run('moveFeatures', args, { units: Math.ceil(rows / 8) });
      copyColumns(cells, { ...table, data: made.values }, { rows, width: size });
    };
    return () => undefined;
  };
  const bytes = (size: number): number =>
    8 * (rows * size + size + 2) + 2 * 64 + putBackBytes(corrected, { rows, width: size });
  return {
    work: { bytes, begin },
    use: (band) => {
      move(band);
    },
  };
}
