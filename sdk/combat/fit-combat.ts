import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { listNames } from '../data/list-names';
import { siteCodes, siteNames } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import { progressReporter, throwIfAborted } from '../data/run-options';
import { unknownTarget } from '../data/people/unknown-site';
import { ConcordError } from '../errors';
import { notPreservedIssues } from '../math/statistics/site-imbalance';
import { version } from '../version';
import type { CombatModel, CombatSettings } from './combat-model';
import type { CombatOptions } from './combat-options';
import { combatSettings } from './combat-options';
import type { SiteAssignment } from './confounding';
import { separateFromSites } from './confounding';
import { fitDesign, rowsWithCovariates } from './covariate-design';
import { fitPrior } from './empirical-bayes';
import { featureIssues, repeatedPersonIssues, smallSiteIssues } from './fit-issues';
import { meanOnlyIssues } from './mean-only';
import type { SiteEffects } from './shrink-sites';
import { shrinkSite } from './shrink-sites';
import { prepareRegression } from './site-estimates';
import type { Standardized } from './standardize';
import { standardize } from './standardize';
import { advise } from '../remedy';
import { requireCall } from '../data/calls/require-call';

/**
 * Fits ComBat (Johnson, Li & Rabinovic 2007, Biostatistics 8:118; Fortin et al. 2018, NeuroImage 167:104): each
 * feature is modeled by a site effect on location and scale and by the effects of the covariates to preserve; site
 * effects are shrunk across features by empirical Bayes. Float64 throughout; the cohort is read in place, block by
 * block, and left as it is.
 *
 * Cells may be missing: each feature is fitted on the cells it has.
 *
 * @example
 * ```ts
 * const model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
 * const harmonized = await applyCombat(model, cohort);
 * ```
 *
 * @throws ConcordError `too-little-data` with fewer than two sites or no residual degrees of freedom;
 * `confounded` when a covariate cannot be separated from the sites; `missing-value` when a subject lacks a covariate;
 * `unknown-site` for a reference that is not there; `invalid-number` for a value that has no logarithm with
 * `transform: 'log'`, or whose square overflows; `unknown-column`, `unknown-level`, `invalid-option`, `aborted`.
 */
export async function fitCombat(cohort: FeatureCohort, options: CombatOptions = {}): Promise<CombatModel> {
  requireCall('fitCombat', { cohort, options });
  const settings = combatSettings(options);
  const kept = rowsWithCovariates(
    cohort.participants,
    settings.preserve,
    options.missingCovariates ?? 'error',
  );
  const used = kept.rows.length === cohort.participants.ids.length ? cohort : takeSubjects(cohort, kept.rows);
  const lost = kept.issues.filter(({ code }) => code === 'lost-site').map(({ message }) => message);
  const sites = assignSites(used, settings, lost);
  const reference = settings.reference === null ? -1 : sites.names.indexOf(settings.reference);
  const design = fitDesign(used.participants, options.preserve ?? []);
  const siteCount = sites.names.length;
  const columns = design.columns.length;
  requireSubjects(used, siteCount + columns, lost);
  requireReference(sites, reference);
  const separated = separateFromSites(design, sites);
  const regression = prepareRegression(
    { codes: sites.codes, siteCount },
    { values: design.values, columns },
    separated,
  );
  const features = used.features.features.length;
  const work = features * (settings.eb === 'nonparametric' ? 1 + siteCount : 1);
  const report = progressReporter('fitting ComBat', work, options);
  const standardized = await standardize(used.features, regression, {
    settings,
    reference,
    run: options,
    report,
  });
  const effects: SiteEffects[] = [];
  for (const [index, name] of sites.names.entries()) {
    const input = siteInput(standardized, { name, index, subjects: regression.siteSizes[index] });
    if (index === reference) effects.push(referenceEffects(input));
    else {
      const own = { run: options, report: (done: number) => report(features * (1 + index) + done) };
      effects.push(await shrinkSite(input, settings, own));
    }
  }
  report(work);
  throwIfAborted(options.signal);
  const issues = [
    ...kept.issues,
    ...notPreservedIssues(used.participants, settings.preserve),
    ...repeatedPersonIssues(used.participants),
    ...design.issues,
    ...separated.issues,
    ...featureIssues(used, standardized, { sites: sites.names, settings }),
    ...smallSiteIssues(effects, settings),
    ...meanOnlyIssues(effects, settings),
    ...effects.flatMap((effect) => effect.issues),
  ];
  const step = provenanceStep('fitCombat', {
    ...settings,
    preserve: options.preserve ?? [],
    missingCovariates: options.missingCovariates ?? 'error',
  });
  return {
    kind: 'combat',
    schema: 1,
    version,
    settings,
    features: used.features.features,
    status: standardized.status,
    sites: effects.map((effect) => effect.site),
    covariates: design.covariates,
    columns: design.columns,
    columnMeans: design.columnMeans,
    grandMean: standardized.grandMean,
    pooledSd: standardized.pooledSd,
    coefficients: standardized.coefficients,
    gammaHat: gather(effects, features, (effect) => effect.gammaHat),
    deltaHat: gather(effects, features, (effect) => effect.deltaHat),
    gammaStar: gather(effects, features, (effect) => effect.gammaStar),
    deltaStar: gather(effects, features, (effect) => effect.deltaStar),
    pooledPrior: settings.eb === 'none' ? null : poolPriors(effects),
    ...(cohort.reading === undefined ? {} : { reading: cohort.reading }),
    issues,
    provenance: [...cohort.provenance, step],
  };
}

