import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import type { ApplyCombatOptions } from '../apply-combat';
import type { CombatOptions } from '../combat-options';
import { keptCovariates } from '../combat-options';
import type { LongitudinalSettings } from './longitudinal-model';

/** Options of {@link fitLongitudinal}: those of ComBat but `scaleCovariates` and `robust`, and those of the mixed model. */
export interface LongitudinalOptions extends CombatOptions {
  /**
   * A continuous covariate, such as time since the first scan or age, over which each person has a slope of their own, beside
   * a level of their own. It is preserved, whether or not `preserve` lists it. Its unit and origin make no difference.
   *
   * @defaultValue none: persons differ in level
   */
  readonly randomSlope?: string;
  /**
   * What features are divided by before site effects are shrunk. `reml`: the residual standard deviation by restricted maximum
   * likelihood, `method = "REML"` of the R package longCombat. `msr`: the root of the mean squared residual, its
   * `method = "MSR"` and what ComBatFamily does with `lmer`, which is smaller, as residuals are.
   *
   * @defaultValue `'reml'`
   */
  readonly residualVariance?: 'reml' | 'msr';
}

/** What is known of persons that the model was not fitted on. */
export type UnseenPersonPolicy = 'own-visits' | 'zero';

/** Options of {@link applyLongitudinal}. */
export interface ApplyLongitudinalOptions extends ApplyCombatOptions {
  /**
   * What sets a person apart whom the model was not fitted on. `own-visits`: it is predicted from the scans of the person
   * that are given, by the model's variances, as it is of persons in the model; so a result depends on which of the person's
   * scans are given together. `zero`: nothing, as ComBatFamily and `predict` of lme4 have it: then all that sets the
   * person apart is stretched by what the site does to the spread within persons.
   *
   * @defaultValue `'own-visits'`
   */
  readonly unseenPersons?: UnseenPersonPolicy;
}

/** The options of each step. */
export interface LongitudinalSteps {
  readonly combat: CombatOptions;
  readonly settings: LongitudinalSettings;
}

/**
 * Takes the options apart, with defaults.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function longitudinalSteps(options: LongitudinalOptions): LongitudinalSteps {
  const { randomSlope, residualVariance = 'reml', ...combat } = options;
  oneOf('residualVariance', residualVariance, ['reml', 'msr']);
  const { smooth = [], smoothing } = combat;
  if (smooth.length > 0 && (smoothing === 'gcv' || smoothing === 'kfold')) {
    throw new ConcordError(
      'invalid-option',
      `invalid smoothing: "${smoothing}" cannot be combined with the effects of persons, whose variances are found by restricted maximum likelihood`,
      { remedy: advise`choose ${option('smoothing', 'reml')}, or a penalty` },
    );
  }
  if (combat.scaleCovariates !== undefined && combat.scaleCovariates.length > 0) {
    throw notTogether('scaleCovariates', advise`leave out ${option('scaleCovariates')}`);
  }
  if (combat.robust === true) throw notTogether('robust', advise`leave out ${option('robust')}`);
  const { preserve = [] } = combat;
  const kept = keptCovariates(combat).preserve.some(({ name }) => name === randomSlope);
  return {
    combat: randomSlope === undefined || kept ? combat : { ...combat, preserve: [...preserve, randomSlope] },
    settings: { residualVariance, randomSlope: randomSlope ?? null },
  };
}

function notTogether(name: string, remedy: Advice): ConcordError {
  return new ConcordError(
    'invalid-option',
    `invalid ${name}: it cannot be combined with the effects of persons`,
    { remedy: [...remedy, ', or use ComBat without the effects of persons'] },
  );
}
