import { makeIssue } from '../data/issue';
import type { Issue } from '../data/issue';
import { listNames } from '../data/list-names';
import { unknownTarget } from '../data/people/unknown-site';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { progressReporter } from '../data/run-options';
import { makeFeatureCohort } from '../data/cohort';
import { version } from '../version';
import type { CombatModel } from '../combat/combat-model';
import { absentAtSites, featureIssues, repeatedPersonsIn, smallSiteIssues } from '../combat/fit-issues';
import { fittedParts, shrinkSites } from '../combat/frame/fitted-sites';
import type { Standardized } from '../combat/frame/standardize-block';
import { standardize } from '../combat/frame/standardize';
import { meanOnlyIssues } from '../combat/mean-only';
import type { BlockEstimates, FeatureBlock, MeanModel } from '../combat/means/mean-model';
import { pooledScale } from '../combat/scales/pooled-scale';
import type { HospitalCounts } from './counts';
import type { FederatedPlan } from './plan';
import type { FederatedFit } from './pool-sums';
import { pooledSiteDesign } from './pool-sums';
import type { HospitalSquares } from './squares';
import type { FederatedStudy } from './study';
import type { HospitalSums } from './sums';

/** All that one hospital sent. */
export interface HospitalParts {
  readonly name: string;
  readonly counts: HospitalCounts;
  readonly sums: HospitalSums;
  readonly squares: HospitalSquares;
}

/** What all of them agreed on. */
export interface Agreed {
  readonly study: FederatedStudy;
  readonly plan: FederatedPlan;
  readonly fit: FederatedFit;
}

/**
 * Makes the model: the last step of `fitCombat`, on sums in place of the table. No hospital estimates its site itself, as d-ComBat
 * has it do, which is right for sites that are in one hospital only. Residuals sum to zero within each site, so that γ̂ follows
 * from its intercept, and Σ(Z − γ̂)² is the sum of squared residuals over σ̂²; empirical Bayes needs no more.
 *
 * @throws ConcordError `unknown-site` where the reference site was at a hospital that was left out.
 */
export async function poolModel(
  { study, plan, fit }: Agreed,
  hospitals: readonly HospitalParts[],
  run: RunOptions,
): Promise<CombatModel> {
  const { settings } = study;
  const { features } = plan;
  const reference = settings.reference === null ? -1 : fit.sites.indexOf(settings.reference);
  if (settings.reference !== null && reference === -1)
    throw unknownTarget(settings.reference, fit.sites, { what: 'reference site' });
  const mean = pooledMean(fit, hospitals, features.length);
  const report = progressReporter('federated ComBat', features.length * (1 + fit.sites.length), run);
  const noRows = { values: new Float64Array(0), subjects: [], features };
  const model = { mean, scale: pooledScale(settings) };
  const standardized = await standardize(noRows, model, { settings, reference, run, report });
  const sized = { names: fit.sites, sizes: mean.design.siteSizes };
  const effects = await shrinkSites(standardized, sized, { settings, reference, run, report });
  const leftOut = study.hospitals.filter((name) => !fit.hospitals.includes(name));
  return {
    kind: 'combat',
    schema: 3,
    version,
    settings,
    features,
    covariates: fit.covariates,
    terms: fit.terms,
    smooths: fit.smooths,
    columns: fit.columns,
    columnMeans: fit.columnMeans,
    scaleTerms: [],
    scaleColumns: [],
    scaleMeans: none,
    ...fittedParts(standardized, effects, settings),
    issues: [
      ...fit.issues,
      ...leftOut.map((name) => makeIssue('hospital-left-out', `hospital "${name}" has no part in the model`)),
      ...tableIssues(standardized, { study, plan, fit }, hospitals),
      ...smallSiteIssues(effects, settings),
      ...meanOnlyIssues(effects, settings),
      ...effects.flatMap((effect) => effect.issues),
    ],
    provenance: [
      provenanceStep('federated.combineAnswers', {
        ...settings,
        hospitals: fit.hospitals,
        leftOut,
        minimum: study.minimum,
        smooth: study.smooths.map((smooth) => ({ ...smooth })),
        penalties: study.penalties,
      }),
    ],
  };
}

