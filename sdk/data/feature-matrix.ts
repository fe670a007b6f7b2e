import { ConcordError } from '../errors';
import { listNames, quoteName } from './list-names';
import { suggestName } from './nearest-names';
import { requireCall } from './calls/require-call';

/** Numbers per subject and feature: row-major, subjects × features; `NaN` marks a missing cell. */
export interface FeatureMatrix {
  /** `values[row * features.length + column]`. */
  readonly values: Float64Array;
  /** Subject ids, one per row. */
  readonly subjects: readonly string[];
  /** Unique feature names, one per column. */
  readonly features: readonly string[];
}

/**
 * Makes a {@link FeatureMatrix} and checks its shape and names. The values are not copied.
 *
 * @throws ConcordError `invalid-option` when sizes do not fit or names repeat; `invalid-number` when a value is infinite.
 *
 * @example
 * ```ts
 * const features = makeFeatureMatrix(Float64Array.of(2.5, 2.7, 2.4, 2.9), ['s1', 's2'], ['left.fusiform', 'right.fusiform']);
 * ```
 */
export function makeFeatureMatrix(
  values: Float64Array,
  subjects: readonly string[],
  features: readonly string[],
): FeatureMatrix {
  requireCall('makeFeatureMatrix', { values, subjects, features });
  if (values.length !== subjects.length * features.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid feature matrix: ${values.length} values for ${subjects.length} subjects × ${features.length} features`,
    );
  }
  const seen = new Set<string>();
  for (const feature of features) {
    if (seen.has(feature)) throw new ConcordError('invalid-option', `duplicate feature: "${feature}"`);
    seen.add(feature);
  }
  const matrix = { values, subjects, features };
  requireNoInfinity(matrix);
  return matrix;
}

/**
 * Refuses infinite values.
 *
 * @throws ConcordError `invalid-number`.
 */
export function requireNoInfinity({ values, subjects, features }: FeatureMatrix): void {
  const bad = infinityIn(values);
  if (bad === -1) return;
  const subject = subjects[Math.floor(bad / features.length)];
  const feature = features[bad % features.length];
  throw new ConcordError(
    'invalid-number',
    `invalid value of ${feature} for subject "${subject}": ${values[bad]} (a number or NaN for missing is allowed)`,
    { where: { subject, feature } },
  );
}

/** So many values are one call: V8 makes a function fast between its calls, not within one. */
const together = 4096;

/** The place of the first infinite value, or −1. */
function infinityIn(values: Float64Array): number {
  for (let from = 0; from < values.length; from += together) {
    const bad = infinityFrom(values, from);
    if (bad !== -1) return bad;
  }
  return -1;
}

function infinityFrom(values: Float64Array, from: number): number {
  const to = Math.min(values.length, from + together);
  for (let at = from; at < to; at++) if (values[at] === Infinity || values[at] === -Infinity) return at;
  return -1;
}

/**
 * The values of the feature of that name, one per subject in the order of the rows, copied: to change them changes no cohort.
 * A missing value is `NaN`.
 *
 * @param of - a cohort of features, or a feature matrix
 * @throws ConcordError `unknown-column` with the nearest names when there is no such feature.
 * @example
 * ```ts
 * const thickness = featureColumn(cohort, 'left.fusiform');
 * ```
 */
export function featureColumn(
  of: FeatureMatrix | { readonly features: FeatureMatrix },
  feature: string,
): Float64Array {
  requireCall('featureColumn', { of, feature });
  const matrix = 'values' in of ? of : of.features;
  const column = matrix.features.indexOf(feature);
  if (column === -1) throw unknownFeature(feature, matrix.features);
  return columnAt(matrix, column);
}

function unknownFeature(feature: string, features: readonly string[]): ConcordError {
  const hint = suggestName(String(feature), features, `there are ${listNames(features)}`);
  return new ConcordError('unknown-column', `unknown feature: ${quoteName(String(feature))} (${hint})`, {
    where: { feature: String(feature) },
  });
}

/** The values of the feature at a column, one per subject, copied. */
export function columnAt(matrix: FeatureMatrix, column: number): Float64Array {
  const width = matrix.features.length;
  return Float64Array.from(matrix.subjects, (_, row) => matrix.values[row * width + column]);
}

/** The rows at `rows`, in that order, copied. */
export function takeRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const width = matrix.features.length;
  const places = rows instanceof Int32Array ? rows : Int32Array.from(rows);
  const values = new Float64Array(places.length * width);
  copyRows(values, matrix.values, { places, width });
  const subjects: string[] = [];
  for (let i = 0; i < places.length; i++) subjects.push(matrix.subjects[places[i]]);
  return { values, subjects, features: matrix.features };
}

/** Narrower rows are copied number by number: to say where they begin and end takes longer. */
const wide = 256;

function copyRows(
  target: Float64Array,
  values: Float64Array,
  { places, width }: { readonly places: Int32Array; readonly width: number },
): void {
  for (let i = 0, to = 0; i < places.length; i++) {
    const from = places[i] * width;
    if (width < wide) for (let k = 0; k < width; k++) target[to++] = values[from + k];
    else {
      target.set(values.subarray(from, from + width), to);
      to += width;
    }
  }
}

/**
 * The columns of these names, in that order, copied.
 *
 * @throws ConcordError `unknown-column` naming the first feature that is not there, with the nearest names;
 * `invalid-option` when one is asked for twice.
 */
export function takeFeatures(matrix: FeatureMatrix, names: readonly string[]): FeatureMatrix {
  const columnOf = new Map(matrix.features.map((feature, column) => [feature, column]));
  const columns = names.map((name) => {
    const column = columnOf.get(name);
    if (column === undefined) throw unknownFeature(name, matrix.features);
    return column;
  });
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) {
    throw new ConcordError('invalid-option', `invalid features: ${quoteName(twice)} is asked for twice`);
  }
  const width = matrix.features.length;
  const values = new Float64Array(matrix.subjects.length * columns.length);
  let at = 0;
  for (let row = 0; row < matrix.subjects.length; row++) {
    for (const column of columns) values[at++] = matrix.values[row * width + column];
  }
  return { values, subjects: matrix.subjects, features: [...names] };
}
