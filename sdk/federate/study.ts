import { digestOf } from '../data/digest';
import type { JsonObject } from '../data/json';
import { toJsonObject } from '../data/json';
import { listNames, quoteName } from '../data/list-names';
import { requireCall } from '../data/calls/require-call';
import type { CombatSettings } from '../combat/combat-model';
import type { CombatOptions } from '../combat/combat-options';
import { combatSettings, keptCovariates } from '../combat/combat-options';
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
   * Covariates whose effects are kept; an object says of which kind one is, where that could be mistaken.
   *
   * @defaultValue none
   */
  readonly preserve?: readonly (string | FederatedCovariate)[];
  /**
   * How many persons a number that a hospital sends must be made of at least: a site, a level of a covariate at a site, and two
   * levels together. A hospital may ask for more, never for fewer.
   *
   * @defaultValue 5
   */
  readonly minimum?: number;
  /** Refused: the penalty of a curve is searched for feature by feature, on sums that no hospital has agreed to send. */
  readonly smooth?: CombatOptions['smooth'];
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
  readonly settings: CombatSettings;
  readonly minimum: number;
}

/** Below this many persons, a mean and a sum of squares give the values themselves away. */
const fewest = 3;
const usual = 5;

/**
 * Begins a federated study: the message that its hospitals answer first. It says how ComBat will be fitted, and is all that they
 * need to know.
 *
 * Smooth effects, interactions and robust fits are refused.
 *
 * @param keys - of the coordinator
 * @throws ConcordError `invalid-option`.
 */
export function makeFederatedStudy(keys: FederatedKeys, options: FederatedStudyOptions): FederatedMessage {
  requireCall('federated.makeStudy', { keys, options });
  const { hospitals, preserve = [], minimum = usual, smooth = [], robust = false, ...fitting } = options;
  if (smooth.length > 0) {
    const why = 'the penalty of a curve is searched for on the values, and knots are not agreed on';
    throw notFederated(`smooth: ${why}`, advise`begin the study without ${option('smooth')}`);
  }
  if (robust) {
    const why = 'medians of parts do not add up to the median of all';
    throw notFederated(`robust: ${why}`, advise`begin the study without ${option('robust')}`);
  }
  const [formula] = keptCovariates({
    preserve: preserve.filter((item) => typeof item === 'string'),
  }).formulas;
  if (formula !== undefined) {
    const why = 'two levels together are of too few persons to be sent';
    throw notFederated(`interaction ${quoteName(formula)}: ${why}`, advise`begin the study without it`);
  }
  requireHospitals(hospitals);
  if (!Number.isInteger(minimum) || minimum < fewest) {
    throw new ConcordError(
      'invalid-option',
      `invalid minimum: ${minimum} (a whole number from ${fewest}: the mean and the spread of fewer persons are their values)`,
    );
  }
  const covariates = preserve.map((item) => (typeof item === 'string' ? { name: item } : item));
  const settings = combatSettings({ ...fitting, preserve: covariates.map(({ name }) => ({ name })) });
  const content = toJsonObject({ hospitals, preserve: covariates, settings, minimum });
  return signMessage(
    {
      study: digestOf(content, keys.publicKey),
      step: 'study',
      from: coordinator,
      answers: '',
      discloses: studyDiscloses({ hospitals, preserve: covariates, settings, minimum }),
      content,
    },
    keys,
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

function studyDiscloses({ hospitals, preserve, settings, minimum }: FederatedStudy): readonly string[] {
  const kept = preserve.length === 0 ? 'no covariate' : listNames(preserve.map(({ name }) => name));
  const low = minimum < usual ? `, below the usual ${usual}` : '';
  return [
    `the names of the hospitals: ${listNames(hospitals)}`,
    `how ComBat is fitted: it preserves ${kept}, eb ${settings.eb}, reference ${settings.reference ?? 'none'}`,
    `hospitals send no number that is made of fewer than ${minimum} persons${low}`,
  ];
}
