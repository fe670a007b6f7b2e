import { oneOf } from '../data/one-of';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { CombatEb, CombatMeanOnly, CombatSettings } from './combat-model';

/** Options of {@link fitCombat}. */
export interface CombatOptions extends RunOptions {
  /**
   * Covariates of the cohort whose effects are kept: biology that must not be taken for a site effect. A string,
   * or an object to choose the reference level of a categorical one.
   *
   * @defaultValue none
   */
  readonly preserve?: readonly (string | PreservedCovariate)[];
  /**
   * How site estimates are shrunk towards each other across features.
   *
   * @defaultValue `'parametric'`
   */
  readonly eb?: CombatEb;
  /**
   * Adjust the location of each site only, not its scale.
   *
   * `true` is the published form (`mean.only` of sva and neuroCombat, equal to theirs to rounding):
   * γ* = (τ² γ̂ + γ̄) / (τ² + 1). It weighs a whole site as one scan and so **leaves most of what sets single features
   * apart at a site**, however large the site: on 559 scans of IXI at three sites the median F of site over 62
   * thicknesses, after age and sex, falls from 26.4 to 14.5 only. `'shrunk-by-size'` gives γ̂ the weight of the n scans
   * that it is the mean of, γ* = (n τ² γ̂ + γ̄) / (n τ² + 1), which is equation 3.1 of Johnson, Li & Rabinovic (2007) at
   * δ² = 1; there F falls to 0.03. Where cells are missing, n counts the feature's values at the site.
   *
   * Both are the same with `eb: 'nonparametric'`, whose weights come from the data, and with `eb: 'none'`.
   *
   * @defaultValue `false`
   */
  readonly meanOnly?: CombatMeanOnly;
  /**
   * A site to harmonize to: its scans come back bit for bit.
   *
   * @defaultValue none: the average over all subjects
   */
  readonly reference?: string;
  /**
   * `log` fits the logarithm of the values, so that results stay positive; every value must be above zero.
   *
   * @defaultValue `'none'`
   */
  readonly transform?: 'none' | 'log';
  /**
   * What to do with a subject that lacks a preserved covariate: refuse, or leave the subject out with an Issue.
   *
   * @defaultValue `'error'`
   */
  readonly missingCovariates?: 'error' | 'drop';
  /**
   * The divisor of the pooled residual variance: the number of cells present (neuroCombat), or one fewer (sva,
   * on tables with missing cells).
   *
   * @defaultValue `'n'`
   */
  readonly varianceDivisor?: 'n' | 'n-1';
  /**
   * The largest relative change of a site estimate at which the parametric iteration stops.
   *
   * @defaultValue `1e-4`, as in the published codes
   */
  readonly tolerance?: number;
  /**
   * The most iterations; a site that needs more raises an Issue.
   *
   * @defaultValue `1000`
   */
  readonly maxIterations?: number;
}

/** A covariate to preserve, with the level the others are compared with. */
export interface PreservedCovariate {
  readonly name: string;
  /** @defaultValue the most frequent level */
  readonly reference?: string;
}

/**
 * Fills in defaults and checks the options that can be checked without data.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function combatSettings(options: CombatOptions): CombatSettings {
  const {
    preserve = [],
    eb = 'parametric',
    meanOnly = false,
    reference = null,
    transform = 'none',
    varianceDivisor = 'n',
    tolerance = 1e-4,
    maxIterations = 1000,
    missingCovariates = 'error',
  } = options;
  // From JavaScript a lone name is easily passed, and would be taken for a list of letters.
  if (typeof preserve === 'string') {
    throw new ConcordError(
      'invalid-option',
      `invalid preserve: "${preserve as string}" (a list of names is allowed)`,
    );
  }
  oneOf('eb', eb, ['parametric', 'nonparametric', 'none']);
  requireMeanOnly(meanOnly);
  oneOf('transform', transform, ['none', 'log']);
  oneOf('varianceDivisor', varianceDivisor, ['n', 'n-1']);
  oneOf('missingCovariates', missingCovariates, ['error', 'drop']);
  if (!(tolerance > 0))
    throw new ConcordError('invalid-option', `invalid tolerance: ${tolerance} (must be above 0)`);
  if (!Number.isInteger(maxIterations) || maxIterations < 1) {
    throw new ConcordError(
      'invalid-option',
      `invalid maxIterations: ${maxIterations} (must be a whole number from 1)`,
    );
  }
  const names = preserve.map((item) => (typeof item === 'string' ? item : item.name));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new ConcordError('invalid-option', `invalid preserve: "${repeated}" is listed twice`);
  }
  return { preserve: names, eb, meanOnly, reference, transform, varianceDivisor, tolerance, maxIterations };
}

/** From JavaScript any text would be taken for `true`. */
function requireMeanOnly(meanOnly: unknown): void {
  if (typeof meanOnly === 'boolean' || meanOnly === 'shrunk-by-size') return;
  throw new ConcordError(
    'invalid-option',
    `invalid meanOnly: ${JSON.stringify(meanOnly)} (allowed are true, false and "shrunk-by-size")`,
  );
}
