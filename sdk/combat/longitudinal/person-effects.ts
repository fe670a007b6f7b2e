import { personNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { dot } from '../../math/linear/dot';
import type { MixedFit } from '../../math/mixed/fit-mixed';
import { mixedFitter } from '../../math/mixed/fit-mixed';
import { mixedDesign } from '../../math/mixed/mixed-design';
import type { PreparedCombat } from '../fit-combat';
import { notPositive } from '../frame/standardize';
import { fitChosen } from './choose-penalties';
import type { CurveColumns } from './curve-columns';
import { curveColumns } from './curve-columns';
import type { LongitudinalModel, LongitudinalSettings } from './longitudinal-model';
import type { ScanTimes } from './person-requirements';
import { tooFewVisits } from './person-requirements';

/** What became of a feature: fitted, or why not. */
export type MixedStatus = 'fitted' | 'boundary' | 'constant' | 'constant-within-persons' | 'too-few-visits';

/** The random effects of every person in every feature. */
export interface PersonEffects extends Pick<
  LongitudinalModel,
  'persons' | 'scans' | 'effects' | 'covariance' | 'residualVariance' | 'criterion'
> {
  /** The person of each scan. */
  readonly personOf: Int32Array;
  /** For each feature, σ̂² as a multiple of the mean squared residual; `NaN` where it has no mixed model. */
  readonly inflation: Float64Array;
  /** λ of each smooth, and the degrees of freedom that it takes beside persons: smooths × features. */
  readonly penalties: Float64Array;
  readonly freedom: Float64Array;
  readonly status: readonly MixedStatus[];
}

interface EffectsContext {
  readonly time: ScanTimes | undefined;
  readonly settings: LongitudinalSettings;
  readonly run: RunOptions;
}

/**
 * Fits the mixed model of every feature, on the cells that it has; features that lack the same cells share a design.
 *
 * @throws ConcordError `too-little-data`, `invalid-number`, `aborted`.
 */
export async function fitPersonEffects(
  prepared: PreparedCombat,
  context: EffectsContext,
): Promise<PersonEffects> {
  const { participants, features } = prepared.used;
  const width = features.features.length;
  const { choice } = prepared;
  const smooths = prepared.design.smooths.length;
  const persons = personNames(participants);
  const codeOf = new Map(persons.map((person, code) => [person, code]));
  const personOf = Int32Array.from(participants.persons, (person) => codeOf.get(person) ?? -1);
  const count = context.time === undefined ? 1 : 2;
  const result = {
    persons,
    scans: participants.ids,
    personOf,
    effects: new Float64Array(persons.length * count * width),
    covariance: new Float64Array((count === 1 ? 1 : 3) * width).fill(NaN),
    residualVariance: new Float64Array(width).fill(NaN),
    criterion: new Float64Array(width).fill(NaN),
    inflation: new Float64Array(width).fill(NaN),
    penalties: new Float64Array(smooths * width).fill(NaN),
    freedom: new Float64Array(smooths * width).fill(NaN),
    status: new Array<MixedStatus>(width).fill('too-few-visits'),
  };
  const columnsByKind = curveColumns(prepared.design, participants);
  const report = progressReporter('fitting mixed models', width, context.run);
  let done = 0;
  for (const { rows, columns } of byPresentRows(prepared)) {
    await breathe(context.run.signal);
    const design = designOn(prepared, { rows, personOf, time: context.time, columns: columnsByKind });
    const enough = design !== undefined && design.freedomWithin > 0;
    if (rows.length === personOf.length && !enough)
      throw tooFewVisits(rows.length, persons.length, context.settings.randomSlope);
    const fit = enough ? mixedFitter(design) : undefined;
    const met = Int32Array.from(new Set(rows.map((row) => personOf[row])));
    for (const w of columns) {
      // A model of many features yields to what else waits.
      if (done % 32 === 0) {
        await breathe(context.run.signal);
        report(done);
      }
      done++;
      if (fit === undefined) continue;
      const found = fitChosen(fit, valuesOn(prepared, rows, w), { choice, smooths, feature: w });
      if (typeof found === 'string') {
        result.status[w] = found;
        if (found === 'constant') result.inflation[w] = 1;
        continue;
      }
      result.status[w] = found.covariance[0] < 1e-8 ? 'boundary' : 'fitted';
      store(found, { w, width, rows, met, count, settings: context.settings }, result);
    }
  }
  report(width);
  return result;
}

/** Features that have values in the same rows. */
function byPresentRows({
  used,
}: PreparedCombat): readonly { readonly rows: Int32Array; readonly columns: number[] }[] {
  const { values, features } = used.features;
  const width = features.length;
  const rows = used.participants.ids.length;
  const groups = new Map<string, { readonly rows: Int32Array; readonly columns: number[] }>();
  for (let w = 0; w < width; w++) {
    const missing: number[] = [];
    for (let row = 0; row < rows; row++) if (Number.isNaN(values[row * width + w])) missing.push(row);
    const key = missing.join();
    const own = groups.get(key);
    if (own !== undefined) own.columns.push(w);
    else {
      const absent = new Set(missing);
      const present = Int32Array.from(Array.from({ length: rows }, (_, row) => row)).filter(
        (row) => !absent.has(row),
      );
      groups.set(key, { rows: present, columns: [w] });
    }
  }
  return [...groups.values()];
}

/** Sites, covariates, curves and persons on some rows. */
function designOn(
  { sites }: PreparedCombat,
  {
    rows,
    personOf,
    time,
    columns: { fixed, bending },
  }: {
    readonly rows: Int32Array;
    readonly personOf: Int32Array;
    readonly time: ScanTimes | undefined;
    readonly columns: CurveColumns;
  },
): ReturnType<typeof mixedDesign> {
  const met = new Set(rows.map((row) => sites.codes[row]));
  const indicators = sites.names.flatMap((_, site) =>
    met.has(site) ? [Float64Array.from(rows, (row) => Number(sites.codes[row] === site))] : [],
  );
  const onRows = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]);
  return mixedDesign({
    columns: [...indicators, ...fixed.map(onRows)],
    curves: bending.map((columns) => columns.map(onRows)),
    persons: rows.map((row) => personOf[row]),
    time: time && onRows(time.values),
  });
}

