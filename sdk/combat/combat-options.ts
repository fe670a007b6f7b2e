import { curvePenalties } from './means/curve-penalties';
import { oneOf } from '../data/one-of';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { CombatEb, CombatMeanOnly, CombatSettings } from './combat-model';
import type { CombatTerm } from './design/formula';
import { distinctTerms, termsOf, termText } from './design/formula';
import type { SmoothBasis } from './design/smooth-basis';
import { fewestSplines, mostSplines, usualSplines } from './design/smooth-basis';

/** Options of {@link fitCombat}. */
export interface CombatOptions extends RunOptions {
  /**
   * Covariates of the cohort whose effects are kept: biology that must not be taken for a site effect. A string,
   * or an object to choose the reference level of a categorical one.
   *
   * A string may name interactions, as formulas of R do: `'age:sex'`, or `'age*sex'` for both main effects and their interaction.
   * A name that has a colon or a star in it is written in backticks, or given as an object.
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
   * feature; or a penalty λ that is the same for all; or one (or one for each curve) by the name of each feature. One for each
   * curve and all features is said with the curve: `smooth: [{ name: 'age', penalty: 0.3 }]`. `kfold` is the
   * cross-validation by which neuroHarmonize chooses the α of its own `basis`: another `smoothingSeed` moves results by 0.2 SD.
   *
   * @defaultValue `'reml'`
   */
  readonly smoothing?:
    'reml' | 'gcv' | 'kfold' | number | Readonly<Record<string, number | readonly number[]>>;
  /**
   * The seed of `smoothing: 'kfold'`, as `numpy.random.seed` takes it.
   *
   * @defaultValue `1`
   */
  readonly smoothingSeed?: number;
  /**
   * The penalties λ that `reml` and `gcv` choose among, in any order. A score is flat around its lowest point, so that λ in the
   * seventh digit is a matter of rounding; of a list, everybody who has the same numbers chooses the same one.
   *
   * @defaultValue any λ
   */
  readonly penalties?: readonly number[];
  /**
   * Which curves: those of R's mgcv (`s(x, bs = "ps", k = 10)`), or those of neuroHarmonize, whose α is `smoothing` then.
   *
   * @defaultValue `'p-spline'`
   */
  readonly basis?: SmoothBasis;
  /**
   * Covariates that change how much scans vary, and not only what is expected of them (ComBatLS, Gardner et al. 2024): log σ is
   * linear in them, fitted by maximum likelihood together with the mean model. What they do to the spread is kept: only the
   * sites' own widening is removed. They are preserved in the mean too; interactions are written as in `preserve`.
   *
   * @defaultValue none: σ is the same for all scans
   */
  readonly scaleCovariates?: readonly string[];
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
   * The most iterations; a site that needs more raises an Issue, and so does the likelihood of covariates of scale.
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
  /**
   * Where the first and the last inner knot are, whatever the range of the scans: those beyond them are on straight lines that
   * continue the curve, also where it is fitted. For `p-spline`; in place of `bounds`.
   *
   * @defaultValue those that `bounds` says
   */
  readonly knots?: readonly [number, number];
  /**
   * Of how many B-splines a `p-spline` is made, 5 to 40: `k` of mgcv's `s(x, bs = "ps", k)`. There are three fewer intervals between
   * inner knots.
   *
   * @defaultValue 10
   */
  readonly splines?: number;
  /**
   * λ of the curve, the same for all features, in place of `smoothing`; where one curve has it, all have.
   *
   * @defaultValue as `smoothing` says
   */
  readonly penalty?: number;
}

/** What is kept: every covariate once, and which effects it has. */
export interface KeptCovariates {
  readonly preserve: readonly PreservedCovariate[];
  /** Linear effects on what is expected, main effects first. */
  readonly terms: readonly CombatTerm[];
  readonly smooth: readonly SmoothTerm[];
  /** Effects on the logarithm of σ. */
  readonly scale: readonly CombatTerm[];
  /** What was written as an interaction. */
  readonly formulas: readonly string[];
}

/**
 * Puts together what `preserve`, `smooth` and `scaleCovariates` list.
 *
 * @throws ConcordError `invalid-option` for what is listed twice, is no list, or is no formula.
 */
