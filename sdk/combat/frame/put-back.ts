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

/** Writes the harmonized values row by row, as they are in memory; each is read before it is written, in place as elsewhere. */
export async function putBackPlainly(
  model: CombatModel,
  cohort: FeatureCohort,
  {
    design,
    scale,
    corrections,
    into,
    run,
    report,
  }: PutBack & { readonly report: (subjects: number) => void },
): Promise<PutBackValues> {
  const tally = residualTally(model);
  const siteOf = new Map(model.sites.map(({ name }, at) => [name, at]));
  const width = model.features.length;
  const source = cohort.features.values;
  const values = into ?? new Float64Array(source.length);
  const signs = { before: new Float64Array(width), after: new Float64Array(width) };
  const lost = new Map<string, number>();
  const fit = new Float64Array(width);
  const spread = new Float64Array(width);
  const harmonized = Uint8Array.from(model.status, (status) => Number(status === 'harmonized'));
  const log = model.settings.transform === 'log';
  const { sites, ids } = cohort.participants;
  const pause = Math.max(1, Math.floor(2e6 / width));
  if (log) requirePositive(model, cohort, corrections);
  for (let row = 0; row < ids.length; row++) {
    if (row % pause === 0) {
      await breathe(run.signal);
      report(row);
    }
    const from = row * width;
    const own = source.subarray(from, from + width);
    countBelow(own, signs.before);
    const correction = corrections.get(sites[row]);
    if (correction === undefined) {
      values.set(own, from);
      countBelow(own, signs.after);
      continue;
    }
    const { shift, factor } = correction;
    expectRow(model, { design, row }, fit);
    spreadRow(model.scaleCoefficients, { design: scale, row }, spread);
    let gone = 0;
    const at = siteOf.get(sites[row]);
    const cell = at === undefined ? -1 : at * width;
    for (let w = 0; w < width; w++) {
      const value = own[w];
      if (harmonized[w] === 0 || value !== value) {
        values[from + w] = value;
        continue;
      }
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
    countBelow(values.subarray(from, from + width), signs.after);
    if (gone > 0) lost.set(sites[row], (lost.get(sites[row]) ?? 0) + gone);
  }
  return { values, lost, tally, signs };
}

/**
 * Refuses values without a logarithm before any is harmonized: those given are not to be left half done.
 *
 * @throws ConcordError `invalid-number`.
 */
function requirePositive(
  { status, features }: CombatModel,
  { participants: { ids, sites }, features: { values } }: FeatureCohort,
  corrections: PutBack['corrections'],
): void {
  const width = features.length;
  for (let row = 0; row < ids.length; row++) {
    if (corrections.get(sites[row]) === undefined) continue;
    for (let w = 0; w < width; w++) {
      const value = values[row * width + w];
      if (value <= 0 && status[w] === 'harmonized') throw notPositive(value, ids[row], features[w]);
    }
  }
}

/** Counts the values below zero of each feature. */
export function countSigns(before: Float64Array, after: Float64Array, width: number): SignCounts {
  const counts = { before: new Float64Array(width), after: new Float64Array(width) };
  for (let from = 0; from < before.length; from += width) {
    countBelow(before.subarray(from, from + width), counts.before);
    countBelow(after.subarray(from, from + width), counts.after);
  }
  return counts;
}

function countBelow(row: Float64Array, counts: Float64Array): void {
  for (let w = 0; w < row.length; w++) if (row[w] < 0) counts[w]++;
}
