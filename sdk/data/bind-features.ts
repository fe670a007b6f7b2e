import { ConcordError } from '../errors';
import type { FeatureCohort } from './cohort';
import { takeFeatures } from './feature-matrix';
import type { Issue } from './issue';
import { makeIssue } from './issue';
import { listNames, quoteName } from './list-names';
import { clearlyMeant } from './nearest-names';

/**
 * The cohort with exactly the features of a model, found by name, in the model's order. Those that the model does not know
 * are left out, with an issue each.
 *
 * @throws ConcordError `unknown-column` naming the features of the model that the cohort lacks, and what one of them may be
 * called there.
 */
export function bindFeatures(
  cohort: FeatureCohort,
  wanted: readonly string[],
): { readonly cohort: FeatureCohort; readonly issues: readonly Issue[] } {
  const own = cohort.features.features;
  if (own.length === wanted.length && own.every((name, i) => name === wanted[i])) {
    return { cohort, issues: [] };
  }
  const there = new Set(own);
  const lacking = wanted.filter((name) => !there.has(name));
  const used = new Set(wanted);
  const others = own.filter((name) => !used.has(name));
  if (lacking.length > 0) {
    const near = lacking
      .map((name) => [name, clearlyMeant(name, others)] as const)
      .find(([, meant]) => meant);
    const hint = near?.[1] === undefined ? '' : ` (is its ${quoteName(near[1])} the ${quoteName(near[0])}?)`;
    throw new ConcordError(
      'unknown-column',
      `missing features: the model was fitted on ${listNames(lacking, 5)}, which the cohort does not have${hint}`,
      { where: { feature: lacking[0] } },
    );
  }
  const issues = others.map((name) =>
    makeIssue('unused-column', `feature ${name} is not in the model and is left out`, { feature: name }),
  );
  return { cohort: { ...cohort, features: takeFeatures(cohort.features, wanted) }, issues };
}
