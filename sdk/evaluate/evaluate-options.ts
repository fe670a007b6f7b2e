import type { FeatureCohort } from '../data/cohort';
import { covariateNamed, siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { requireKnownSites } from '../data/people/missing-site';
import { ConcordError } from '../errors';
import { quoteName } from '../data/list-names';

/** How a table is evaluated. */
export interface EvaluateOptions extends RunOptions {
  /**
   * Seed of every random draw: splits, subsamples, bootstrap.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * How often cross-validation is repeated with new splits.
   *
   * @defaultValue 5
   */
  readonly seeds?: number;
  /** Folds of each cross-validation. @defaultValue 5 */
  readonly folds?: number;
  /** Covariates that tests are adjusted for and that are predicted. @defaultValue all of the cohort */
  readonly covariates?: readonly string[];
  /** The false-discovery rate below which a feature counts as different between sites. @defaultValue 0.05 */
  readonly alpha?: number;
  /**
   * About how many subjects cross-validation and distances use at most; of more, a sample stratified by site is
   * drawn, with an Issue. Tests and shares of variance always use everyone.
   *
   * @defaultValue 2000
   */
  readonly maxSubjects?: number;
}

/** {@link EvaluateOptions} with defaults filled in. */
export interface EvaluateSettings {
  readonly seed: number;
  readonly seeds: number;
  readonly folds: number;
  readonly covariates: readonly string[];
  readonly alpha: number;
  readonly maxSubjects: number;
}

/**
 * Fills in defaults and checks them against the cohort.
 *
 * @throws ConcordError `invalid-option`, `unknown-column`, or `too-little-data` with fewer than two sites or no
 * features.
 */
export function resolveEvaluateOptions(cohort: FeatureCohort, options: EvaluateOptions): EvaluateSettings {
  const { seed = 1, seeds = 5, folds = 5, alpha = 0.05, maxSubjects = 2000 } = options;
  const covariates = options.covariates ?? cohort.participants.covariates.map(({ name }) => name);
  if (!Number.isInteger(seed)) throw invalid('seed', seed, 'a whole number');
  if (!Number.isInteger(seeds) || seeds < 1) throw invalid('seeds', seeds, 'a whole number from 1');
  if (!Number.isInteger(folds) || folds < 2) throw invalid('folds', folds, 'a whole number from 2');
  if (!(alpha > 0 && alpha < 1)) throw invalid('alpha', alpha, 'a number between 0 and 1');
  if (!(maxSubjects >= 20)) throw invalid('maxSubjects', maxSubjects, 'a number from 20');
  for (const name of covariates) covariateNamed(cohort.participants, name);
  requireKnownSites(cohort.participants.sites);
  const sites = siteNames(cohort.participants);
  if (sites.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `an evaluation requires at least two sites (the cohort has ${sites.map((site) => quoteName(site)).join(', ') || 'none'})`,
    );
  }
  if (cohort.features.features.length === 0) {
    throw new ConcordError('too-little-data', 'an evaluation requires at least one feature');
  }
  return { seed, seeds, folds, covariates, alpha, maxSubjects };
}

/**
 * The options of an evaluation of a harmonizer that takes batch variables out: unless covariates are named, these are not among
 * them, since they are no biology.
 */
export function withoutBatches<Options extends EvaluateOptions>(
  cohort: FeatureCohort,
  options: Options,
  removes: readonly string[] = [],
): Options {
  if (removes.length === 0 || options.covariates !== undefined) return options;
  const names = cohort.participants.covariates.map(({ name }) => name);
  return { ...options, covariates: names.filter((name) => !removes.includes(name)) };
}

function invalid(name: string, value: number, allowed: string): ConcordError {
  return new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
}
