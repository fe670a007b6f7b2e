import type { ImageCohort } from '../../data/cohort';
import { suggestName } from '../../data/nearest-names';
import { oneOf } from '../../data/one-of';
import { covariateNamed, siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { requireKnownSites } from '../../data/people/missing-site';
import { ConcordError } from '../../errors';
import { listNames } from '../../data/list-names';
import type { JudgedRaw } from './judged-raw';

/** How images are evaluated, whatever they come from. */
export interface EvaluateImagesOptions extends RunOptions {
  /** The harmonizer's name, for the record. @defaultValue `'harmonized'` */
  readonly method?: string;
  /** Seed of every random draw: splits, weights, subsamples, bootstrap. @defaultValue 1 */
  readonly seed?: number;
  /** How often cross-validation is repeated with new splits and weights. @defaultValue 1 */
  readonly seeds?: number;
  /** Folds of cross-validation: persons are dealt into them with all their scans. @defaultValue 3 */
  readonly folds?: number;
  /** Steps of training of each network, 32 slices each. @defaultValue 200 */
  readonly steps?: number;
  /**
   * Covariates that probes predict, and from which the site is identified for the floor.
   *
   * @defaultValue `age` and `sex`, where the cohort has them
   */
  readonly covariates?: readonly string[];
  /**
   * The site that scans were harmonized to. Without it there are no figures against the truth, and distances of images
   * are between sites.
   */
  readonly target?: string;
  /**
   * Where to compare: `each` scan in its own mask, or all in the `common` one, which every scan has. Only the latter
   * hides what masks say of the site; it requires all scans on one grid.
   *
   * @defaultValue `'each'`
   */
  readonly mask?: 'each' | 'common';
  /** About how many scans are used at most; of more, persons are drawn in proportion to the sites. @defaultValue 400 */
  readonly maxSubjects?: number;
  /**
   * Whether what harmonized the scans had learned from other persons only. Without it, figures are taken as in-sample,
   * and the answers on site and biology are never yes.
   *
   * @defaultValue `false`
   */
  readonly heldOut?: boolean;
  /** Raw scans of the same persons at the target site, where those audited do not include them. */
  readonly truth?: ImageCohort;
  /**
   * What `audits.judgeRaw` found of the same raw scans with the same options: it is not found again, which is half of the
   * time of one method.
   */
  readonly raw?: JudgedRaw;
}

/** {@link EvaluateImagesOptions} with defaults filled in. */
export interface ImageAuditSettings {
  readonly method: string;
  readonly seed: number;
  readonly seeds: number;
  readonly folds: number;
  readonly steps: number;
  readonly covariates: readonly string[];
  readonly target?: string;
  readonly mask: 'each' | 'common';
  readonly maxSubjects: number;
  readonly heldOut: boolean;
}

/**
 * Fills in defaults and checks them against the cohort.
 *
 * @throws ConcordError `invalid-option`, `unknown-column`, `unknown-site`; `too-little-data` with one site only.
 */
export function imageAuditSettings(
  { participants }: Pick<ImageCohort, 'participants'>,
  options: EvaluateImagesOptions,
): ImageAuditSettings {
  const { method = 'harmonized', seed = 1, seeds = 1, folds = 3, steps = 200, target } = options;
  const { mask = 'each', maxSubjects = 400, heldOut = false } = options;
  const names = participants.covariates.map(({ name }) => name);
  const covariates = options.covariates ?? ['age', 'sex'].filter((name) => names.includes(name));
  oneOf('mask', mask, ['each', 'common']);
  if (!Number.isInteger(seed)) throw invalid('seed', seed, 'a whole number');
  for (const [name, value, least] of [
    ['seeds', seeds, 1],
    ['folds', folds, 2],
    ['steps', steps, 1],
    ['maxSubjects', maxSubjects, 6],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw invalid(name, value, `a whole number from ${least}`);
  }
  for (const name of covariates) covariateNamed(participants, name);
  requireKnownSites(participants.sites);
  const sites = siteNames(participants);
  if (sites.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `an audit requires at least two sites (the scans have ${listNames(sites) || 'none'})`,
    );
  }
  if (target !== undefined && options.truth === undefined && !sites.includes(target)) {
    throw new ConcordError(
      'unknown-site',
      `unknown target: "${target}" (${suggestName(target, sites, `the scans have ${listNames(sites)}`)})`,
      {
        where: { site: target },
      },
    );
  }
  return { method, seed, seeds, folds, steps, covariates, target, mask, maxSubjects, heldOut };
}

function invalid(name: string, value: number, allowed: string): ConcordError {
  return new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
}
