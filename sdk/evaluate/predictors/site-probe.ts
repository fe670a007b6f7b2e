import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { Protocol, SiteProbe } from '../audit';
import type { EvaluateOptions } from '../evaluate-options';
import { resolveEvaluateOptions } from '../evaluate-options';
import { designSplits, evaluateSplits } from '../splits/evaluate-splits';
import { givenFeatures } from '../splits/fold-source';
import { requireCall } from '../../data/calls/require-call';

/** {@link EvaluateOptions} of a site probe alone. */
export interface SiteProbeOptions extends EvaluateOptions {
  /** What the cohort is, for the record. @defaultValue `raw` */
  readonly protocol?: Extract<Protocol, 'raw' | 'in-sample'>;
}

/** The probes and what was noticed. */
export interface SiteProbeResult {
  readonly probes: readonly SiteProbe[];
  readonly issues: readonly Issue[];
}

/**
 * Measures how well a linear and a radial-basis support vector machine, retrained in every fold on this very data,
 * separate the sites. Features are standardized on the training subjects, missing cells filled with the training
 * median, sites weighted alike; C = 1 and gamma = 1 / the number of features that vary.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`, `aborted`.
 */
export async function siteProbe(
  cohort: FeatureCohort,
  options: SiteProbeOptions = {},
): Promise<SiteProbeResult> {
  requireCall('metrics.siteProbe', { cohort, options });
  const { protocol = 'raw' } = options;
  const design = designSplits(cohort, resolveEvaluateOptions(cohort, options));
  const probesOnly = { ...design, targets: [] };
  const { probes } = await evaluateSplits(probesOnly, givenFeatures(cohort, protocol), options);
  return { probes, issues: design.plan.issues };
}
