import { listNames, quoteName } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { CombatOptions } from '../combat-options';
import type { BatchVariable } from './batch-variables';

/** Options of {@link fitNestedCombat}: the batch variables and their order, and how ComBat is fitted by each. */
export interface NestedCombatOptions extends Omit<CombatOptions, 'reference'> {
  /**
   * The batch variables: covariates with levels, and the site, which is called `site` or as its column. Two that group the scans
   * alike are refused.
   */
  readonly batches: readonly string[];
  /**
   * `searched`: every order is tried (from five variables on, the best next variable is taken each time), and the one is used
   * after which the fewest pairs of feature and batch variable differ by an Anderson–Darling test (OPNested ComBat). `given`:
   * in the order listed.
   *
   * @defaultValue `'searched'`
   */
  readonly order?: 'searched' | 'given';
  /**
   * Looks for two groups of scans that no variable names, by a mixture of two normal distributions of each feature, and takes
   * those of the feature that shows them most as one more batch variable (`batch`: "+GMM" of Horng et al. 2022), or keeps them
   * as biology (`preserve`: "−GMM"). The values cannot say which of the two they are.
   *
   * @defaultValue `'none'`
   */
  readonly mixture?: 'none' | 'batch' | 'preserve';
  /**
   * Levels to harmonize to, by batch variable: `{ vendor: 'GE' }`. Scans that have the level of every variable come back bit
   * for bit, where every variable has one.
   *
   * @defaultValue none: the average over all scans
   */
  readonly references?: Readonly<Record<string, string>>;
}

/** The options apart, defaults filled in. */
export interface NestedPlan {
  readonly batches: readonly string[];
  readonly order: 'searched' | 'given';
  readonly mixture: 'none' | 'batch' | 'preserve';
  readonly references: Readonly<Record<string, string>>;
  /** What ComBat is fitted with by each variable. */
  readonly combat: CombatOptions;
}

/**
 * Takes the options apart, with defaults.
 *
 * @throws ConcordError `invalid-option` naming the option and what is allowed.
 */
export function nestedPlan(options: NestedCombatOptions): NestedPlan {
  const { batches, order = 'searched', mixture = 'none', references = {}, ...combat } = options;
  oneOf('order', order, ['searched', 'given']);
  oneOf('mixture', mixture, ['none', 'batch', 'preserve']);
  return { batches, order, mixture, references, combat };
}

/**
 * Refuses what is to be removed and kept, and references that are not there.
 *
 * @throws ConcordError `invalid-option`, `unknown-level`.
 */
export function requireBatchesApart(
  variables: readonly BatchVariable[],
  { preserve, references }: Pick<NestedPlan, 'references'> & { readonly preserve: readonly string[] },
): void {
  const both = variables.find(({ name, from }) => from === 'covariate' && preserve.includes(name));
  if (both !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid batches: ${quoteName(both.name)} is among the covariates to preserve too`,
      { remedy: advise`leave it out of ${option('batches')} or of ${option('preserve')}` },
    );
  }
  const names = variables.map(({ name }) => name);
  for (const [name, level] of Object.entries(references)) {
    const variable = variables.find((one) => one.name === name);
    if (variable === undefined) {
      throw new ConcordError(
        'invalid-option',
        `invalid references: ${quoteName(name)} is no batch variable (${suggestName(name, names, `there are ${listNames(names)}`)})`,
      );
    }
    if (variable.levels.includes(level)) continue;
    throw new ConcordError(
      'unknown-level',
      `unknown reference of batch variable ${quoteName(name)}: ${quoteName(level)} (${suggestName(level, variable.levels, `levels are ${listNames(variable.levels)}`)})`,
      { where: { column: name } },
    );
  }
}
