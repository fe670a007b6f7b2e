import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import type { BatchTests, SiteTests, TableAudit } from '../audit';
import { averageRows, personRows } from '../persons/person-rows';
import { fitFeatureModels } from './feature-models';
import { makeSiteDesign } from './site-design';
import { summarizeSiteTests } from './site-tests';

/** What {@link testBatches} takes besides the two states of the data. */
export interface BatchTestOptions extends Pick<RunOptions, 'signal'> {
  /** All batch variables that a harmonizer takes out. */
  readonly batches: readonly string[];
  readonly covariates: readonly string[];
  readonly alpha: number;
}

/**
 * Tests the features for differences between the levels of every batch variable but the site, which has tests of its own:
 * whoever takes out several and looks at one of them does not see what is left of the others. Scans whose level is unknown are
 * left out.
 *
 * @param after - the subjects and features of `before`, in the same order
 */
export async function testBatches(
  before: FeatureCohort,
  after: FeatureCohort,
  { batches, covariates, alpha, signal }: BatchTestOptions,
): Promise<readonly BatchTests[]> {
  const found: BatchTests[] = [];
  for (const batch of otherBatches(before, batches)) {
    const states = [before, after].map((cohort) => byLevels(cohort, batch));
    const { groups, persons } = personRows(states[0].participants);
    const rows = states.map((cohort) => averageRows(cohort, groups));
    const beside = covariates.filter((name) => !batches.includes(name));
    const design = makeSiteDesign(rows[0], beside, persons);
    const tests: SiteTests[] = [];
    for (const [at, protocol] of (['raw', 'in-sample'] as const).entries()) {
      const label = `feature tests of ${batch.name}, ${protocol}`;
      const models = await fitFeatureModels(rows[at].features, design, { signal, label });
      tests.push(summarizeSiteTests(models, rows[at].features.features, { protocol, alpha }));
    }
    found.push({ batch: batch.name, levels: design.siteNames, tests });
  }
  return found;
}

/** An audit with {@link testBatches}, where there are batch variables besides the site. */
export async function withBatchTests(
  audit: TableAudit,
  [before, after]: readonly [FeatureCohort, FeatureCohort],
  options: BatchTestOptions,
): Promise<TableAudit> {
  const batchTests = await testBatches(before, after, options);
  return batchTests.length === 0 ? audit : { ...audit, batchTests };
}

/** The batch variables with levels that part the scans otherwise than the sites do. */
function otherBatches(
  { participants }: FeatureCohort,
  batches: readonly string[],
): readonly (Covariate & { readonly kind: 'categorical' })[] {
  return participants.covariates.flatMap((covariate) => {
    if (covariate.kind !== 'categorical' || !batches.includes(covariate.name)) return [];
    const pairs = new Set(
      participants.sites.map((site, row) => JSON.stringify([site, covariate.codes[row]])),
    );
    const met = new Set(covariate.codes).size;
    const asSites = pairs.size === met && met === siteNames(participants).length;
    return asSites || new Set(covariate.codes.filter((code) => code >= 0)).size < 2 ? [] : [covariate];
  });
}

/** The cohort with the levels of a batch variable in place of its sites. */
function byLevels(cohort: FeatureCohort, batch: Covariate & { readonly kind: 'categorical' }): FeatureCohort {
  const { participants } = cohort;
  const sites = Array.from(batch.codes, (code) => batch.levels[code] ?? '');
  const known = sites.flatMap((_, row) => (isMissing(batch, row) ? [] : [row]));
  return takeSubjects({ ...cohort, participants: { ...participants, sites } }, known);
}
