import { oneOf } from '../data/one-of';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { CombatEb, CombatMeanOnly, CombatSettings } from './combat-model';
import type { SmoothBasis } from './design/smooth-basis';

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
   * Covariates that may have any smooth effect instead of a straight line: `['age']`. Each is a penalized curve whose
   * straightness is learned from the data, feature by feature (ComBat-GAM). They are preserved, whether or not `preserve` lists
   * them too. An object says by the levels of which covariate the curve differs: `{ name: 'age', by: 'sex' }`.
   *
   * Beyond the ages fitted on, a curve continues as a straight line, with an Issue.
   *
   * @defaultValue none
   */
  readonly smooth?: readonly (string | SmoothTerm)[];
  /**
   * How straight the curves are: by restricted maximum likelihood (`reml`) or generalized cross-validation (`gcv`), for each
   * feature; or a penalty λ that is the same for all; or one (or one for each curve) by the name of each feature.
   *
   * @defaultValue `'reml'`
   */
  readonly smoothing?: 'reml' | 'gcv' | number | Readonly<Record<string, number | readonly number[]>>;
  /**
   * Which curves: those of R's mgcv (`s(x, bs = "ps", k = 10)`), or those of neuroHarmonize, whose α is `smoothing` then.
   *
   * @defaultValue `'p-spline'`
   */
  readonly basis?: SmoothBasis;
  /**
   * Measure location and scale of residuals and sites by medians and biweight midvariances, which few extreme scans do not
   * move, as ComBatFamily does with `robust.LS`. The mean model stays that of least squares.
   *
   * @defaultValue `false`
   */
  readonly robust?: boolean;
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

/** A smooth effect to preserve. */
export interface SmoothTerm {
  readonly name: string;
  /**
   * A covariate with levels, each of which has a curve of its own. Its levels are preserved too.
   *
   * @defaultValue none: one curve for all
   */
  readonly by?: string;
  /**
   * What the knots of the curve are to cover at least, where scans to come will be beyond those at hand (`smooth_term_bounds` of
   * neuroHarmonize).
   *
   * @defaultValue the range of the scans fitted on
   */
  readonly bounds?: readonly [number, number];
}

/** What is kept: every covariate once, and which of them are smooth. */
export interface KeptCovariates {
  readonly preserve: readonly PreservedCovariate[];
  readonly smooth: readonly SmoothTerm[];
}

/**
 * Puts together what `preserve` and `smooth` list.
 *
 * @throws ConcordError `invalid-option` for what is listed twice, or is no list.
 */
export function keptCovariates({ preserve = [], smooth = [] }: CombatOptions): KeptCovariates {
  requireList('preserve', preserve);
  requireList('smooth', smooth);
  const linear = preserve.map((item) => (typeof item === 'string' ? { name: item } : item));
  const terms = smooth.map((item) => (typeof item === 'string' ? { name: item } : item));
  requireOnce('preserve', linear);
  requireOnce('smooth', terms);
  terms.forEach(requireBounds);
  const more = terms.flatMap(({ name, by }) => (by === undefined ? [name] : [name, by]));
  const listed = new Set(linear.map(({ name }) => name));
  const added = [...new Set(more)].filter((name) => !listed.has(name));
  return { preserve: [...linear, ...added.map((name) => ({ name }))], smooth: terms };
}

/** From JavaScript a lone name is easily passed, and would be taken for a list of letters. */
function requireList(option: string, given: unknown): void {
  if (typeof given !== 'string') return;
  throw new ConcordError('invalid-option', `invalid ${option}: "${given}" (a list of names is allowed)`);
}

function requireOnce(option: string, items: readonly { readonly name: string }[]): void {
  const names = items.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new ConcordError('invalid-option', `invalid ${option}: "${repeated}" is listed twice`);
}

function requireBounds({ name, bounds }: SmoothTerm): void {
  if (bounds === undefined) return;
  const [low, high] = bounds;
  if (bounds.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new ConcordError(
    'invalid-option',
    `invalid bounds of ${name}: ${bounds.join(', ')} (two numbers are allowed, the lower first)`,
  );
}

/**
 * Fills in defaults and checks the options that can be checked without data.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function combatSettings(options: CombatOptions): CombatSettings {
  const {
    basis = 'p-spline',
    smoothing = 'reml',
    robust = false,
    eb = 'parametric',
    meanOnly = false,
    reference = null,
    transform = 'none',
    varianceDivisor = 'n',
    tolerance = 1e-4,
    maxIterations = 1000,
    missingCovariates = 'error',
  } = options;
  oneOf('basis', basis, ['p-spline', 'neuroharmonize']);
  if (typeof smoothing === 'string') oneOf('smoothing', smoothing, ['reml', 'gcv']);
  oneOf('eb', eb, ['parametric', 'nonparametric', 'none']);
  requireMeanOnly(meanOnly);
  requireRobustly(robust, eb);
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
  return {
    preserve: keptCovariates(options).preserve.map(({ name }) => name),
    basis,
    smoothing: typeof smoothing === 'string' ? smoothing : 'given',
    eb,
    meanOnly,
    reference,
    transform,
    varianceDivisor,
    robust,
    tolerance,
    maxIterations,
  };
}

/** Non-parametric empirical Bayes weighs by likelihoods, which medians and midvariances have none of. */
function requireRobustly(robust: boolean, eb: CombatEb): void {
  if (!robust || eb !== 'nonparametric') return;
  throw new ConcordError(
    'invalid-option',
    'invalid robust: it cannot be combined with non-parametric empirical Bayes',
    {
      remedy: advise`choose ${option('eb', 'parametric', 'none')}`,
    },
  );
}

/** From JavaScript any text would be taken for `true`. */
function requireMeanOnly(meanOnly: unknown): void {
  if (typeof meanOnly === 'boolean' || meanOnly === 'shrunk-by-size') return;
  throw new ConcordError(
    'invalid-option',
    `invalid meanOnly: ${JSON.stringify(meanOnly)} (allowed are true, false and "shrunk-by-size")`,
  );
}
