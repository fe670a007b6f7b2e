import { digestOf } from '../data/digest';
import type { JsonObject } from '../data/json';
import { toJsonObject } from '../data/json';
import { listNames, quoteName } from '../data/list-names';
import { requireCall } from '../data/calls/require-call';
import type { CombatSettings } from '../combat/combat-model';
import type { CombatOptions, KeptCovariates, SmoothTerm } from '../combat/combat-options';
import { combatSettings, keptCovariates } from '../combat/combat-options';
import { requireCombinable } from '../combat/combinable-options';
import type { CombatTerm } from '../combat/design/formula';
import { termText } from '../combat/design/formula';
import { usualSplines } from '../combat/design/smooth-basis';
import type { SmoothingChoice } from '../combat/means/penalty-problem';
import { curvePenalties } from '../combat/means/curve-penalties';
import { eachOf, smoothingChoice } from '../combat/means/smoothing-choice';
import { ConcordError } from '../errors';
import type { Advice } from '../remedy';
import { advise, option } from '../remedy';
import type { FederatedKeys, FederatedMessage } from './message';
import { coordinator, signMessage } from './message';

/** Options of {@link makeFederatedStudy}: who takes part, and how ComBat is fitted on all of them. */
export interface FederatedStudyOptions extends Pick<
  CombatOptions,
  'eb' | 'meanOnly' | 'reference' | 'transform' | 'varianceDivisor' | 'tolerance' | 'maxIterations'
> {
  /** The hospitals that are to take part, by names of the coordinator's choice. */
  readonly hospitals: readonly string[];
  /**
   * Covariates whose effects are kept, and how they interact (`'age:sex'`, `'age*sex'`); an object says of which kind one is, where
   * that could be mistaken.
   *
   * @defaultValue none
   */
  readonly preserve?: readonly (string | FederatedCovariate)[];
  /**
   * The same of covariates that are in an interaction or a smooth only.
   *
   * @defaultValue none
   */
  readonly covariates?: readonly FederatedCovariate[];
  /**
   * Covariates that have a curve instead of a straight line (ComBat-GAM), one for all or one for each level of another covariate.
   * Nobody sees all scans, so that each says where its first and last inner knot are: `{ name: 'age', knots: [25, 75] }`. There
   * must be persons enough between any two knots, or none, at every site of every hospital, which refuses to answer where there
   * are not: beyond the last knots the curve is a straight line, so that these are best well within the range; with fewer `splines`
   * there are fewer intervals, of more persons.
   *
   * @defaultValue none
   */
  readonly smooth?: readonly (string | SmoothTerm)[];
  /**
   * How straight curves are: by which score the penalty of each feature is chosen among `penalties`, or one penalty for all.
   *
   * @defaultValue `'reml'`
   */
  readonly smoothing?: 'reml' | 'gcv' | number;
  /**
   * The penalties to choose among.
   *
   * @defaultValue from 10⁻⁴ to 10⁸ by tenths of a power of ten
   */
  readonly penalties?: readonly number[];
  /**
   * How many persons a number that a hospital sends must be made of at least: a site, a level of a covariate at a site, and two
   * levels together. A hospital may ask for more, never for fewer.
   *
   * @defaultValue 5
   */
  readonly minimum?: number;
  /** Refused, unless it is `p-spline`: the knots of neuroHarmonize are quantiles of all scans. */
  readonly basis?: CombatOptions['basis'];
  /** Refused: the likelihood of a scale that depends on covariates takes many rounds. */
  readonly scaleCovariates?: readonly string[];
  /** Refused: medians of parts do not add up to the median of all. */
  readonly robust?: boolean;
}

/** A covariate that all hospitals have. */
export interface FederatedCovariate {
  readonly name: string;
  readonly kind?: 'continuous' | 'categorical';
  readonly unit?: string;
}

/** What a study is about: the content of its first message. */
export interface FederatedStudy {
  readonly hospitals: readonly string[];
  readonly preserve: readonly FederatedCovariate[];
  /** Their linear effects: `['age']` by itself, `['age', 'sex']` as an interaction. */
  readonly terms: readonly CombatTerm[];
  readonly smooths: readonly FederatedSmooth[];
  /** The penalties to choose among; of one there is nothing to choose, nor where curves have their own. */
  readonly penalties: readonly number[];
  readonly settings: CombatSettings;
  readonly minimum: number;
}

