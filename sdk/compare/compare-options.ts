import type { ImageCohort } from '../data/cohort';
import type { RunOptions } from '../data/run-options';
import type { JudgedRaw } from '../evaluate/images-audit/judged-raw';
import type { AlikeSlicesOptions } from '../preprocess/slices/cut-alike';

/** Options of {@link compareMethods}. */
export interface CompareMethodsOptions extends RunOptions {
  /**
   * What all methods harmonize to. A method that does not know it is left out, with an issue.
   *
   * @defaultValue each method's own choice: the average, where it has one
   */
  readonly target?: string;
  /** Seed of every random draw: splits, weights of probes, subsamples, bootstrap. @defaultValue 1 */
  readonly seed?: number;
  /** How often cross-validation is repeated with new splits. @defaultValue 5; of images 1 */
  readonly seeds?: number;
  /**
   * Covariates that are predicted and adjusted for.
   *
   * @defaultValue all of a table; of images `age` and `sex`, where the cohort has them
   */
  readonly covariates?: readonly string[];
  /**
   * Whether each method is fitted on the training persons of every fold and judged on the others. Of tables the figures
   * in-sample are beside these; of images there are these only.
   *
   * @defaultValue `false`: each method is fitted on all participants, and its figures are in-sample
   */
  readonly folds?: boolean;
  /** Folds of cross-validation: persons are dealt into them with all their scans. @defaultValue 5; of images 3 */
  readonly splits?: number;
  /** About how many subjects or scans are used at most. @defaultValue 2000; of images 400 */
  readonly maxSubjects?: number;
  /**
   * Methods that were fitted before, on other persons only: figures of theirs count as held out. Of others fitted
   * before it is not known whom they have seen, so that theirs count as in-sample.
   *
   * @defaultValue none
   */
  readonly heldOut?: readonly string[];
  /** Of tables: the false-discovery rate below which a feature counts as different between sites. @defaultValue 0.05 */
  readonly alpha?: number;
  /** Of images: steps of training of each probe, 32 slices each. @defaultValue 200 */
  readonly steps?: number;
  /** Of images: compare each scan in its own mask, or all in the common one. @defaultValue `'each'` */
  readonly mask?: 'each' | 'common';
  /** Of images: raw scans of the same persons at the target site, where those compared do not include them. */
  readonly truth?: ImageCohort;
  /**
   * Of images: what `audits.judgeRaw` found of these raw scans with the same options, so that it is not found again for
   * each method that is compared. Not with `folds`.
   */
  readonly raw?: JudgedRaw;
  /** Of whole scans: how they are cut into slices. */
  readonly slices?: AlikeSlicesOptions;
}