function assignSites(
  cohort: FeatureCohort,
  settings: CombatSettings,
  lost: readonly string[],
): SiteAssignment {
  const names = siteNames(cohort.participants);
  const quoted = listNames(names);
  if (names.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `too few sites: ${names.length === 0 ? 'none' : `only ${quoted}`} (ComBat requires at least two)${because(lost)}`,
    );
  }
  if (settings.reference !== null && !names.includes(settings.reference)) {
    throw unknownTarget(settings.reference, names, { what: 'reference site' });
  }
  return { names, codes: siteCodes(cohort.participants, names) };
}

/** Why sites or subjects of the table were left out, to end a message. */
function because(lost: readonly string[]): string {
  return lost.length === 0 ? '' : `; ${lost.slice(0, 3).join('; ')}`;
}

function requireSubjects(cohort: FeatureCohort, parameters: number, lost: readonly string[]): void {
  const subjects = cohort.participants.ids.length;
  if (cohort.features.features.length === 0) {
    throw new ConcordError('too-little-data', 'missing features: the cohort has none to harmonize');
  }
  if (subjects <= parameters) {
    const many = manyLevels(cohort);
    throw new ConcordError(
      'too-little-data',
      `too few subjects: ${subjects} for ${parameters} sites and covariate columns (at least ${parameters + 1} are required)${many}${because(lost)}`,
    );
  }
}

/** The covariates that take many columns: dates, ages written with a unit, names. */
function manyLevels({ participants }: FeatureCohort): string {
  const named = participants.covariates.flatMap((covariate) =>
    covariate.kind === 'categorical' && covariate.levels.length > 10
      ? [`${covariate.name} has ${covariate.levels.length} levels, such as ${listNames(covariate.levels, 2)}`]
      : [],
  );
  return named.length === 0 ? '' : `; ${named.join('; ')}: is it an amount or a date, read as text?`;
}

/** A reference of one subject has no spread to measure the others by. */
function requireReference(sites: SiteAssignment, reference: number): void {
  if (reference === -1) return;
  const subjects = sites.codes.filter((site) => site === reference).length;
  if (subjects > 1) return;
  throw new ConcordError(
    'too-little-data',
    `too few subjects at reference site "${sites.names[reference]}": ${subjects}`,
    {
      where: { site: sites.names[reference] },
      remedy: advise`at least 2 are required, or fit without a reference`,
    },
  );
}

/** The standardized statistics of one site over the features that have values there. */
function siteInput(
  standardized: Standardized,
  { name, index, subjects }: { name: string; index: number; subjects: number },
): Parameters<typeof shrinkSite>[0] {
  const count = standardized.status.length;
  const row = index * count;
  const features = Int32Array.from(
    Array.from(standardized.status.keys()).filter(
      (feature) => !Number.isNaN(standardized.location[row + feature]),
    ),
  );
  const at = (values: Float64Array): Float64Array => {
    const picked = new Float64Array(features.length);
    for (let i = 0; i < features.length; i++) picked[i] = values[row + features[i]];
    return picked;
  };
  return {
    name,
    subjects,
    features,
    location: at(standardized.location),
    squares: at(standardized.squares),
    counts: at(standardized.counts),
  };
}

/** The reference site is what the others are brought to: no shift, no rescaling. */
function referenceEffects(input: Parameters<typeof shrinkSite>[0]): SiteEffects {
  const { name, subjects, features, location, squares, counts } = input;
  return {
    site: { name, subjects, adjusts: 'reference', prior: null, iterations: 0 },
    features,
    gammaHat: location,
    deltaHat: squares.map((sum, i) => (counts[i] > 1 ? sum / (counts[i] - 1) : 1)),
    gammaStar: new Float64Array(features.length),
    deltaStar: new Float64Array(features.length).fill(1),
    scaled: Array.from(features.keys()),
    issues: [],
  };
}

function gather(
  effects: readonly SiteEffects[],
  features: number,
  values: (effect: SiteEffects) => Float64Array,
): Float64Array {
  const gathered = new Float64Array(effects.length * features).fill(NaN);
  effects.forEach((effect, site) => {
    const own = values(effect);
    effect.features.forEach((feature, i) => (gathered[site * features + feature] = own[i]));
  });
  return gathered;
}

/** One prior over all sites and features, for a site that was not there when the model was fitted. */
function poolPriors(effects: readonly SiteEffects[]): CombatModel['pooledPrior'] {
  const others = effects.filter((effect) => effect.site.adjusts !== 'reference');
  const location = joined(others.map((effect) => effect.gammaHat));
  const scale = joined(others.map((effect) => Float64Array.from(effect.scaled, (at) => effect.deltaHat[at])));
  if (location.length < 2) return null;
  return fitPrior(location, scale);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
