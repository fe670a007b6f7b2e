import type { ApplyCombatOptions } from '../combat/apply-combat';
import type { CombatEb } from '../combat/combat-model';
import type { CombatOptions, SmoothTerm } from '../combat/combat-options';
import { termsOf } from '../combat/design/formula';
import type { SmoothBasis } from '../combat/design/smooth-basis';
import type { UnseenSitePolicy } from '../combat/new-site-policy';
import { unseenPolicies } from '../combat/new-site-policy';
import { quoteName } from '../data/list-names';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { MethodOption, OptionTypes, ValuesOf } from './method-option';
import { choiceOption, valueOption } from './method-option';

const dropMissing: MethodOption<boolean> = valueOption(
  'switch',
  '--drop-missing',
  'leave out subjects without a covariate value instead of refusing',
  false,
);

/** The options of fitting by name; a type, since option lists are indexed by any name. */
export type CombatFitting = {
  readonly preserve: MethodOption<readonly string[]>;
  readonly scaleCovariates: MethodOption<readonly string[]>;
  readonly smooth: MethodOption<readonly string[]>;
  readonly smoothing: MethodOption<OptionTypes['smoothing']>;
  readonly smoothingSeed: MethodOption<number | undefined>;
  readonly penalties: MethodOption<readonly number[] | undefined>;
  readonly knots: MethodOption<OptionTypes['knots'] | undefined>;
  readonly basis: MethodOption<SmoothBasis>;
  readonly unseen: MethodOption<UnseenSitePolicy>;
  readonly dropMissing: MethodOption<boolean>;
  readonly eb: MethodOption<CombatEb>;
  readonly meanOnly: MethodOption<'published' | 'shrunk-by-size' | undefined>;
  readonly reference: MethodOption<string | undefined>;
  readonly robust: MethodOption<boolean>;
  readonly transform: MethodOption<'none' | 'log'>;
};

/** How ComBat is fitted, on the command line: what all members of the family have. */
export const combatFitting: CombatFitting = {
  preserve: valueOption(
    'list',
    '--preserve <names>',
    "covariates whose effects are kept: age,sex, or 'age,dx*time' for dx, time and how they interact",
    [],
  ),
  scaleCovariates: valueOption(
    'list',
    '--scale-covariates <names>',
    'which of them also change how much scans vary, which is kept (ComBatLS): age,sex',
    [],
  ),
  smooth: valueOption(
    'list',
    '--smooth <names>',
    'which of them are curves instead of straight lines (ComBat-GAM): age, or age:sex for a curve of each sex',
    [],
  ),
  smoothing: valueOption(
    'smoothing',
    '--smoothing <score>',
    'by what the straightness of curves is chosen: reml, gcv, a penalty for all features such as 3.5, one for each curve (age=0.3,volume=5), or kfold, the search of neuroHarmonize',
    'reml',
  ),
  smoothingSeed: valueOption(
    'integer',
    '--smoothing-seed <number>',
    'seed of --smoothing kfold (default: 1)',
  ),
  penalties: valueOption(
    'positives',
    '--penalties <numbers>',
    'the penalties that --smoothing reml and gcv choose among: 0.1,1,10,100 (default: any)',
  ),
  knots: valueOption(
    'knots',
    '--knots <ranges>',
    'the first and the last inner knot of a curve, how many B-splines it is of, or both: age=25:75, age=15, age=25:75:15 (default: the range of scans, 10)',
  ),
  basis: choiceOption('--basis <name>', 'the curves: of mgcv, or of neuroHarmonize', {
    values: ['p-spline', 'neuroharmonize'],
    initial: 'p-spline',
  }),
  unseen: choiceOption('--unseen <policy>', 'how the audit treats a site not trained on', {
    values: unseenPolicies,
    initial: 'estimate',
  }),
  dropMissing,
  eb: choiceOption('--eb <kind>', 'empirical Bayes', {
    values: ['parametric', 'nonparametric', 'none'],
    initial: 'parametric',
  }),
  meanOnly: choiceOption(
    '--mean-only [form]',
    'adjust the location of each site, not its scale: published, which leaves much of the site effect, or shrunk-by-size',
    { values: ['published', 'shrunk-by-size'], alone: 'published' },
  ),
  reference: valueOption('text', '--reference <site>', 'harmonize to this site instead of the average'),
  robust: valueOption(
    'switch',
    '--robust',
    'measure sites by medians and midvariances, which few extreme scans do not move',
    false,
  ),
  transform: choiceOption('--transform <kind>', 'fit values or their logarithm', {
    values: ['none', 'log'],
    initial: 'none',
  }),
};

