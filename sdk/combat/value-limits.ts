import { counted } from '../data/counted';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames } from '../data/list-names';

/** Features whose values cannot be further from 0 than their limits, as far as their names and their values before say. */
export interface ValueLimits {
  /** Positions among the features. */
  readonly columns: readonly number[];
  /** The limit of each of them: 1 or 100. */
  readonly limits: readonly number[];
}

/** Names of fractions: of diffusion (FA, NODDI, free water), of tissue, of shape and texture; and of correlations. */
const fraction =
  /(^|[^a-z])(g?fa|isovf|f?icvf|f?iso|ndi|odi?|fw|freewater|frac(tion)?s?|prob(ability)?|proportion|dice|corr(elation)?|sphericity|elongation|flatness|imc2|runpercentage)([^a-z]|$)/i;
const percentage = /%|(^|[^a-z])(percent(age|ile)?|pct|centile)([^a-z]|$)/i;
/** A table of fewer features says less about what all of them are. */
const fewestFeatures = 3;

/**
 * The limits of features, from values before they are harmonized: 100 of percentages by their names, 1 of fractions and
 * correlations by their names, and 1 of all features where no value of the table is further from 0 and there are some on both sides, as
 * of correlations whose names are those of regions.
 */
export function valueLimits({ features, values }: FeatureMatrix): ValueLimits {
  const width = features.length;
  const isSmall = width >= fewestFeatures && lookLikeCorrelations(values);
  const columns: number[] = [];
  const limits: number[] = [];
  features.forEach((name, at) => {
    // Of volumes and thicknesses the first value says that no limit is theirs, and names need not be looked at.
    const first = Math.abs(values[at]);
    if (first > 100) return;
    const limit = percentage.test(name)
      ? 100
      : !(first > 1) && (isSmall || fraction.test(name))
        ? 1
        : undefined;
    if (limit === undefined) return;
    for (let cell = at; cell < values.length; cell += width) if (Math.abs(values[cell]) > limit) return;
    columns.push(at);
    limits.push(limit);
  });
  return { columns, limits };
}

function lookLikeCorrelations(values: Float64Array): boolean {
  let isAbove = false;
  let isBelow = false;
  for (const value of values) {
    // Volumes and thicknesses are done at the first value.
    if (Math.abs(value) > 1) return false;
    if (value > 0) isAbove = true;
    if (value < 0) isBelow = true;
  }
  return isAbove && isBelow;
}

/** Warns of harmonized values beyond the limits that none was beyond before: there is no correlation of 1.02. */
export function beyondLimits(
  { columns, limits }: ValueLimits,
  values: Float64Array,
  features: readonly string[],
): readonly Issue[] {
  const found = new Map<number, { readonly names: string[]; cells: number }>();
  columns.forEach((at, i) => {
    let cells = 0;
    for (let cell = at; cell < values.length; cell += features.length)
      if (Math.abs(values[cell]) > limits[i]) cells++;
    if (cells === 0) return;
    const own = found.get(limits[i]) ?? { names: [], cells: 0 };
    own.names.push(features[at]);
    own.cells += cells;
    found.set(limits[i], own);
  });
  return [...found].map(([limit, { names, cells }]) => {
    const what = limit === 1 ? 'correlations and fractions' : 'percentages';
    const message =
      `${counted(cells, 'value')} of ${counted(names.length, 'feature')} (${listNames(names, 5)}) ${cells === 1 ? 'is' : 'are'} further from 0 than ${limit} ` +
      `after harmonizing, where none was before: ${what} cannot be`;
    return makeIssue('beyond-limit', message, { feature: names[0] });
  });
}
