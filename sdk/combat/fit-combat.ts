import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { provenanceStep } from '../data/provenance';
import { progressReporter, throwIfAborted } from '../data/run-options';
import { notPreservedIssues } from '../math/statistics/site-imbalance';
import { version } from '../version';
import type { Issue } from '../data/issue';
import type { CombatModel, CombatSettings } from './combat-model';
import type { CombatOptions } from './combat-options';
import { combatSettings, keptCovariates } from './combat-options';
import { requireCombinable } from './combinable-options';
import type { SiteAssignment } from './design/confounding';
import type { CovariateDesign } from './design/covariate-design';
import {
  fitDesign,
  fitScaleDesign,
  mainEffects,
  requireUnambiguous,
  rowsWithCovariates,
} from './design/covariate-design';
import { columnsOfSmooths, straightColumns } from './design/smooth-basis';
import { featureIssues, repeatedPersonIssues, smallSiteIssues } from './fit-issues';
import { assignSites, requireReferenceSpread, requireSubjects } from './fit-requirements';
import { fittedParts, shrinkSites } from './frame/fitted-sites';
import { meanOnlyIssues } from './mean-only';
import { fitMeanModel } from './means/fit-mean-model';
import type { MeanModel } from './means/mean-model';
import { siteDesign } from './means/site-residuals';
import { curvePenalties } from './means/curve-penalties';
import { kfoldPenalties } from './means/kfold-penalties';
import type { SmoothingChoice } from './means/penalty-problem';
import { eachOf, smoothingChoice } from './means/smoothing-choice';
import { fitScaleModel } from './scales/fit-scale-model';
import { standardize } from './frame/standardize';
import { requireCall } from '../data/calls/require-call';

/**
 * Fits ComBat (Johnson, Li & Rabinovic 2007, Biostatistics 8:118; Fortin et al. 2018, NeuroImage 167:104): each
 * feature is modeled by a site effect on location and scale and by the effects of the covariates to preserve; site
 * effects are shrunk across features by empirical Bayes. Float64 throughout; the cohort is read in place, block by
 * block, and left as it is.
 *
 * Cells may be missing: each feature is fitted on the cells it has.
 *
 * Members of the family differ in what is expected of a scan and in how its spread is measured, so they are options:
 * `smooth: ['age']` is ComBat-GAM, `scaleCovariates: ['age']` is ComBatLS, `robust: true` goes by medians. CovBat, which has a second step, is `combat.fitCovbat`.
 *
 * @example
 * ```ts
 * const model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
 * const harmonized = await applyCombat(model, cohort);
 * const curved = await fitCombat(cohort, { preserve: ['sex'], smooth: ['age'] });
 * ```
 *
 * @throws ConcordError `too-little-data` with fewer than two sites or no residual degrees of freedom;
 * `confounded` when a covariate cannot be separated from the sites; `missing-value` when a subject lacks a covariate;
 * `unknown-site` for a reference that is not there; `invalid-number` for a value that has no logarithm with
 * `transform: 'log'`, or whose square overflows; `unknown-column`, `unknown-level`, `invalid-option`, `aborted`.
 */
export async function fitCombat(cohort: FeatureCohort, options: CombatOptions = {}): Promise<CombatModel> {
  requireCall('fitCombat', { cohort, options });
  return fitPrepared(await prepareCombat(cohort, options), options);
}

/** What is known of a fit before values are looked at. */
export interface PreparedCombat {
  readonly cohort: FeatureCohort;
  /** The same without scans that lack a covariate. */
  readonly used: FeatureCohort;
  readonly settings: CombatSettings;
  readonly sites: SiteAssignment;
  /** The index of the reference site, or −1. */
  readonly reference: number;
  readonly design: CovariateDesign;
  /** The columns on which the scale depends. */
  readonly scaleDesign: CovariateDesign;
  readonly mean: MeanModel;
  /** How the penalties of smooths are chosen in it. */
  readonly choice: SmoothingChoice;
  readonly issues: readonly Issue[];
}

/**
 * Checks options and participants, and prepares the mean model.
 *
 * @throws ConcordError what {@link fitCombat} throws of these.
 */