export function keptCovariates(options: CombatOptions): KeptCovariates {
  const { preserve = [], smooth = [], scaleCovariates = [] } = options;
  const linear = readTerms('preserve', preserve);
  requireList('smooth', smooth);
  const curves = smooth.map((item) => (typeof item === 'string' ? { name: item } : item));
  requireOnce(
    'smooth',
    curves.map(({ name }) => name),
  );
  curves.forEach(requireBounds);
  const scale = readTerms('scaleCovariates', scaleCovariates);
  const bySmooths = curves.flatMap(({ by }) => (by === undefined ? [] : [[by]]));
  const inScale = scale.terms.flat().map((name) => [name]);
  const curved = new Set(curves.map(({ name }) => name));
  const terms = distinctTerms([...linear.terms, ...bySmooths, ...inScale]);
  const names = [
    ...linear.terms.flat(),
    ...curves.flatMap(({ name, by }) => (by === undefined ? [name] : [name, by])),
  ];
  return {
    preserve: [...new Set([...names, ...scale.terms.flat()])].map((name) => ({
      name,
      reference: linear.references.get(name),
    })),
    terms: byLength(terms.filter((term) => term.length > 1 || !curved.has(term[0]))),
    smooth: curves,
    scale: byLength(scale.terms),
    formulas: [...linear.formulas, ...scale.formulas],
  };
}

/** The terms of a list of names, formulas and covariates. */
function readTerms(
  option: string,
  items: readonly (string | PreservedCovariate)[],
): {
  readonly terms: readonly CombatTerm[];
  readonly references: ReadonlyMap<string, string | undefined>;
  readonly formulas: readonly string[];
} {
  requireList(option, items);
  const each = items.map((item) => (typeof item === 'string' ? termsOf(item, option) : [[item.name]]));
  requireOnce(
    option,
    each.map((terms) => terms.map(termText).join(' + ')),
  );
  const objects = items.filter((item) => typeof item !== 'string');
  const texts = items.filter((item) => typeof item === 'string');
  return {
    terms: distinctTerms(each.flat()),
    references: new Map(objects.map(({ name, reference }) => [name, reference])),
    formulas: texts.filter((text) => termsOf(text, option).some((term) => term.length > 1)),
  };
}

function byLength(terms: readonly CombatTerm[]): readonly CombatTerm[] {
  return [...terms].sort((a, b) => a.length - b.length);
}

/** From JavaScript a lone name is easily passed, and would be taken for a list of letters. */
function requireList(option: string, given: unknown): void {
  if (typeof given !== 'string') return;
  throw new ConcordError('invalid-option', `invalid ${option}: "${given}" (a list of names is allowed)`);
}

function requireOnce(option: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new ConcordError('invalid-option', `invalid ${option}: "${repeated}" is listed twice`);
}

function requireBounds({ name, ...given }: SmoothTerm): void {
  for (const option of ['bounds', 'knots'] as const) {
    const pair = given[option];
    if (pair === undefined) continue;
    const [low, high] = pair;
    if (pair.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high) continue;
    throw new ConcordError(
      'invalid-option',
      `invalid ${option} of ${name}: ${pair.join(', ')} (two numbers are allowed, the lower first)`,
    );
  }
  const { splines = usualSplines } = given;
  if (!Number.isInteger(splines) || splines < fewestSplines || splines > mostSplines) {
    throw new ConcordError(
      'invalid-option',
      `invalid splines of ${name}: ${splines} (a whole number from ${fewestSplines} to ${mostSplines} is allowed)`,
    );
  }
  if (given.bounds === undefined || given.knots === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid bounds of ${name}: its knots are given, which may be beyond them`,
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
  if (typeof smoothing === 'string') oneOf('smoothing', smoothing, ['reml', 'gcv', 'kfold']);
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
  return {
    preserve: keptCovariates(options).preserve.map(({ name }) => name),
    basis,
    smoothing: typeof smoothing === 'string' && curvePenalties(options) === undefined ? smoothing : 'given',
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

/** From JavaScript any text would be taken for `true`. */
function requireMeanOnly(meanOnly: unknown): void {
  if (typeof meanOnly === 'boolean' || meanOnly === 'shrunk-by-size') return;
  throw new ConcordError(
    'invalid-option',
    `invalid meanOnly: ${JSON.stringify(meanOnly)} (allowed are true, false and "shrunk-by-size")`,
  );
}
