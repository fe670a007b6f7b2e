import { bindFeatures } from '../../data/bind-features';
import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects, withFeatures } from '../../data/cohort';
import { modelDigest } from '../../data/digest';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { provenanceStep } from '../../data/provenance';
import type { ApplyCombatOptions } from '../apply-combat';
import { applyCombat } from '../apply-combat';
import { rowsWithCovariates } from '../design/covariate-design';
import { batchCovariates, ofVariable, seenBy } from './batch-variables';
import { mixtureName, withGroups } from './mixture-split';
import type { NestedCombatModel } from './nested-combat-model';

/**
 * Harmonizes a cohort by a fitted nested model, the one that it was fitted on or other subjects: ComBat by each batch variable, in
 * the model's order. Missing cells stay missing. Scans that have the reference level of every variable come back bit for bit.
 *
 * @throws ConcordError what {@link applyCombat} throws, naming the batch variable; `missing-value` for a scan without a level of
 * one.
 */
export async function applyNestedCombat(
  model: NestedCombatModel,
  cohort: FeatureCohort,
  options: ApplyCombatOptions = {},
): Promise<FeatureCohort> {
  requireCall('combat.applyNestedCombat', { model, cohort, options });
  const { unseen = 'error', missingCovariates = 'error', ...run } = options;
  const { split, steps, batches } = model;
  const bound = bindFeatures(cohort, steps[0].combat.features);
  const grouped = split === undefined ? bound.cohort : withGroups(bound.cohort, split);
  const groups = split === undefined ? [] : [mixtureName(split)];
  const variables = [...batches, ...groups.map((name) => ({ name, from: 'covariate' }) as const)];
  const needed = [...batchCovariates(batches), ...model.settings.preserve, ...groups];
  const kept = rowsWithCovariates(grouped.participants, needed, missingCovariates);
  const whole = kept.rows.length === cohort.participants.ids.length;
  let now = whole ? grouped : takeSubjects(grouped, kept.rows);
  const noticed: Issue[] = [];
  for (const { batch, combat } of steps) {
    const variable = variables.find(({ name }) => name === batch) ?? { name: batch, from: 'site' };
    const apart = model.settings.mixture === 'preserve' ? batches : variables;
    try {
      const after = await applyCombat(combat, seenBy(now, variable, apart), { unseen, ...run });
      now = { ...now, features: after.features };
      noticed.push(...after.issues.map((issue) => named(issue, variable)));
    } catch (error) {
      throw ofVariable(error, variable);
    }
  }
  const step = provenanceStep('applyNestedCombat', {
    unseen,
    missingCovariates,
    model: model.provenance,
    digest: modelDigest(model, whatDecides),
  });
  const used = whole ? bound.cohort : takeSubjects(bound.cohort, kept.rows);
  const issues = [...bound.issues, ...kept.issues, ...distinctIssues(noticed)];
  return withFeatures(used, now.features, step, issues);
}

/** What was noticed of a level, with the name of its variable. */
function named(issue: Issue, { name, from }: { readonly name: string; readonly from: string }): Issue {
  if (from === 'site' || issue.where.site === undefined) return issue;
  return { ...issue, message: `batch variable ${quoteName(name)}: ${issue.message}` };
}

/** All of a model but how it came about and what was noticed. */
function whatDecides({ steps, split, batches, settings }: NestedCombatModel): unknown {
  const bare = { version: '', reading: undefined, issues: [], provenance: [] };
  return {
    settings,
    batches,
    split,
    steps: steps.map(({ batch, combat }) => ({ batch, combat: { ...combat, ...bare } })),
  };
}