/** A curve that all hospitals agree on: its first and last inner knot. */
export interface FederatedSmooth {
  readonly name: string;
  readonly by?: string;
  readonly knots: readonly [number, number];
  /** B-splines: three more than intervals between inner knots. */
  readonly splines: number;
  /** Its λ, where that is given for each curve. */
  readonly penalty?: number;
}

/** Below this many persons, a mean and a sum of squares give the values themselves away. */
export const fewestPersons = 3;
const usual = 5;

/**
 * From 10⁻⁴ to 10⁸. Below and above, a curve is as bent or as straight as it can be, and which of two penalties has the lower score
 * would be a matter of rounding.
 */
const usualPenalties: readonly number[] = Array.from({ length: 121 }, (_, k) => 10 ** (k / 10 - 4));

/**
 * Begins a federated study: the message that its hospitals answer first. It says how ComBat will be fitted, and is all that they
 * need to know.
 *
 * Robust fits and covariates of scale are refused.
 *
 * @param keys - of the coordinator
 * @throws ConcordError `invalid-option`.
 */
export function makeFederatedStudy(keys: FederatedKeys, options: FederatedStudyOptions): FederatedMessage {
  requireCall('federated.makeStudy', { keys, options });
  const { hospitals, minimum = usual, smoothing, penalties } = options;
  requireFederated(options);
  requireHospitals(hospitals);
  if (!Number.isInteger(minimum) || minimum < fewestPersons) {
    throw new ConcordError(
      'invalid-option',
      `invalid minimum: ${minimum} (a whole number from ${fewestPersons}: the mean and the spread of fewer persons are their values)`,
    );
  }
  const { eb, meanOnly, reference, transform, varianceDivisor, tolerance, maxIterations } = options;
  const effects = { preserve: effectsOf(options.preserve ?? []), smooth: options.smooth ?? [] };
  const fitting = { eb, meanOnly, reference, transform, varianceDivisor, tolerance, maxIterations };
  const kept = keptCovariates(effects);
  const smooths = kept.smooth.map(agreedSmooth);
  const study: FederatedStudy = {
    hospitals,
    preserve: namedKinds(kept, options),
    terms: kept.terms,
    smooths,
    penalties: smooths.length === 0 ? [] : agreedPenalties({ ...effects, smoothing, penalties }),
    settings: combatSettings({ ...fitting, ...effects, smoothing }),
    minimum,
  };
  const content = toJsonObject(study);
  return signMessage(
    {
      study: digestOf(content, keys.publicKey),
      step: 'study',
      from: coordinator,
      answers: '',
      discloses: studyDiscloses(study),
      content,
    },
    keys,
  );
}

/** The names and formulas of a list: what `fitCombat` takes. */
function effectsOf(
  preserve: readonly (string | FederatedCovariate)[],
): readonly (string | { readonly name: string })[] {
  return preserve.map((item) => (typeof item === 'string' ? item : { name: item.name }));
}

/** Every covariate of a study, with what is known of it. */
function namedKinds(
  kept: KeptCovariates,
  { preserve = [], covariates = [] }: FederatedStudyOptions,
): readonly FederatedCovariate[] {
  const said = [...covariates, ...preserve.filter((item) => typeof item !== 'string')];
  const names = kept.preserve.map(({ name }) => name);
  const stray = said.find(({ name }) => !names.includes(name));
  if (stray !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `unknown covariate: ${quoteName(stray.name)} (the study preserves ${listNames(names)})`,
    );
  }
  return names.map((name): FederatedCovariate => {
    const own = said.find((one) => one.name === name);
    if (own !== undefined) return own;
    if (kept.smooth.some((smooth) => smooth.name === name)) return { name, kind: 'continuous' };
    return kept.smooth.some(({ by }) => by === name) ? { name, kind: 'categorical' } : { name };
  });
}

