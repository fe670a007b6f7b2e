import type { FeatureCohort } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import type { EvaluateOptions } from './evaluate-options';
import { resolveEvaluateOptions } from './evaluate-options';
import type { SplitEvaluation } from './evaluate-splits';
import { designSplits, evaluateSplits } from './evaluate-splits';
import { harmonizedInFolds } from './fold-source';

/**
 * Evaluates a harmonizer without leakage: in every fold it is fitted on the training subjects only and applied to
 * both sides, then probes and predictors are trained on the one and tested on the other. For predictions at a site
 * left out it is fitted on the other sites; where it cannot serve a site it has not seen, that figure is left out
 * with an Issue. A harmonizer that preserves covariates reads those of the test subjects too, as it would in use.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`, `aborted`, and whatever the harmonizer throws.
 */
export async function evaluateInFolds<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  options: EvaluateOptions = {},
): Promise<SplitEvaluation> {
  const design = designSplits(cohort, resolveEvaluateOptions(cohort, options));
  const found = await evaluateSplits(design, harmonizedInFolds(cohort, harmonizer), options);
  return { ...found, issues: [...design.issues, ...found.issues] };
}
