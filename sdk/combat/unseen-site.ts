import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import type { RunOptions } from '../data/run-options';
import { mean } from '../math/statistics/moments';
import { unknownSites } from '../data/people/unknown-site';
import type { CombatModel } from './combat-model';
import { spreadAt } from './frame/expected-values';
import { meanAndSquares, medianAndMidvariance } from './scales/location-scale';
import type { SiteCorrection } from './frame/site-correction';
import type { NewSiteError } from './new-site-error';
import { repeatedSiteError } from './new-site-error';
import type { NewSiteEffects } from './shrink-new-site';
import { newSiteShrinker } from './shrink-new-site';
import { advise, option } from '../remedy';
import { counted } from '../data/counted';
import type { NewSiteEstimate, UnseenSitePolicy } from './new-site-policy';
import { newSiteEstimates } from './new-site-policy';

/**
 * Finds the corrections of sites the model does not know, by the policy chosen.
 *
 * @throws ConcordError `unknown-site` naming the sites, under the policy `error`.
 */
export async function unseenSites(
  model: CombatModel,
  cohort: FeatureCohort,
  context: {
    readonly design: Float64Array;
    readonly scale: Float64Array;
    readonly strangers: readonly string[];
    readonly policy: UnseenSitePolicy;
    readonly run: RunOptions;
  },
): Promise<{
  readonly corrections: ReadonlyMap<string, SiteCorrection | undefined>;
  readonly issues: readonly Issue[];
}> {
  const { strangers, policy } = context;
  const corrections = new Map<string, SiteCorrection | undefined>();
  const issues: Issue[] = [];
  if (strangers.length === 0) return { corrections, issues };
  if (policy === 'error') {
    const fitted = model.sites.map((site) => site.name);
    const policies = option('unseen', ...newSiteEstimates, 'covariates');
    throw unknownSites(strangers, fitted, advise`choose ${policies} to continue`);
  }
  for (const site of strangers) {
    if (policy === 'covariates') {
      corrections.set(site, undefined);
      const message = `site ${quoteName(site)} is unknown to the model: its values are left as they are`;
      issues.push(makeIssue('unseen-site', message, { site }));
      continue;
    }
    const rows = Array.from(cohort.participants.sites.keys()).filter(
      (row) => cohort.participants.sites[row] === site,
    );
    const estimated = await estimateSite(model, cohort, { ...context, how: policy, site, rows });
    corrections.set(site, estimated.correction);
    // Scans of one person are so alike that they are little more than one.
    const persons = new Set(rows.map((row) => cohort.participants.persons[row])).size;
    const { alike } = estimated;
    issues.push(
      await estimatedSiteIssue(model, { site, how: policy, scans: rows.length, persons, alike }),
      ...estimated.issues,
    );
  }
  return { corrections, issues };
}

/**
 * Says that the effects of a site are estimated, and by how much they are likely to be missed: scans of one person are so alike that
 * they are little more than one.
 *
 * @param model - of some features, where it has many
 * @param about.alike - the share of the variance that is of persons; where it is not known, their scans are as one
 */
export async function estimatedSiteIssue(
  model: CombatModel,
  {
    how,
    alike = 1,
    ...given
  }: {
    readonly site: string;
    readonly how: NewSiteEstimate;
    readonly scans: number;
    readonly persons: number;
    readonly alike?: number;
  },
): Promise<Issue> {
  const { scans, persons } = given;
  const error = await repeatedSiteError(model, { unseen: how, scans, persons, alike });
  return estimatedSite(model, { ...given, error });
}

/** The correction of a site that a model does not know: NaN where its effects could not be estimated. */
export function newSiteCorrection(
  { features, gammaStar, deltaStar }: NewSiteEffects,
  pooledSd: Float64Array,
): SiteCorrection {
  const width = pooledSd.length;
  const correction = { shift: new Float64Array(width).fill(NaN), factor: new Float64Array(width).fill(NaN) };
  features.forEach((w, i) => {
    correction.shift[w] = pooledSd[w] * gammaStar[i];
    correction.factor[w] = 1 / Math.sqrt(deltaStar[i]);
  });
  return correction;
}