export async function prepareCombat(cohort: FeatureCohort, options: CombatOptions): Promise<PreparedCombat> {
  const settings = combatSettings(options);
  requireCombinable(options);
  const keptNames = keptCovariates(options);
  requireUnambiguous(cohort.participants, keptNames.formulas);
  const kept = rowsWithCovariates(
    cohort.participants,
    settings.preserve,
    options.missingCovariates ?? 'error',
  );
  const used = kept.rows.length === cohort.participants.ids.length ? cohort : takeSubjects(cohort, kept.rows);
  const lost = kept.issues.filter(({ code }) => code === 'lost-site').map(({ message }) => message);
  const sites = assignSites(used, settings, lost);
  const reference = settings.reference === null ? -1 : sites.names.indexOf(settings.reference);
  const design = fitDesign(used.participants, keptNames, settings.basis);
  const scaleDesign = fitScaleDesign(used.participants, design, keptNames.scale);
  const bending = columnsOfSmooths(design.smooths) - straightColumns * design.smooths.length;
  const parameters = design.columns.length - bending + scaleDesign.columns.length;
  requireSubjects(used, sites.names.length + parameters, lost);
  requireReferenceSpread(sites, reference);
  const choice = await chosenPenalties(used, { design, sites }, { settings, options });
  const { mean, issues: noticed } = fitMeanModel(design, sites, { participants: used.participants, choice });
  const issues = [
    ...kept.issues,
    ...notPreservedIssues(used.participants, mainEffects(design)),
    ...repeatedPersonIssues(used.participants),
    ...design.issues,
    ...noticed,
  ];
  return { cohort, used, settings, sites, reference, design, scaleDesign, mean, choice, issues };
}

/**
 * Fits what is prepared.
 *
 * @param inflation - for each feature, σ̂² as a multiple of the mean squared residual; `NaN` where it cannot be fitted
 */
export async function fitPrepared(
  { cohort, used, settings, sites, reference, design, scaleDesign, mean, issues: noticed }: PreparedCombat,
  options: CombatOptions,
  inflation?: Float64Array,
): Promise<CombatModel> {
  const scaled = fitScaleModel({ mean, design: scaleDesign }, sites, { settings, reference });
  const siteCount = sites.names.length;
  const features = used.features.features.length;
  const work = features * (settings.eb === 'nonparametric' ? 1 + siteCount : 1);
  const report = progressReporter('fitting ComBat', work, options);
  const standardized = await standardize(
    used.features,
    { mean, scale: scaled.scale },
    {
      settings,
      reference,
      inflation,
      run: options,
      report,
    },
  );
  const sized = { names: sites.names, sizes: mean.design.siteSizes };
  const effects = await shrinkSites(standardized, sized, { settings, reference, run: options, report });
  report(work);
  throwIfAborted(options.signal);
  const issues = [
    ...noticed,
    ...scaled.issues,
    ...featureIssues(used, standardized, {
      sites: sites.names,
      settings,
      columnMeans: siteDesign(mean.design),
    }),
    ...smallSiteIssues(effects, settings),
    ...meanOnlyIssues(effects, settings),
    ...effects.flatMap((effect) => effect.issues),
  ];
  const step = provenanceStep('fitCombat', {
    ...settings,
    preserve: options.preserve ?? [],
    smooth: options.smooth ?? [],
    scaleCovariates: options.scaleCovariates ?? [],
    ...(options.smoothing === 'kfold' ? { smoothingSeed: options.smoothingSeed ?? 1 } : {}),
    ...(options.penalties === undefined ? {} : { penalties: options.penalties }),
    missingCovariates: options.missingCovariates ?? 'error',
  });
  return {
    kind: 'combat',
    schema: 3,
    version,
    settings,
    features: used.features.features,
    covariates: design.covariates,
    terms: design.terms,
    smooths: design.smooths,
    columns: design.columns,
    columnMeans: design.columnMeans,
    ...fittedParts(standardized, effects, settings),
    scaleTerms: scaleDesign.terms,
    scaleColumns: scaleDesign.columns,
    scaleMeans: scaleDesign.columnMeans,
    ...(cohort.reading === undefined ? {} : { reading: cohort.reading }),
    issues,
    provenance: [...cohort.provenance, step],
  };
}

/** How λ is chosen: feature by feature when it is fitted, or before. */
async function chosenPenalties(
  { features }: FeatureCohort,
  design: { readonly design: CovariateDesign; readonly sites: SiteAssignment },
  { settings, options }: { readonly settings: CombatSettings; readonly options: CombatOptions },
): Promise<SmoothingChoice> {
  const { smoothing, smoothingSeed: seed = 1 } = options;
  const { smooths } = design.design;
  const given = curvePenalties(options);
  if (given !== undefined) return eachOf(given, smooths);
  if (smoothing !== 'kfold')
    return smoothingChoice({ smoothing, among: options.penalties }, features.features, smooths.length);
  const { transform } = settings;
  const chosen = await kfoldPenalties(features, design, { seed, transform, run: options });
  return (feature) => chosen[feature];
}
