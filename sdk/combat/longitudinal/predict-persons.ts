import type { FeatureCohort } from '../../data/cohort';
import { rowsBy } from '../../data/group-by';
import { effectPairs } from '../../math/mixed/mixed-design';
import { shrinkage } from '../../math/mixed/mixed-state';
import { applyDesign } from '../design/covariate-design';
import { expectRow } from '../frame/expected-values';
import type { LongitudinalModel } from './longitudinal-model';
import { effectCount } from './longitudinal-model';
import type { ScanTimes } from './person-requirements';
import type { PersonPart } from './without-persons';

/** Who is on which row, and what is known of them. */
interface Given {
  readonly times: ScanTimes | undefined;
  /** The row of `effects` of each scan: first the persons of the model, then the others. */
  readonly personOf: Int32Array;
  /** What is known to set the person of each scan apart: 0 for those unknown. */
  readonly stored: PersonPart;
  readonly effects: Float64Array;
}

/**
 * Predicts what sets persons apart whom the model does not know: û = D Zᵀ V⁻¹ (y − Xβ − γ), the best linear unbiased prediction
 * under the model's variances (Robinson 1991, Statistical Science 6:15), which is what the effects of its own persons are.
 * The effect γ of a site that the model does not know is the generalized least-squares mean of what is left at that site.
 *
 * Writes the effects of persons from number `model.persons.length` on.
 */
export function predictPersons(model: LongitudinalModel, cohort: FeatureCohort, given: Given): void {
  const { combat, persons } = model;
  const width = combat.features.length;
  const { sites } = cohort.participants;
  const rest = leftOfScans(model, cohort, given.stored);
  const siteOf = new Map(combat.sites.map(({ name }, at) => [name, at]));
  const unseen = rowsBy(sites.map((site) => (siteOf.has(site) ? undefined : site)));
  const own = rowsBy(Array.from(given.personOf, (person) => (person >= persons.length ? person : undefined)));
  for (let w = 0; w < width; w++) {
    const variance = model.residualVariance[w];
    if (!(variance > 0)) continue;
    const covariance = effectPairs(effectCount(model)).map(
      (_, pair) => model.covariance[pair * width + w] / variance,
    );
    const at = { rest, times: given.times, width, w, covariance };
    for (const rows of unseen.values()) {
      const center = siteCenter(rows, given.personOf, { ...at, known: persons.length });
      for (const row of rows) rest[row * width + w] -= center;
    }
    for (const [person, rows] of own) {
      const { shrink, sums } = blockOf(rows, at);
      const from = person * effectCount(model) * width + w;
      given.effects[from] = shrink[0] * sums[0] + (sums.length === 2 ? shrink[1] * sums[1] : 0);
      if (sums.length === 2) given.effects[from + width] = shrink[1] * sums[0] + shrink[2] * sums[1];
    }
  }
}

/** y − Xβ − γ of the sites that the model knows, less what is known of persons. */
function leftOfScans({ combat }: LongitudinalModel, cohort: FeatureCohort, stored: PersonPart): Float64Array {
  const width = combat.features.length;
  const design = applyDesign(cohort.participants, combat).values;
  const siteOf = new Map(combat.sites.map(({ name }, at) => [name, at]));
  const fit = new Float64Array(width);
  const rest = new Float64Array(cohort.features.values.length);
  const log = combat.settings.transform === 'log';
  cohort.participants.sites.forEach((site, row) => {
    expectRow(combat, { design, row }, fit);
    const at = siteOf.get(site);
    for (let w = 0; w < width; w++) {
      const cell = row * width + w;
      const value = cohort.features.values[cell];
      const shift = at === undefined ? 0 : combat.gammaHat[at * width + w] * combat.pooledSd[w];
      rest[cell] = (log ? Math.log(value) : value) - fit[w] - shift - stored[cell];
    }
  });
  return rest;
}

/** One feature of some scans. */
interface FeatureAt {
  readonly rest: Float64Array;
  readonly times: ScanTimes | undefined;
  readonly width: number;
  readonly w: number;
  readonly covariance: readonly number[];
}

/** M = D (I + ZᵀZ D)⁻¹ and Zᵀr of the scans of one person that have the feature. */
function blockOf(
  rows: readonly number[],
  { rest, times, width, w, covariance }: FeatureAt,
): {
  readonly shrink: readonly number[];
  readonly sums: readonly number[];
  readonly squares: Float64Array;
} {
  const present = rows.filter((row) => Number.isFinite(rest[row * width + w]));
  const squares = new Float64Array(covariance.length);
  const sums = covariance.length === 1 ? [0] : [0, 0];
  for (const row of present) {
    const value = rest[row * width + w];
    const time = times?.values[row] ?? 0;
    squares[0]++;
    sums[0] += value;
    if (sums.length === 1) continue;
    squares[1] += time;
    squares[2] += time * time;
    sums[1] += time * value;
  }
  return { ...shrinkage(squares, covariance), sums, squares };
}

/** The generalized least-squares mean of a site: 1ᵀV⁻¹r / 1ᵀV⁻¹1, with the persons that the model knows set aside already. */
function siteCenter(
  rows: readonly number[],
  personOf: Int32Array,
  at: FeatureAt & { readonly known: number },
): number {
  const blocks = rowsBy(rows.map((row) => personOf[row]));
  let above = 0;
  let below = 0;
  for (const [person, own] of blocks) {
    const { shrink, sums, squares } = blockOf(
      own.map((index) => rows[index]),
      at,
    );
    const [n, time] = squares;
    above += sums[0];
    below += n;
    if (person < at.known) continue;
    if (sums.length === 1) {
      above -= n * shrink[0] * sums[0];
      below -= n * shrink[0] * n;
    } else {
      const [left, right] = [n * shrink[0] + time * shrink[1], n * shrink[1] + time * shrink[2]];
      above -= left * sums[0] + right * sums[1];
      below -= left * n + right * time;
    }
  }
  return below > 0 ? above / below : 0;
}
