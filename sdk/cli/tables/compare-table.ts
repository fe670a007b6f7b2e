import type { Command } from 'commander';
import { covariatesOf, withCovariates } from '../../combat/design/formula';
import { compareMethods } from '../../compare/compare-methods';
import { distinctIssues } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { MethodComparison } from '../../evaluate/comparison/method-comparison';
import { auditedCovariates } from '../../io/columns/notice-covariates';
import type { CompareMethodsFlags } from '../methods/compare-methods-flags';
import { chosenMethods, loadedModels, tableHarmonizer } from '../methods/compare-methods-flags';
import { afterReading } from '../noticed-before';
import type { ReadingFlags } from './load-for-harmonize';
import { batchColumns, loadForHarmonize } from './load-for-harmonize';

/** What the options of `concord compare` hold that both tables and scans have. */
export interface CompareFlags extends CompareMethodsFlags {
  readonly folds: boolean;
  readonly splits?: number;
  readonly seeds?: number;
  readonly maxSubjects?: number;
  readonly heldOut: readonly string[];
}

/** Methods that were compared, and how the data were made. */
export interface Compared {
  readonly comparison: MethodComparison;
  readonly steps: Provenance;
}

/** One call of `concord compare`. */
export interface CompareCall<Flags> {
  readonly flags: Flags;
  readonly command: Command;
  readonly run: RunOptions;
}

/** Compares methods on a table, or a folder of FreeSurfer subjects. */
export async function compareTable(
  path: string,
  { flags, command, run }: CompareCall<CompareFlags & ReadingFlags>,
): Promise<Compared> {
  const methods = chosenMethods(flags, command, 'features');
  const models = await loadedModels(methods, flags);
  const harmonizers: Record<string, ReturnType<typeof tableHarmonizer>> = {};
  for (const method of methods) {
    harmonizers[method.name] = tableHarmonizer(method, { flags, command, model: models.get(method.name) });
  }
  // Some covariates are kept because another option names them: those that have a curve.
  const kept = Object.values(harmonizers).flatMap(({ preserves = [] }) => preserves);
  const preserve = withCovariates(flags.preserve, kept, 'preserve');
  const removed = [...new Set(Object.values(harmonizers).flatMap(({ removes = [] }) => removes))];
  const named = command.getOptionValueSource('site') === 'cli';
  const columns = batchColumns(removed, { site: flags.site, named });
  const cohort = await loadForHarmonize(path, { ...flags, ...columns, preserve }, run);
  const covariates = auditedCovariates(
    cohort.participants,
    covariatesOf(preserve, 'preserve'),
    columns.batches,
  );
  const comparison = await afterReading(cohort, () =>
    compareMethods(cohort, harmonizers, { ...comparedBy(flags), covariates, ...run }),
  );
  return { comparison: withIssues(comparison, cohort), steps: cohort.provenance };
}

/** The options of a comparison that both kinds of data have. */
export function comparedBy(flags: CompareFlags): {
  readonly [
    Name in 'target' | 'seed' | 'seeds' | 'folds' | 'splits' | 'maxSubjects' | 'heldOut'
  ]: CompareFlags[Name];
} {
  const { target, seed, seeds, folds, splits, maxSubjects, heldOut } = flags;
  return { target, seed, seeds, folds, splits, maxSubjects, heldOut };
}

/** The comparison with what was noticed while the data were read. */
export function withIssues(
  comparison: MethodComparison,
  { issues }: Pick<MethodComparison, 'issues'>,
): MethodComparison {
  return { ...comparison, issues: distinctIssues([...issues, ...comparison.issues]) };
}
