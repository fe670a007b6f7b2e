import type { FeatureCohort } from '../data/cohort';
import { siteCodes } from '../data/people/participants';
import { joinDoubles } from '../math/join-arrays';
import { rowRanges } from '../math/wasm/copy-columns';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatModel, FeatureStatus } from './combat-model';
import type { SiteCorrection } from './frame/site-correction';
import { spreadAt } from './frame/expected-values';
import { farAway } from './unlike-training';

/** So many features of each scan are looked at, evenly over the table: enough to see a quarter of them. */
const looked = 64;

/** Where fewer cells are looked at, plain JavaScript is as fast. */
const worthKernels = 2 ** 14;

/** What a cohort is applied with. */
export interface Applied {
  /** Subjects × columns, coded as the model was fitted. */
  readonly design: Float64Array;
  /** Subjects × scale columns. */
  readonly scale: Float64Array;
  /** By the name of a site. */
  readonly corrections: ReadonlyMap<string, SiteCorrection | undefined>;
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
  { participants: { ids, sites }, features: { values } }: FeatureCohort,
  applied: Applied,
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
  const shifts = shiftsAt(model, applied, picked);
  const unknown = new Float64Array(some.length);
  if (settings.transform === 'none' && !scaled) {
    const expected = joinDoubles([means, ...slopes]);
    const byKernel = farByKernel(values, {
      width,
      some,
      sites,
      expected,
      shifts,
      limits,
      design: applied.design,
    });
    if (byKernel !== undefined) return byKernel;
  }
  const rests = new Float64Array(some.length);
  const found: number[] = [];
  for (let row = 0; row < ids.length; row++) {
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
    if (isFar(rests, shifts.get(sites[row]) ?? unknown, limits)) found.push(row);
  }
  return found;
}

/** The rows that are far, found in WebAssembly where that runs, in ranges of rows that are copied at once. */
function farByKernel(
  values: Float64Array,
  about: {
    readonly width: number;
    readonly some: readonly number[];
    readonly sites: readonly string[];
    readonly expected: Float64Array;
    readonly shifts: ReadonlyMap<string, Float64Array>;
    readonly limits: Float64Array;
    readonly design: Float64Array;
  },
): readonly number[] | undefined {
  const { width, some, sites, expected, shifts, limits, design } = about;
  const count = some.length;
  // Few cells are not worth it, nor are rows to be copied of which hardly anything is looked at.
  if (sites.length * count < worthKernels || width > 16 * count) return undefined;
  const names = [...shifts.keys()];
  // The first effects are those of sites that the model does not know, whose code is −1.
  const effects = joinDoubles([new Float64Array(count), ...shifts.values()]);
  const groups = siteCodes({ sites }, names);
  const columns = design.length / sites.length;
  const ranges = rowRanges(sites.length, width, 2 ** 16);
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
  { sites }: CombatModel,
  { corrections }: Applied,
  picked: (row: Float64Array) => Float64Array,
): ReadonlyMap<string, Float64Array> {
  return new Map(
    sites.flatMap(({ name }) => {
      const shift = corrections.get(name)?.shift;
      const own = shift === undefined ? undefined : picked(shift);
      return own === undefined ? [] : [[name, own.map((effect) => (Number.isNaN(effect) ? 0 : effect))]];
    }),
  );
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
