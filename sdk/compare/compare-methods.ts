import type { FeatureCohort, ImageCohort, VolumeCohort } from '../data/cohort';
import { suggestName } from '../data/nearest-names';
import { ConcordError } from '../errors';
import { listNames } from '../data/list-names';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import type { CompareMethodsOptions } from './compare-options';
import { compareOnTable } from './compare-tables';
import type { ComparedHarmonizers } from './compared-harmonizer';
import { namedHarmonizers, requireKinds } from './compared-harmonizer';
import { requireCall } from '../data/calls/require-call';

/**
 * Compares any number of methods with raw data and with each other, on the figures of `auditTable` or `auditImages`:
 * every state is judged on the same participants, splits, seeds and probes, and raw data are evaluated once. Beside
 * each figure it says which methods are better or worse than raw data, and which of them are tied; nothing is called
 * the best whose interval overlaps that of raw data.
 *
 * A method that fails on these data is left out, with an issue of code `method-failed` that names it and the cause. Whole
 * scans are cut into slices as `auditImages` does. A model that was fitted before counts as in-sample unless
 * `heldOut` names it.
 *
 * @param cohort - raw data
 * @param harmonizers - in a list, by the names that they have themselves, or by names of your own; raw data are always
 * compared
 * @throws ConcordError `invalid-option`, also for a harmonizer of another payload; `too-little-data`, `unknown-column`,
 * `unknown-site`, `invalid-voxels`, `aborted`.
 *
 * @example
 * ```ts
 * const comparison = await compareMethods(
 *   cohort,
 *   { ComBat: combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }), 'site scaling': siteScaling() },
 *   { folds: true },
 * );
 * console.log(formatComparison(comparison));
 * show(plotComparison(comparison));
 * ```
 */
export async function compareMethods(
  cohort: FeatureCohort | ImageCohort | VolumeCohort,
  harmonizers: ComparedHarmonizers,
  options: CompareMethodsOptions = {},
): Promise<MethodComparison> {
  requireCall('compareMethods', { cohort, harmonizers, options });
  const named = namedHarmonizers(harmonizers);
  requireKnown(
    options.heldOut ?? [],
    named.map(({ name }) => name),
  );
  if (options.raw !== undefined && (cohort.kind === 'features' || options.folds === true)) {
    const where = cohort.kind === 'features' ? 'tables' : 'comparisons in folds';
    throw new ConcordError(
      'invalid-option',
      `unsupported raw: ${where} judge raw data themselves (leave it out)`,
    );
  }
  if (cohort.kind === 'features') {
    requireKinds(named, cohort, ['features']);
    return compareOnTable(cohort, named, options);
  }
  requireKinds(named, cohort, cohort.kind === 'images' ? ['images'] : ['images', 'volumes']);
  // Networks judge scans: tables do not wait for them.
  const { compareOnScans } = await import('./compare-scans.js');
  return compareOnScans(cohort, named, options);
}

function requireKnown(heldOut: readonly string[], names: readonly string[]): void {
  const stray = heldOut.find((name) => !names.includes(name));
  if (stray === undefined) return;
  const hint = suggestName(stray, names, `there are ${listNames(names, names.length)}`);
  throw new ConcordError('invalid-option', `unknown method in heldOut: ${JSON.stringify(stray)} (${hint})`);
}