/** The values of a feature on the scale that the model works on. */
function valuesOn({ used, settings }: PreparedCombat, rows: Int32Array, w: number): Float64Array {
  const { values, features, subjects } = used.features;
  const width = features.length;
  const log = settings.transform === 'log';
  const own = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const value = values[rows[at] * width + w];
    if (log && value <= 0) throw notPositive(value, subjects[rows[at]], features[w]);
    own[at] = log ? Math.log(value) : value;
  }
  return own;
}

type Mutable = Pick<
  PersonEffects,
  'effects' | 'covariance' | 'residualVariance' | 'criterion' | 'inflation' | 'penalties' | 'freedom'
>;

function store(
  found: MixedFit,
  at: {
    readonly w: number;
    readonly width: number;
    readonly rows: Int32Array;
    /** The persons met on these rows, in the order in which they appear, which is that of the design. */
    readonly met: Int32Array;
    readonly count: number;
    readonly settings: LongitudinalSettings;
  },
  { effects, covariance, residualVariance, criterion, inflation, penalties, freedom }: Mutable,
): void {
  const { w, width, rows, met, count, settings } = at;
  found.covariance.forEach((share, pair) => {
    covariance[pair * width + w] = share * found.residualVariance;
  });
  found.penalties.forEach((lambda, k) => (penalties[k * width + w] = lambda));
  found.freedom.forEach((own, k) => (freedom[k * width + w] = own));
  residualVariance[w] = found.residualVariance;
  criterion[w] = found.criterion;
  const meanSquare = dot(found.residuals, found.residuals) / rows.length;
  inflation[w] = settings.residualVariance === 'reml' ? found.residualVariance / meanSquare : 1;
  for (let own = 0; own < met.length; own++) {
    for (let a = 0; a < count; a++)
      effects[(met[own] * count + a) * width + w] = found.effects[own * count + a];
  }
}
