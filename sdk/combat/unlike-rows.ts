import type { FeatureCohort } from '../data/cohort';
import { joinDoubles } from '../math/join-arrays';
import { rowRanges } from '../math/wasm/copy-columns';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatModel, FeatureStatus } from './combat-model';
import type { ScansToCorrect } from './corrected-scans';
import { spreadAt } from './frame/expected-values';
import { farAway } from './unlike-training';

/** So many features of each scan are looked at, evenly over the table: enough to see a quarter of them. */
const looked = 64;

/** Where fewer cells are looked at, plain JavaScript is as fast. */
const worthKernels = 2 ** 14;

/** What is looked at, of features that are `some` of `width`, and what is expected. */
interface FarSearch {
  readonly width: number;
  readonly some: readonly number[];
  /** The number of each scan's site in `shifts`. */
  readonly groups: Int32Array;
  /** What the model expects of every scan, and then for each column of covariates. */
  readonly expected: Float64Array;
  /** The effects of each site. */
  readonly shifts: readonly Float64Array[];
  readonly limits: Float64Array;
  readonly design: Float64Array;
}

/**
 * The scans of which a quarter or more of the features, and at least two, are further from what the model expects at their site
 * than {@link farAway} pooled standard deviations: scans in another unit. Means of features do not show it where few scans, or
 * those of one site, are so.
 *
 * A site that the model does not know has an effect of 0 here, whatever was estimated of it: estimated from scans in another
 * unit, it makes up for the unit.
 */
export function unlikeRows(
  model: CombatModel,
  { features: { values } }: FeatureCohort,
  applied: Pick<ScansToCorrect, 'design' | 'scale' | 'corrections' | 'codes'>,
): readonly number[] {
  const { columns, pooledSd, status, settings } = model;
  const width = status.length;
  const some = evenly(status);
  const scaled = model.scaleColumns.length > 0;
  const picked = (rows: Float64Array): Float64Array => pickColumns(rows, width, some);
  const means = picked(model.grandMean);
  const slopes = columns.map((_, k) => picked(model.coefficients.subarray(k * width, (k + 1) * width)));
  const exponents = picked(model.scaleCoefficients);
  const limits = picked(pooledSd.map((sd) => farAway * sd));
  // The last effects are those of sites that the model does not know.
  const shifts = [...shiftsAt(model, applied, picked), new Float64Array(some.length)];
  const groups = applied.codes.map((code) => Math.min(code, model.sites.length));
  if (settings.transform === 'none' && !scaled) {
    const expected = joinDoubles([means, ...slopes]);
    const { design } = applied;
    const byKernel = farByKernel(values, { width, some, groups, expected, shifts, limits, design });
    if (byKernel !== undefined) return byKernel;
  }
  const rests = new Float64Array(some.length);
  const found: number[] = [];
  for (let row = 0; row < groups.length; row++) {
    takeRow(rests, { values, from: row * width, some });
    if (settings.transform === 'log') for (let j = 0; j < rests.length; j++) rests[j] = Math.log(rests[j]);
    subtract(rests, means, 1);
    for (let k = 0; k < columns.length; k++) {
      subtract(rests, slopes[k], applied.design[row * columns.length + k]);
    }
    if (scaled) {
      const scan = { design: applied.scale, row };
      for (let j = 0; j < rests.length; j++)
        rests[j] /= spreadAt(exponents, scan, { w: j, width: some.length });
    }
    if (isFar(rests, shifts[groups[row]], limits)) found.push(row);
  }
  return found;
}

/** The rows that are far, found in WebAssembly where that runs, in ranges of rows that are copied at once. */
function farByKernel(
  values: Float64Array,
  { width, some, groups, expected, shifts, limits, design }: FarSearch,
): readonly number[] | undefined {
  const count = some.length;
  // Few cells are not worth it, nor are rows to be copied of which hardly anything is looked at.
  if (groups.length * count < worthKernels || width > 16 * count) return undefined;
  const effects = joinDoubles(shifts);
  const columns = design.length / groups.length;
  const ranges = rowRanges(groups.length, width, 2 ** 16);
  const most = ranges[0].end;
  const found: number[] = [];
  return withNumbers([expected, effects, limits], most * (width + columns + 1) + count + 64, (room) => {
    const [toExpected, toEffects, toLimits] = room.places;
    const at = { data: room.take(8 * most * width), design: room.take(8 * most * columns) };
    const [toSome, toGroups, toFound] = [count, most, most + 1].map((length) => room.take(4 * length));
    room.integers(toSome, count).set(some);
    for (const { first, end } of ranges) {
      const rows = end - first;
      room.doubles(at.data, rows * width).set(values.subarray(first * width, end * width));
      room.doubles(at.design, rows * columns).set(design.subarray(first * columns, end * columns));
      room.integers(toGroups, rows).set(groups.subarray(first, end));
      const given = [at.data, rows, width, toSome, count, toGroups, at.design, columns];
      room.run('farRows', [...given, toExpected, toEffects, toLimits, toFound], { units: 1 });
      const [many] = room.integers(toFound, 1);
      for (const row of room.integers(toFound + 4, many)) found.push(first + row);
    }
    return found;
  });
}

/** The effects of the sites that a model knows on the features looked at, 0 where it has none. */
function shiftsAt(
  { sites, features }: CombatModel,
  { corrections }: Pick<ScansToCorrect, 'corrections'>,
  picked: (row: Float64Array) => Float64Array,
): readonly Float64Array[] {
  return sites.map(({ name }) => {
    const shift = corrections.get(name)?.shift ?? new Float64Array(features.length);
    return picked(shift).map((effect) => (Number.isNaN(effect) ? 0 : effect));
  });
}

/** Some columns of rows that are `width` long, one after the other. */
function pickColumns(rows: Float64Array, width: number, some: readonly number[]): Float64Array {
  const count = rows.length / width;
  const columns = new Float64Array(count * some.length);
  for (let row = 0, to = 0; row < count; row++) for (const w of some) columns[to++] = rows[row * width + w];
  return columns;
}

// What is done of each scan is in small functions without objects: of ten thousand scans nine thousand and more are then looked at by
// what V8 has made fast.

function takeRow(
  rests: Float64Array,
  {
    values,
    from,
    some,
  }: { readonly values: Float64Array; readonly from: number; readonly some: readonly number[] },
): void {
  for (let j = 0; j < rests.length; j++) rests[j] = values[from + some[j]];
}

function subtract(rests: Float64Array, row: Float64Array, times: number): void {
  for (let j = 0; j < rests.length; j++) rests[j] -= times * row[j];
}

/** Whether a quarter of the residuals there are, and two at least, are far from the effects of the site. */
function isFar(rests: Float64Array, effects: Float64Array, limits: Float64Array): boolean {
  let seen = 0;
  let far = 0;
  for (let j = 0; j < rests.length; j++) {
    const rest = rests[j];
    if (rest !== rest) continue;
    seen++;
    if (Math.abs(rest - effects[j]) > limits[j]) far++;
  }
  return far >= 2 && far * 4 >= seen;
}

/** Up to {@link looked} of the features that a model harmonizes, from the first to the last. */
function evenly(status: readonly FeatureStatus[]): readonly number[] {
  let harmonized = 0;
  for (const one of status) if (one === 'harmonized') harmonized++;
  const step = Math.max(1, harmonized / looked);
  const some: number[] = [];
  for (let w = 0, at = 0; w < status.length; w++) {
    if (status[w] !== 'harmonized') continue;
    if (at++ >= some.length * step) some.push(w);
  }
  return some;
}