/** What the options of the command line are as those of a harmonizer. */
export function combatOptionsOf({
  dropMissing: drops,
  meanOnly,
  reference,
  smooth,
  smoothing,
  smoothingSeed,
  penalties,
  knots = {},
  ...others
}: ValuesOf<CombatFitting>): CombatOptions & ApplyCombatOptions {
  const curves = withKnots(smooth.map(smoothTermOf), knots);
  return {
    ...others,
    ...(typeof smoothing === 'object'
      ? { smooth: withPenalties(curves, smoothing) }
      : { smooth: curves, smoothing }),
    meanOnly: meanOnly === 'published' || (meanOnly ?? false),
    missingCovariates: drops ? 'drop' : 'error',
    ...(reference === undefined ? {} : { reference }),
    ...(smoothingSeed === undefined ? {} : { smoothingSeed }),
    ...(penalties === undefined ? {} : { penalties }),
  };
}

/**
 * Curves with their knots.
 *
 * @throws ConcordError `invalid-option` for knots of what has no curve.
 */
function withKnots(curves: readonly SmoothTerm[], knots: OptionTypes['knots']): readonly SmoothTerm[] {
  requireCurves(curves, 'knots', Object.keys(knots));
  return curves.map((curve) =>
    Object.hasOwn(knots, curve.name) ? { ...curve, ...knots[curve.name] } : curve,
  );
}

/**
 * Curves with their penalties.
 *
 * @throws ConcordError `invalid-option` for a penalty of what has no curve, and for a curve without one.
 */
function withPenalties(
  curves: readonly SmoothTerm[],
  penalties: Readonly<Record<string, number>>,
): readonly SmoothTerm[] {
  requireCurves(curves, 'smoothing', Object.keys(penalties));
  return curves.map((curve) => {
    if (Object.hasOwn(penalties, curve.name)) return { ...curve, penalty: penalties[curve.name] };
    const named = `${curve.name}=NUMBER`;
    throw new ConcordError(
      'invalid-option',
      `invalid smoothing: it has no penalty for the curve of ${quoteName(curve.name)}`,
      { remedy: advise`add ${named} to ${option('smoothing')}` },
    );
  });
}

function requireCurves(curves: readonly SmoothTerm[], what: string, names: readonly string[]): void {
  const stray = names.find((name) => curves.every((curve) => curve.name !== name));
  if (stray === undefined) return;
  throw new ConcordError('invalid-option', `invalid ${what}: ${quoteName(stray)} has no curve`, {
    remedy: advise`name it in ${option('smooth', stray)}, too`,
  });
}

/**
 * `age`, or `age:sex` for a curve of each sex; names with colons or stars are written in backticks, as in formulas.
 *
 * @throws ConcordError `invalid-option`.
 */
function smoothTermOf(text: string): SmoothTerm {
  const [[name, by, ...more], ...others] = termsOf(text, 'smooth');
  if (more.length === 0 && others.length === 0) return { name, ...(by === undefined ? {} : { by }) };
  throw new ConcordError('invalid-option', `invalid smooth: ${quoteName(text)}`, {
    remedy: advise`write age, or age:sex for a curve of each sex; a name with a colon or star is written in backticks`,
  });
}

/** The options of applying by name. */
export type CombatApplying = Pick<CombatFitting, 'unseen' | 'dropMissing'>;

/** How a model of the family is applied, on the command line. */
export const combatApplying: CombatApplying = {
  unseen: choiceOption('--unseen <policy>', 'what to do with a site the model was not fitted on', {
    values: unseenPolicies,
    initial: 'error',
  }),
  dropMissing,
};

/** The same as options. */
export function applyOptionsOf({ unseen, dropMissing: drops }: ValuesOf<CombatApplying>): ApplyCombatOptions {
  return { unseen, missingCovariates: drops ? 'drop' : 'error' };
}
