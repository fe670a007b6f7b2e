import { sum } from 'simple-statistics';
import { requireCall } from '../../data/calls/require-call';
import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { siteNames } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { progressReporter, throwIfAborted } from '../../data/run-options';
import { version } from '../../version';
import { applyCombat } from '../apply-combat';
import type { CombatOptions } from '../combat-options';
import { keptCovariates } from '../combat-options';
import { rowsWithCovariates } from '../design/covariate-design';
import { fitCombat } from '../fit-combat';
import type { CodedVariable } from './batch-overlap';
import { overlapIssues } from './batch-overlap';
import type { BatchVariable } from './batch-variables';
import { batchCovariates, batchVariables, ofVariable, seenBy } from './batch-variables';
import { differingPairs } from './differing-pairs';
import type { MixtureSplit } from './mixture-split';
import { mixtureLevels, mixtureName, mixtureSplit, withGroups } from './mixture-split';
import type { NestedCombatModel } from './nested-combat-model';
import type { NestedCombatOptions, NestedPlan } from './nested-combat-options';
import { nestedPlan, requireBatchesApart } from './nested-combat-options';
import type { OrderSoFar, OrderWork } from './search-order';
import { fitsOf, oneVariableMore, searchOrder } from './search-order';

/**
 * Fits nested ComBat (Horng et al. 2022, Scientific Reports 12:4493 and 12:19009): where scans differ by several batch variables,
 * such as vendor, kernel and field strength, ComBat is fitted by one of them after the other, each on what those before left,
 * with the same covariates kept. The order matters, and is searched unless it is given.
 *
 * @example
 * ```ts
 * const model = await combat.fitNestedCombat(cohort, { batches: ['vendor', 'kernel', 'field'], preserve: ['age'] });
 * const harmonized = await combat.applyNestedCombat(model, cohort);
 * model.tried; // every order, with how many features still differed after it
 * ```
 *
 * @throws ConcordError what {@link fitCombat} throws, naming the batch variable; `confounded` where two batch variables group
 * the scans alike; `too-little-data` for one of a single level; `unknown-column`, `unknown-level`, `invalid-option`.
 */
export async function fitNestedCombat(
  cohort: FeatureCohort,
  options: NestedCombatOptions,
): Promise<NestedCombatModel> {
  requireCall('combat.fitNestedCombat', { cohort, options });
  const plan = nestedPlan(options);
  const preserve = keptCovariates(plan.combat).preserve.map(({ name }) => name);
  const listed = batchVariables(cohort, plan.batches);
  const { missingCovariates = 'error', signal } = options;
  const needed = [...batchCovariates(listed), ...preserve];
  const kept = rowsWithCovariates(cohort.participants, needed, missingCovariates);
  const used = kept.rows.length === cohort.participants.ids.length ? cohort : takeSubjects(cohort, kept.rows);
  // Rows that were left out may have been all of a level.
  const batches = batchVariables(used, plan.batches);
  requireBatchesApart(batches, { ...plan, preserve });
  const found = plan.mixture === 'none' ? { issues: [] } : await mixtureSplit(used, { signal });
  const { split } = found;
  const whole = split === undefined ? used : withGroups(used, split);
  const variables = split === undefined || plan.mixture !== 'batch' ? batches : [...batches, groupsOf(split)];
  const coded = variables.map((variable) => codedLevels(whole, variable, variables));
  const overlaps = overlapIssues(coded);
  const done = await harmonizeInOrder(whole, {
    variables,
    coded,
    plan: withGroupsKept(plan, split),
    run: options,
  });
  throwIfAborted(signal);
  const settings = { preserve, order: plan.order, mixture: plan.mixture, references: plan.references };
  const { reading } = cohort;
  const step = provenanceStep('fitNestedCombat', {
    ...optionsOfCombat(plan.combat),
    ...settings,
    batches: plan.batches,
    missingCovariates,
    steps: done.steps.map(({ batch }) => batch),
    tried: done.tried,
  });
  return {
    kind: 'nested-combat',
    schema: 1,
    version,
    settings,
    batches,
    ...(split === undefined ? {} : { split }),
    steps: done.steps,
    tried: done.tried,
    differing: done.differing,
    sites: siteNames(used.participants),
    ...(reading === undefined ? {} : { reading }),
    issues: [...kept.issues, ...overlaps, ...found.issues, ...stepIssues(done)],
    provenance: [...cohort.provenance, step],
  };
}