function agreedSmooth({
  name,
  by,
  knots,
  bounds,
  penalty,
  splines = usualSplines,
}: SmoothTerm): FederatedSmooth {
  const own = penalty === undefined ? {} : { penalty };
  if (knots !== undefined) return { name, ...(by === undefined ? {} : { by }), knots, splines, ...own };
  const why = bounds === undefined ? 'nobody sees all scans' : 'bounds move with scans that nobody sees';
  throw new ConcordError('missing-value', `missing knots of ${name}: ${why}`, {
    remedy: advise`say where the first and the last inner knot are, with ${option('knots')}`,
  });
}

function agreedPenalties(
  options: Pick<FederatedStudyOptions, 'smoothing' | 'penalties' | 'smooth'>,
): readonly number[] {
  const { smoothing, penalties } = options;
  requireCombinable(options);
  const given = curvePenalties(options);
  if (given !== undefined) return [...given.values()];
  const among = penalties ?? (typeof smoothing === 'number' ? [smoothing] : usualPenalties);
  smoothingChoice({ among }, [], 0);
  return among;
}

/** How λ of these curves is chosen in a study. */
export function choiceOf(
  { settings, penalties, smooths }: FederatedStudy,
  curves: readonly { readonly name: string }[],
): SmoothingChoice {
  const { smoothing } = settings;
  if (smoothing === 'reml' || smoothing === 'gcv') return { score: smoothing, among: penalties };
  const given = curvePenalties({ smooth: smooths });
  if (given !== undefined) return eachOf(given, curves);
  return smoothingChoice({ smoothing: penalties[0] }, [], curves.length);
}

/** Refuses what only the values themselves can tell. */
function requireFederated({ robust, basis = 'p-spline', scaleCovariates = [] }: FederatedStudyOptions): void {
  if (robust === true) {
    const why = 'medians of parts do not add up to the median of all';
    throw notFederated(`robust: ${why}`, advise`begin the study without ${option('robust')}`);
  }
  if (basis !== 'p-spline') {
    const why = 'its knots are quantiles of all scans, which nobody sees';
    throw notFederated(`basis: ${why}`, advise`choose ${option('basis', 'p-spline')}`);
  }
  if (scaleCovariates.length === 0) return;
  const why = 'their likelihood takes many rounds';
  throw notFederated(
    `covariates of scale: ${why}`,
    advise`begin the study without ${option('scaleCovariates')}`,
  );
}

/** The study that a message begins. */
export function studyOf({ content }: FederatedMessage): FederatedStudy {
  return content as JsonObject & FederatedStudy;
}

function notFederated(what: string, remedy: Advice): ConcordError {
  return new ConcordError('invalid-option', `unsupported ${what}`, { remedy });
}

function requireHospitals(hospitals: readonly string[]): void {
  const wrong = hospitals.find((name, at) => name.trim() === '' || hospitals.indexOf(name) !== at);
  if (wrong !== undefined || hospitals.includes(coordinator)) {
    throw new ConcordError(
      'invalid-option',
      `invalid hospitals: ${quoteName(wrong ?? coordinator)} (each needs a name of its own, other than "${coordinator}")`,
    );
  }
  if (hospitals.length > 0) return;
  throw new ConcordError('invalid-option', 'invalid hospitals: none', {
    remedy: advise`name those that take part: ${option('hospitals')}`,
  });
}

function studyDiscloses({
  hospitals,
  preserve,
  terms,
  smooths,
  settings,
  minimum,
}: FederatedStudy): readonly string[] {
  const together = terms.filter((term) => term.length > 1).map(termText);
  const names = [...preserve.map(({ name }) => name), ...together];
  const kept = names.length === 0 ? 'no covariate' : listNames(names);
  const low = minimum < usual ? `, below the usual ${usual}` : '';
  return [
    `the names of the hospitals: ${listNames(hospitals)}`,
    `how ComBat is fitted: it preserves ${kept}, eb ${settings.eb}, reference ${settings.reference ?? 'none'}`,
    ...smooths.map(
      ({ name, by, knots: [first, last], splines }) =>
        `${name} has a curve${by === undefined ? '' : ` for each ${by}`} with ${splines - 2} knots from ${first} to ${last}`,
    ),
    `hospitals send no number that is made of fewer than ${minimum} persons${low}`,
  ];
}
