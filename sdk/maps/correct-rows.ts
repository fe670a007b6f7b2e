import { expectRow, spreadRow } from '../combat/frame/expected-values';
import { notPositive } from '../combat/frame/standardize';
import type { MapValues } from '../io/maps/map-format';
import type { BlockCorrection } from './maps-model';

/** The scans that are corrected. */
export interface CorrectedScans {
  readonly ids: readonly string[];
  /** Which site of the model each is of; −1 for one that it does not know, whose values are left as they are. */
  readonly codes: Int32Array;
  /** Scans × columns: covariates, coded as the model was fitted; and those of scale. */
  readonly design: Float64Array;
  readonly scale: Float64Array;
  readonly log: boolean;
}

/** What is counted on the way. */
export interface CorrectedCounts {
  negative: number;
  unmodelled: number;
}

/** Corrects blocks of vertices: out = (y − μ − γ*σ) / √δ* + μ, as `applyCombat` does. */
export function rowCorrector(
  scans: CorrectedScans,
  nameOf: (vertex: number) => string,
): (
  block: BlockCorrection,
  row: number,
  values: { readonly from: MapValues; readonly to: MapValues },
  counts: CorrectedCounts,
) => void {
  const { ids, codes, design, scale, log } = scans;
  let fit = new Float64Array(0);
  let spread = new Float64Array(0);
  return (block, row, { from, to }, counts) => {
    const { width, harmonized, model } = block;
    const correction = codes[row] === -1 ? undefined : block.sites[codes[row]];
    if (correction === undefined) {
      to.set(from);
      return;
    }
    if (fit.length !== width) {
      fit = new Float64Array(width);
      spread = new Float64Array(width);
    }
    const { shift, factor } = correction;
    expectRow(model, { design, row }, fit);
    if (!log && model.scaleCoefficients.length === 0) {
      correctEvenly({ from, to }, { fit, shift, factor, harmonized }, counts);
      return;
    }
    spreadRow(model.scaleCoefficients, { design: scale, row }, spread);
    for (let w = 0; w < width; w++) {
      const value = from[w];
      if (harmonized[w] === 0 || value !== value) {
        to[w] = value;
        continue;
      }
      if (log && value <= 0) throw notPositive(value, ids[row], nameOf(block.first + w));
      const y = log ? Math.log(value) : value;
      const out = (y - fit[w] - shift[w] * spread[w]) * factor[w] + fit[w];
      const back = log ? Math.exp(out) : out;
      to[w] = back;
      if (back !== back) counts.unmodelled++;
      else if (back < 0 && value >= 0) counts.negative++;
    }
  };
}

/** The same where σ is the same for all scans and values are as they are: most maps, and most of the time. */
function correctEvenly(
  { from, to }: { readonly from: MapValues; readonly to: MapValues },
  {
    fit,
    shift,
    factor,
    harmonized,
  }: {
    readonly fit: Float64Array;
    readonly shift: Float64Array;
    readonly factor: Float64Array;
    readonly harmonized: Uint8Array;
  },
  counts: CorrectedCounts,
): void {
  let [negative, unmodelled] = [0, 0];
  for (let w = 0; w < fit.length; w++) {
    const value = from[w];
    if (harmonized[w] === 0 || value !== value) {
      to[w] = value;
      continue;
    }
    const out = (value - fit[w] - shift[w]) * factor[w] + fit[w];
    to[w] = out;
    if (out < 0) negative += Number(value >= 0);
    else if (out !== out) unmodelled++;
  }
  counts.negative += negative;
  counts.unmodelled += unmodelled;
}
