import type { FeatureCohort } from '../../data/cohort';
import { breathe, progressReporter, throwIfAborted } from '../../data/run-options';
import type { CombatModel } from '../combat-model';
import { residualTally } from '../unlike-training';
import { expectRow, spreadRow } from './expected-values';
import { putBackByKernels } from './put-back-by-kernels';
import type { PutBack, PutBackValues, SignCounts } from './put-back-values';
import { notPositive } from './standardize';

/**
 * Puts a cohort back without the effects of its sites, (y − fit − shift × spread) × factor + fit. Large tables are done in
 * WebAssembly, which gives the same bits.
 *
 * @throws ConcordError `invalid-number` for a value that has no logarithm where the model takes it; `aborted`.
 */
export async function putBack(
  model: CombatModel,
  cohort: FeatureCohort,
  what: PutBack,
): Promise<PutBackValues> {
  const report = progressReporter('applying ComBat', cohort.participants.ids.length, what.run);
  const done =
    (await putBackByKernels(model, cohort, { ...what, report })) ??
    (await putBackPlainly(model, cohort, { ...what, report }));
  report(cohort.participants.ids.length);
  throwIfAborted(what.run.signal);
  return done;
}

/** Writes the harmonized values row by row, as they are in memory. */
async function putBackPlainly(
  model: CombatModel,
  cohort: FeatureCohort,
  { design, scale, corrections, run, report }: PutBack & { readonly report: (subjects: number) => void },
): Promise<PutBackValues> {
  const tally = residualTally(model);
  const siteOf = new Map(model.sites.map(({ name }, at) => [name, at]));
  const width = model.features.length;
  const source = cohort.features.values;
  const values = new Float64Array(source.length);
  const lost = new Map<string, number>();
  const fit = new Float64Array(width);
  const spread = new Float64Array(width);
  const harmonized = Uint8Array.from(model.status, (status) => Number(status === 'harmonized'));
  const log = model.settings.transform === 'log';
  const { sites, ids } = cohort.participants;
  const pause = Math.max(1, Math.floor(2e6 / width));
  for (let row = 0; row < ids.length; row++) {
    if (row % pause === 0) {
      await breathe(run.signal);
      report(row);
    }
    const from = row * width;
    const correction = corrections.get(sites[row]);
    if (correction === undefined) {
      values.set(source.subarray(from, from + width), from);
      continue;
    }
    const { shift, factor } = correction;
    expectRow(model, { design, row }, fit);
    spreadRow(model.scaleCoefficients, { design: scale, row }, spread);
    let gone = 0;
    const at = siteOf.get(sites[row]);
    const cell = at === undefined ? -1 : at * width;
    for (let w = 0; w < width; w++) {
      const value = source[from + w];
      if (harmonized[w] === 0 || value !== value) {
        values[from + w] = value;
        continue;
      }
      if (log && value <= 0) throw notPositive(value, ids[row], model.features[w]);
      const y = log ? Math.log(value) : value;
      const rest = y - fit[w];
      tally.seen[w]++;
      if (Math.abs(rest) > tally.limits[w] * spread[w]) tally.far[w]++;
      if (cell !== -1) {
        tally.sums[cell + w] += rest / spread[w];
        tally.counts[cell + w]++;
      }
      const out = (rest - shift[w] * spread[w]) * factor[w] + fit[w];
      values[from + w] = log ? Math.exp(out) : out;
      if (out !== out) gone++;
    }
    if (gone > 0) lost.set(sites[row], (lost.get(sites[row]) ?? 0) + gone);
  }
  return { values, lost, tally, signs: countSigns(source, values, width) };
}

/** Counts the values below zero of each feature. */
export function countSigns(before: Float64Array, after: Float64Array, width: number): SignCounts {
  const counts = { before: new Float64Array(width), after: new Float64Array(width) };
  for (let from = 0; from < before.length; from += width) {
    for (let w = 0; w < width; w++) {
      if (before[from + w] < 0) counts.before[w]++;
      if (after[from + w] < 0) counts.after[w]++;
    }
  }
  return counts;
}
