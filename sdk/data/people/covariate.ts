import { ConcordError } from '../../errors';
import { listNames, quoteName } from '../list-names';
import { suggestName } from '../nearest-names';
import { requireCall } from '../calls/require-call';

/** A covariate measured on a scale, one value per subject; `NaN` marks a missing value. */
export interface ContinuousCovariate {
  readonly kind: 'continuous';
  readonly name: string;
  /** The unit of `values`, for example `years`. */
  readonly unit?: string;
  readonly values: Float64Array;
}

/** A covariate with levels, one code per subject: an index into `levels`; −1 marks a missing value. */
export interface CategoricalCovariate {
  readonly kind: 'categorical';
  readonly name: string;
  /** Level names, sorted, each used at least once unless the caller listed more. */
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** A variable of the subjects whose effect is biology, not scanner: age, sex, diagnosis. */
export type Covariate = ContinuousCovariate | CategoricalCovariate;

/**
 * Makes a continuous covariate from one number per subject (`NaN` for a missing one).
 *
 * @throws ConcordError `invalid-number` when a value is infinite or, from JavaScript, no number.
 *
 * @example
 * ```ts
 * const age = continuous('age', [34.5, 61, NaN], 'years'); // the third is missing
 * ```
 */
export function continuous(name: string, values: ArrayLike<number>, unit?: string): ContinuousCovariate {
  requireCall('continuous', { name, values, unit });
  const copy = Float64Array.from(values, (value: unknown) => {
    if (typeof value === 'number' && value !== Infinity && value !== -Infinity) return value;
    throw new ConcordError(
      'invalid-number',
      `invalid value of ${name}: ${String(value)} (a number, or NaN for missing, is allowed)`,
      { where: { column: name } },
    );
  });
  return unit === undefined
    ? { kind: 'continuous', name, values: copy }
    : { kind: 'continuous', name, unit, values: copy };
}

/**
 * Makes a categorical covariate from one label per subject (`null` for a missing one).
 *
 * @param levels - the levels in the order wanted; by default those met, sorted by code unit
 * @throws ConcordError `unknown-level` when a label is not among the given levels; `invalid-option` when a level is
 * listed twice.
 *
 * @example
 * ```ts
 * const sex = categorical('sex', ['F', 'M', null]); // the third is missing
 * ```
 */
export function categorical(
  name: string,
  labels: readonly (string | null)[],
  levels?: readonly string[],
): CategoricalCovariate {
  requireCall('categorical', { name, labels, levels });
  const met = levels ?? [...new Set(labels.filter((label): label is string => label !== null))].sort();
  const codeOf = new Map(met.map((level, code) => [level, code]));
  if (codeOf.size < met.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid levels of ${name}: ${met.join(', ')} (each is allowed once)`,
    );
  }
  const codes = Int32Array.from(labels, (label) => {
    if (label === null) return -1;
    const code = codeOf.get(label);
    if (code === undefined) {
      throw new ConcordError(
        'unknown-level',
        `unknown level of ${name}: ${quoteName(label)} (${suggestName(label, met, `levels are ${listNames(met)}`)})`,
        { where: { column: name } },
      );
    }
    return code;
  });
  return { kind: 'categorical', name, levels: met, codes };
}

/** Whether subject `row` lacks a value of this covariate. */
export function isMissing(covariate: Covariate, row: number): boolean {
  return covariate.kind === 'continuous' ? Number.isNaN(covariate.values[row]) : covariate.codes[row] === -1;
}

/** Whether some subject lacks a value of this covariate. */
export function lacksValues(covariate: Covariate): boolean {
  return covariate.kind === 'continuous' ? covariate.values.includes(NaN) : covariate.codes.includes(-1);
}

/** The same covariate for the subjects at `rows`, in that order. Levels are kept. */
export function takeCovariate(covariate: Covariate, rows: ArrayLike<number>): Covariate {
  if (covariate.kind === 'continuous') {
    return { ...covariate, values: Float64Array.from(rows, (row) => covariate.values[row]) };
  }
  return { ...covariate, codes: Int32Array.from(rows, (row) => covariate.codes[row]) };
}