/** Says from how many scans of how many persons the effects of a site are estimated, and by how much they are likely to be missed. */
export function estimatedSite(
  model: CombatModel,
  {
    site,
    scans,
    persons,
    error: { shift, scale },
    unit = 'standard deviations',
  }: {
    readonly site: string;
    readonly scans: number;
    readonly persons: number;
    /** `NaN` where the model has no site to tell by. */
    readonly error: NewSiteError;
    /** What the shift is counted in. */
    readonly unit?: string;
  },
): Issue {
  const given =
    persons < scans
      ? `${counted(scans, 'scan')} of ${counted(persons, 'person')}`
      : counted(scans, 'subject');
  const width =
    model.settings.meanOnly === false ? ` and its widening by about ${(100 * scale).toFixed(0)} %` : '';
  const missed = Number.isNaN(shift)
    ? ''
    : `, which misses its shift of a feature by about ${shift.toFixed(2)} ${unit}${width} if it is like the model's sites`;
  const message = `site ${quoteName(site)} is unknown to the model: its effect is estimated from the ${given} given${missed}`;
  return makeIssue('unseen-site', message, { site });
}

/** Standardizes the subjects of a new site by the stored model, and shrinks their location and scale. */
async function estimateSite(
  model: CombatModel,
  cohort: FeatureCohort,
  context: {
    readonly design: Float64Array;
    readonly scale: Float64Array;
    readonly site: string;
    readonly rows: readonly number[];
    readonly how: NewSiteEstimate;
    readonly run: RunOptions;
  },
): Promise<{
  readonly correction: SiteCorrection;
  readonly issues: readonly Issue[];
  /** The share of the variance of its scans that is of persons. */
  readonly alike: number;
}> {
  const { design, scale, site, rows, how, run } = context;
  const width = model.features.length;
  const columns = model.columns.length;
  const log = model.settings.transform === 'log';
  const standardized = (row: number, w: number): number => {
    const value = cohort.features.values[row * width + w];
    let residual = (log ? Math.log(value) : value) - model.grandMean[w];
    for (let k = 0; k < columns; k++)
      residual -= design[row * columns + k] * model.coefficients[k * width + w];
    return (
      residual / model.pooledSd[w] / spreadAt(model.scaleCoefficients, { design: scale, row }, { w, width })
    );
  };
  const measure = model.settings.robust ? medianAndMidvariance : meanAndSquares;
  const values: Float64Array[] = [];
  const complete: Float64Array[] = [];
  const [features, location, squares, counts]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let w = 0; w < width; w++) {
    if (model.status[w] !== 'harmonized') continue;
    const z = Float64Array.from(rows, (row) => standardized(row, w)).filter((value) =>
      Number.isFinite(value),
    );
    if (z.length === 0) continue;
    const measured = measure(z);
    features.push(w);
    location.push(measured.location);
    squares.push(measured.squares);
    counts.push(z.length);
    values.push(z);
    if (z.length === rows.length) complete.push(z);
  }
  const input = {
    name: site,
    subjects: rows.length,
    features: Int32Array.from(features),
    location: Float64Array.from(location),
    squares: Float64Array.from(squares),
    counts: Float64Array.from(counts),
    values: model.settings.robust ? values : undefined,
  };
  const effects = await newSiteShrinker(model, { how, run })(input);
  return {
    correction: newSiteCorrection(effects, model.pooledSd),
    issues: effects.issues,
    alike: shareOfPersons(
      complete,
      rows.map((row) => cohort.participants.persons[row]),
    ),
  };
}

/**
 * The share of the variance of scans that is of persons, over features together: the intraclass correlation of one-way analysis of
 * variance (Shrout & Fleiss 1979, Psychol Bull 86:420, ICC(1,1)), with the mean number of scans for persons of unequal numbers.
 *
 * @returns 1 where it cannot be known: scans of one person count as one
 */
function shareOfPersons(features: readonly Float64Array[], persons: readonly string[]): number {
  const names = [...new Set(persons)];
  const scans = persons.length;
  if (names.length < 2 || names.length === scans || features.length === 0) return 1;
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = persons.map((name) => codeOf.get(name) ?? 0);
  const sizes = new Float64Array(names.length);
  for (const code of codes) sizes[code]++;
  let [between, within] = [0, 0];
  for (const values of features) {
    const means = new Float64Array(names.length);
    codes.forEach((code, scan) => (means[code] += values[scan] / sizes[code]));
    const grand = mean(values);
    means.forEach((own, code) => (between += sizes[code] * (own - grand) ** 2));
    codes.forEach((code, scan) => (within += (values[scan] - means[code]) ** 2));
  }
  between /= names.length - 1;
  within /= scans - names.length;
  const usual = (scans - sizes.reduce((sum, size) => sum + size * size, 0) / scans) / (names.length - 1);
  const total = between + (usual - 1) * within;
  return total > 0 ? Math.min(1, Math.max(0, (between - within) / total)) : 1;
}
