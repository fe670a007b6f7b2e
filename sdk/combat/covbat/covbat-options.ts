import { ConcordError } from '../../errors';
import type { ComponentCount } from '../../math/linear/exact-components';
import { advise, option } from '../../remedy';
import type { CombatOptions } from '../combat-options';
import type { CovbatSettings } from './covbat-model';

/** Options of {@link fitCovbat}: those of ComBat for its first step, and those of the second. */
export interface CovbatOptions extends CombatOptions {
  /**
   * Components are harmonized until their shares of the variance together exceed this.
   *
   * @defaultValue `0.95`
   */
  readonly variance?: number;
  /**
   * How many components are harmonized, whatever their variance.
   *
   * @defaultValue as `variance` says
   */
  readonly components?: number;
  /**
   * Divide features by their standard deviation before components are taken, so that all count alike.
   *
   * @defaultValue `true`
   */
  readonly standardize?: boolean;
  /**
   * Shrink the site effects on scores by empirical Bayes, as the R package CovBat does with `score.eb`. The result then depends
   * on which way components point, since effects are shrunk towards their mean: here each points to where its largest
   * loading is positive, in other programs to wherever their linear algebra left it (0.02 SD on 120 scans of IXI).
   *
   * @defaultValue `false`: there are few components, and they have little to learn from each other
   */
  readonly scoreEb?: boolean;
  /**
   * Covariates whose effects on scores are kept. What sites and covariates share is otherwise taken from the scores as a site
   * effect: most of these effects are in the mean model of the first step, which is put back unharmed.
   *
   * @defaultValue none, as published
   */
  readonly scorePreserve?: readonly string[];
}

/** The options of each step. */
export interface CovbatSteps {
  readonly combat: CombatOptions;
  readonly settings: CovbatSettings;
  readonly wanted: ComponentCount;
}

/**
 * Takes the options apart, with defaults.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function covbatSteps(options: CovbatOptions): CovbatSteps {
  const {
    variance,
    components,
    standardize = true,
    scoreEb = false,
    scorePreserve = [],
    ...combat
  } = options;
  if (variance !== undefined && components !== undefined) {
    throw new ConcordError(
      'invalid-option',
      'invalid components: variance is given too, and one of them is allowed',
      {
        remedy: advise`leave out ${option('variance')}`,
      },
    );
  }
  if (variance !== undefined && !(variance > 0 && variance < 1)) {
    throw new ConcordError(
      'invalid-option',
      `invalid variance: ${variance} (above 0 and below 1 is allowed)`,
    );
  }
  if (components !== undefined && (!Number.isInteger(components) || components < 1)) {
    throw new ConcordError(
      'invalid-option',
      `invalid components: ${components} (must be a whole number from 1)`,
    );
  }
  const share = variance ?? 0.95;
  return {
    combat,
    settings: { variance: components === undefined ? share : null, standardize, scoreEb, scorePreserve },
    wanted: components === undefined ? { share } : { count: components },
  };
}