/** The issues that `fitCombat` finds in a table, as far as sums show them. */
function tableIssues(
  standardized: Standardized,
  { study, plan, fit }: Agreed,
  hospitals: readonly HospitalParts[],
): readonly Issue[] {
  const { settings } = study;
  const { features, leftOut } = plan;
  const noRows = { ids: [], persons: [], sites: [], covariates: [] };
  const nobody = makeFeatureCohort(noRows, { values: new Float64Array(0), subjects: [], features });
  const all = hospitals.flatMap(({ counts }) => counts.sites);
  const scans = all.reduce((sum, site) => sum + site.scans, 0);
  const persons = all.reduce((sum, site) => sum + site.persons, 0);
  const gone = hospitals
    .flatMap(({ sums }) => sums.sets)
    .reduce((sum, set) => sum + set.features.length * total(set.scans), 0);
  const missing = scans * features.length - gone;
  return [
    ...repeatedPersonsIn(scans, persons),
    ...(leftOut.length === 0
      ? []
      : [
          makeIssue(
            'unmatched-feature',
            `${listNames(leftOut)} are not in the tables of all hospitals and not in the model`,
          ),
        ]),
    ...(missing === 0
      ? []
      : [makeIssue('missing-cells', `${missing} of ${scans * features.length} feature cells are missing`)]),
    ...featureIssues(nobody, standardized, {
      sites: fit.sites,
      settings,
      columnMeans: pooledSiteDesign(plan, fit, hospitals),
    }),
    ...(missing === 0 ? [] : absentAtSites(features, standardized, fit.sites)),
  ];
}

/** A mean model that was fitted before, on rows that are elsewhere. */
function pooledMean(fit: FederatedFit, hospitals: readonly HospitalParts[], width: number): MeanModel {
  const siteCount = fit.sites.length;
  const columns = fit.columns.length;
  const smooths = fit.smooths.length;
  const siteSizes = new Float64Array(siteCount);
  const counts = new Float64Array(siteCount * width);
  const squares = new Float64Array(siteCount * width);
  for (const { sums, squares: own } of hospitals) {
    const sites = sums.sites.map((name) => fit.sites.indexOf(name));
    sites.forEach((site, at) => {
      siteSizes[site] += sums.sets[0].scans[at];
      for (const set of sums.sets) for (const w of set.features) counts[site * width + w] += set.scans[at];
    });
    own.sites.forEach((name, at) => {
      const site = fit.sites.indexOf(name);
      for (let w = 0; w < width; w++) squares[site * width + w] += own.squares[at * width + w] || 0;
    });
  }
  const estimates = (block: FeatureBlock): BlockEstimates => {
    const part = (whole: Float64Array, rows: number): Float64Array =>
      Float64Array.from({ length: rows * block.width }, (_, at) => {
        const row = Math.floor(at / block.width);
        return whole[row * width + block.first + (at % block.width)];
      });
    const intercepts = part(fit.intercepts, siteCount);
    const failed = new Uint8Array(block.width);
    for (let w = 0; w < block.width; w++) {
      let fitted = false;
      for (let site = 0; site < siteCount; site++)
        fitted ||= !Number.isNaN(intercepts[site * block.width + w]);
      failed[w] = fitted ? 0 : 1;
    }
    return {
      intercepts,
      coefficients: part(fit.coefficients, columns),
      squares: part(squares, siteCount),
      counts: part(counts, siteCount),
      penalties: part(fit.penalties, smooths),
      freedom: part(fit.freedom, smooths),
      failed,
    };
  };
  const design = { siteCount, siteSizes, columns, codes: new Int32Array(0), values: none };
  return {
    design,
    smooths,
    fit: estimates,
    explained: (feature) => explainedHere(hospitals, feature),
    weighted: () => () => undefined,
  };
}

/** How much of a feature columns explain at the hospitals, as the root of a mean square: by the sums that these sent. */
function explainedHere(hospitals: readonly HospitalParts[], feature: number): number {
  let [squares, scans] = [0, 0];
  for (const { sums } of hospitals) {
    for (const { features, products, rank, scans: own } of sums.sets) {
      const at = features.indexOf(feature);
      if (at === -1) continue;
      for (let r = 0; r < rank; r++) squares += products[r * features.length + at] ** 2;
      scans += total(own);
    }
  }
  return scans === 0 ? 0 : Math.sqrt(squares / scans);
}

const none = new Float64Array(0);

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
