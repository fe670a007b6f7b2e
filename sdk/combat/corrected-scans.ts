import { bindFeatures } from '../data/bind-features';
import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { siteCodes, siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import type { CombatModel } from './combat-model';
import { applyDesign, rowsWithCovariates, scaleCoding } from './design/covariate-design';
import type { SiteCorrection } from './frame/site-correction';
import { modelCorrections } from './frame/site-correction';
import { unseenSites } from './unseen-site';
import type { UnseenSitePolicy } from './new-site-policy';

/** The scans that a model corrects, and what it knows of them before it looks at each value. */
export interface ScansToCorrect {
  /** Those that have its covariates, with its features. */
  readonly used: FeatureCohort;
  /** Subjects × columns, coded as the model was fitted. */
  readonly design: Float64Array;
  /** Subjects × scale columns. */
  readonly scale: Float64Array;
  /** By the name of a site, those of the model first, in its order; `undefined` for one that is left alone. */
  readonly corrections: ReadonlyMap<string, SiteCorrection | undefined>;
  /** The position of each scan's site in `corrections`. */
  readonly codes: Int32Array;
  readonly issues: readonly Issue[];
}

/**
 * Finds the scans of a cohort that a model corrects, and how.
 *
 * @throws ConcordError `unknown-site`, `unknown-column`, `unknown-level`, `missing-value`, `aborted`.
 */
export async function correctedScans(
  model: CombatModel,
  cohort: FeatureCohort,
  options: {
    readonly unseen: UnseenSitePolicy;
    readonly missingCovariates: 'error' | 'drop';
    readonly run: RunOptions;
  },
): Promise<ScansToCorrect> {
  const bound = bindFeatures(cohort, model.features);
  const names = model.covariates.map((covariate) => covariate.name);
  const kept = rowsWithCovariates(cohort.participants, names, options.missingCovariates);
  const used =
    kept.rows.length === cohort.participants.ids.length
      ? bound.cohort
      : takeSubjects(bound.cohort, kept.rows);
  const { values: design, issues: ofDesign } = applyDesign(used.participants, model);
  const { scaleColumns } = model;
  const scale =
    scaleColumns.length === 0
      ? new Float64Array(0)
      : applyDesign(used.participants, scaleCoding(model)).values;
  const known = modelCorrections(model);
  const strangers = siteNames(used.participants).filter((site) => !known.has(site));
  const { unseen: policy, run } = options;
  const added = await unseenSites(model, used, { design, scale, strangers, policy, run });
  const corrections = new Map([...known, ...added.corrections]);
  return {
    used,
    design,
    scale,
    corrections,
    codes: siteCodes(used.participants, [...corrections.keys()]),
    issues: [...bound.issues, ...kept.issues, ...ofDesign, ...added.issues],
  };
}
