import { breathe, progressReporter, throwIfAborted } from '../../data/run-options';
import type { BandSteps, BandWork, Columns, UseOfBand } from '../../math/linear/products-by-kernels';
import { weightRowsByKernel } from '../../math/linear/products-by-kernels';
import type { StridedColumns } from '../../math/wasm/copy-columns';
import { copyColumns } from '../../math/wasm/copy-columns';
import type { Float64Room } from '../../math/wasm/float64-kernels';
import type { ApplyIntoOptions } from '../apply-combat';
import type { ScansToCorrect } from '../corrected-scans';
import { correctedSites, harmonizedOf } from '../frame/corrected-sites';
import type { Corrected, PutBackTallies } from '../frame/put-back-kernel';
import { lostBySite, putBackBytes, putBackKernel, putBackTallies } from '../frame/put-back-kernel';
import type { PutBackValues } from '../frame/put-back-values';
import type { CovbatModel, KnownScores } from './covbat-model';
import { scoresByKernels } from './leftovers-by-kernels';
import { scoreMoves } from './score-moves';

/** Harmonized values, what ComBat of the features noticed, and how many cells of harmonized features are missing. */
export interface MovedValues extends PutBackValues {
  readonly cells: number;
}

/** How scans are moved. */
export interface MoveOptions extends ApplyIntoOptions {
  /** Their scores, where they are known. */
  readonly fitted?: KnownScores;
}

/**
 * Harmonizes scans in WebAssembly, twice band by band of features: for the scores, unless they are known, and for the values. Each time features are
 * corrected while a band is in the processor's cache, so that values are written once.
 *
 * @returns `undefined`, and nothing was written, where there is little to do, the model takes logarithms or a σ of its own for
 * each scan, or there is no memory for it
 */
export async function moveByKernels(
  model: CovbatModel,
  scans: ScansToCorrect,
  { into, fitted, ...options }: MoveOptions,
): Promise<MovedValues | undefined> {
  const { used, design } = scans;
  const { combat, rotation } = model;
  const { values: source } = used.features;
  if (combat.settings.transform === 'log' || combat.scaleColumns.length > 0) return undefined;
  const report = progressReporter('applying ComBat', used.participants.ids.length, options);
  await breathe(options.signal);
  const sites = correctedSites(scans);
  const scored =
    fitted ?? scoresByKernels({ model: combat, design, sites }, source, { units: model, rotation });
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

/** Where values come from, and where they go. */
interface Moves {
  readonly source: Float64Array;
  readonly units: Float64Array;
  readonly made: PutBackTallies & { readonly values: Float64Array };
}

/**
 * What corrects and moves bands of features as soon as it is known how far they move. Bands take turns in two places: one is copied
 * to where values go, and the next brought in, while others multiply.
 */
function bandMover(
  corrected: Corrected,
  { source, units, made }: Moves,
): { readonly work: BandWork; readonly use: UseOfBand } {
  const stride = units.length;
  const rows = source.length / stride;
  let move: UseOfBand = () => undefined;
  const begin = (room: Float64Room, most: number): BandSteps => {
    const places = [0, 1].map(() => room.take(8 * (rows * most + 1)));
    const scales = room.take(8 * (most + 1));
    const kernel = putBackKernel(room, corrected, { rows, width: most, made });
    const placeOf = (first: number): number => places[(first / most) % 2];
    const cellsOf = ({ first, size }: Columns): StridedColumns => ({
      data: room.doubles(placeOf(first), rows * size),
      stride: size,
      offset: 0,
    });
    move = ({ first, size, values: moved }) => {
      const data = placeOf(first);
      kernel.begin({ first, width: size });
      kernel.run(data, { first: 0, end: rows });
      kernel.end();
      room.doubles(scales, size).set(units.subarray(first, first + size));
      const args = [data, rows, size, moved.byteOffset, scales];
      room.run('moveFeatures', args, { units: Math.ceil(rows / 8) });
      const to = { data: made.values, stride, offset: first };
      return () => {
        copyColumns(cellsOf({ first, size }), to, { rows, width: size });
      };
    };
    return {
      fetch: (band) => {
        const from = { data: source, stride, offset: band.first };
        copyColumns(from, cellsOf(band), { rows, width: band.size });
      },
    };
  };
  const bytes = (size: number): number =>
    8 * (2 * rows * size + size + 3) + 3 * 64 + putBackBytes(corrected, { rows, width: size });
  return { work: { bytes, begin }, use: (band) => move(band) };
}
