import { ConcordError } from '../errors';
import type { FeatureCohort } from '../data/cohort';
import { fitAndApply } from '../data/fit-and-apply';
import type { Harmonizer } from '../data/harmonizer';
import { cannotBeFitted } from './cannot-be-fitted';
import type { EvaluateOptions } from './evaluate-options';
import { resolveEvaluateOptions, withoutBatches } from './evaluate-options';
import type { SplitEvaluation } from './splits/evaluate-splits';
import { designSplits, evaluateSplits } from './splits/evaluate-splits';
import { harmonizedInFolds } from './splits/fold-source';
import { fittedCovariates } from './splits/keep-levels';
import { keptSubjects } from './splits/kept-subjects';
import { requireCall } from '../data/calls/require-call';

/** {@link EvaluateOptions}, and what the harmonizer harmonizes to. */
export interface HeldOutOptions extends EvaluateOptions {
  /** One of the harmonizer's targets. @defaultValue the harmonizer's own choice: the average, where it has one */
  readonly target?: string;
}

/**
 * Evaluates a harmonizer on subjects it was not fitted on: in every fold it is fitted on the training subjects only
 * and applied to both sides, then probes and predictors are trained on the one and tested on the other. For
 * predictions at a site left out it is fitted on the other sites; where it cannot serve a site it has not seen, that
 * figure is left out with an Issue.
 *
 * What is predicted is withheld: a harmonizer that preserves age takes β·age off every feature and puts it back, so
 * given the test subjects' ages it would write them into the features. For each covariate predicted, the test
 * subjects are therefore harmonized as if all of them had the training mean of it (or the most frequent level). The
 * other covariates are given as they are, and so are all of them for the site probes; a covariate that is a function
 * of the one predicted (its square, say) still reveals it, and has no place in such an evaluation.
 *
 * The whole cohort is harmonized once beforehand, only to learn which subjects the harmonizer leaves out, as one
 * told to drop subjects without a covariate does; those take no part.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`, `aborted`, and whatever the harmonizer throws; where it can be
 * fitted to the cohort and not to the training part of a fold, the error says so.
 */
export async function evaluateInFolds<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  options: HeldOutOptions = {},
): Promise<SplitEvaluation> {
  requireCall('audits.evaluateInFolds', { cohort, harmonizer, options });
  const own = withoutBatches(cohort, options, harmonizer.removes);
  resolveEvaluateOptions(cohort, own);
  const { signal, target } = options;
  const { after: whole } = await fitAndApply(harmonizer, cohort, { target, signal });
  const kept = keptSubjects(cohort, whole);
  const fitted = fittedCovariates(kept.participants, harmonizer);
  const design = designSplits(kept, resolveEvaluateOptions(kept, own), fitted);
  const found = await evaluateSplits(design, harmonizedInFolds(kept, harmonizer, target), own).catch(
    (error: unknown) => {
      throw cannotBeFitted(error) ? unfittedInFolds(error, harmonizer.name) : error;
    },
  );
  const { probes, regressions, classifications } = found;
  return { probes, regressions, classifications, issues: [...design.issues, ...found.issues] };
}

/** What a harmonizer said of the training part of a fold, which is not true of the whole cohort. */
function unfittedInFolds(cause: ConcordError, method: string): ConcordError {
  const { code, problem, where, remedy, issues } = cause;
  const message = `${method} cannot be fitted inside folds: ${problem}`;
  return new ConcordError(code, message, { where, remedy, issues, cause });
}