/** Groups that were found, as a batch variable. */
function groupsOf(split: MixtureSplit): BatchVariable {
  return { name: mixtureName(split), from: 'covariate', levels: mixtureLevels };
}

/** Groups that are to be kept are preserved by every step. */
function withGroupsKept(plan: NestedPlan, split: MixtureSplit | undefined): NestedPlan {
  if (split === undefined || plan.mixture !== 'preserve') return plan;
  const { preserve = [] } = plan.combat;
  return { ...plan, combat: { ...plan.combat, preserve: [...preserve, mixtureName(split)] } };
}

/** The options of ComBat as provenance has them: without what is of this run only. */
function optionsOfCombat(combat: CombatOptions): CombatOptions {
  return { ...combat, signal: undefined, onProgress: undefined };
}

function codedLevels(
  cohort: FeatureCohort,
  variable: BatchVariable,
  all: readonly BatchVariable[],
): CodedVariable {
  const { name, levels } = variable;
  const own = seenBy(cohort, variable, all).participants.sites;
  return { name, levels, codes: Int32Array.from(own, (level) => levels.indexOf(level)) };
}

/** ComBat by one variable after the other, in the order given, or the best of those tried. */
async function harmonizeInOrder(
  cohort: FeatureCohort,
  {
    variables,
    coded,
    plan,
    run,
  }: {
    readonly variables: readonly BatchVariable[];
    readonly coded: readonly CodedVariable[];
    readonly plan: NestedPlan;
    readonly run: RunOptions;
  },
): Promise<OrderSoFar & Pick<NestedCombatModel, 'tried' | 'differing'>> {
  const { signal } = run;
  const total = fitsOf(variables.length, plan.order);
  const report = progressReporter('fitting nested ComBat', total, run);
  let fits = 0;
  const work: OrderWork<BatchVariable> = {
    harmonize: async (before, variable) => {
      report(fits++);
      const reference = Object.hasOwn(plan.references, variable.name)
        ? plan.references[variable.name]
        : undefined;
      const seen = seenBy(before, variable, variables);
      try {
        const combat = await fitCombat(seen, {
          ...plan.combat,
          reference,
          missingCovariates: 'error',
          signal,
          onProgress: undefined,
        });
        const after = await applyCombat(combat, seen, { signal });
        return { combat, after: { ...before, features: after.features } };
      } catch (error) {
        throw ofVariable(error, variable);
      }
    },
    count: async (after) => sum(await differingPairs(after, coded, { signal })),
  };
  const start: OrderSoFar = { steps: [], after: cohort };
  const before = await differingPairs(cohort, coded, { signal });
  const found =
    plan.order === 'given'
      ? { ...(await inOrder(start, variables, work)), tried: [] }
      : await searchOrder(start, variables, work);
  const after = await differingPairs(found.after, coded, { signal });
  report(total);
  const differing = coded.map(({ name }, v) => ({ batch: name, before: before[v], after: after[v] }));
  return { ...found, differing };
}

async function inOrder(
  start: OrderSoFar,
  variables: readonly BatchVariable[],
  work: OrderWork<BatchVariable>,
): Promise<OrderSoFar> {
  let found = start;
  for (const variable of variables) found = await oneVariableMore(found, variable, work);
  return found;
}

/** What was noticed in the steps: of a level with the name of its variable; of the table once. */
function stepIssues({ steps }: OrderSoFar): readonly Issue[] {
  return distinctIssues(
    steps.flatMap(({ batch, combat }, at) =>
      combat.issues.flatMap((issue) => {
        if (!isOfLevels(issue)) return at === 0 ? [issue] : [];
        return [{ ...issue, message: `batch variable ${quoteName(batch)}: ${issue.message}` }];
      }),
    ),
  );
}

/** To ComBat by a batch variable its levels are sites. */
function isOfLevels({ where, code }: Issue): boolean {
  return where.site !== undefined || code === 'not-preserved' || code === 'nearly-confounded';
}
