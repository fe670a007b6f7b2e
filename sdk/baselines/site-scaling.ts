import type { FeatureCohort } from '../data/cohort';
import { withFeatures } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { siteNames } from '../data/participants';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { ConcordError } from '../errors';

/** What {@link siteScaling} learns. Arrays hold one number per feature; `NaN` where there was nothing to learn from. */
export interface SiteScalingModel {
  readonly kind: 'site-scaling';
  readonly features: readonly string[];
  readonly pooled: FeatureMoments;
  readonly sites: readonly { readonly name: string; readonly moments: FeatureMoments }[];
}

/** Mean and standard deviation (divisor n − 1) of every feature over some subjects. */
export interface FeatureMoments {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/**
 * The cheap baseline: every feature is standardized within each site and brought to the mean and standard deviation
 * of all subjects together. It ignores covariates, so **whatever biology differs between sites is removed with the
 * site** (older people at one site come out looking as young as the others). It is here to be compared with, not to
 * be used.
 *
 * A feature without spread at a site (or with one subject there) is only shifted; one without any value at a site
 * becomes missing there.
 *
 * @returns a harmonizer; its `apply` throws ConcordError `unknown-site` at a site it was not fitted on and
 * `unknown-column` when the features differ
 */
export function siteScaling(): Harmonizer<SiteScalingModel> {
  return {
    name: 'site scaling',
    kind: 'features',
    preserves: [],
    fit: (cohort, run = {}) => fitSiteScaling(cohort, run),
    apply: async (model, cohort, run = {}) => {
      await breathe(run.signal);
      return applySiteScaling(model, cohort);
    },
    targets: () => ['average'],
  };
}

async function fitSiteScaling(cohort: FeatureCohort, run: RunOptions): Promise<SiteScalingModel> {
  const { participants } = cohort;
  const all = [...participants.ids.keys()];
  const names = siteNames(participants);
  const report = progressReporter('fitting site scaling', names.length, run);
  const sites: SiteScalingModel['sites'][number][] = [];
  for (const name of names) {
    await breathe(run.signal);
    const own = all.filter((row) => participants.sites[row] === name);
    sites.push({ name, moments: moments(cohort, own) });
    report(sites.length);
  }
  return {
    kind: 'site-scaling',
    features: cohort.features.features,
    pooled: moments(cohort, all),
    sites,
  };
}

function moments({ features }: FeatureCohort, rows: readonly number[]): FeatureMoments {
  const width = features.features.length;
  const count = new Float64Array(width);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  // Welford's running update: one pass, no cancellation.
  for (const row of rows) {
    for (let k = 0; k < width; k++) {
      const value = features.values[row * width + k];
      if (Number.isNaN(value)) continue;
      count[k]++;
      const difference = value - mean[k];
      mean[k] += difference / count[k];
      squares[k] += difference * (value - mean[k]);
    }
  }
  return {
    mean: mean.map((value, k) => (count[k] > 0 ? value : NaN)),
    sd: squares.map((value, k) => (count[k] > 1 ? Math.sqrt(value / (count[k] - 1)) : NaN)),
  };
}

function applySiteScaling(model: SiteScalingModel, cohort: FeatureCohort): FeatureCohort {
  const { participants, features } = cohort;
  const width = features.features.length;
  requireFeatures(model, features.features);
  const bySite = new Map(model.sites.map(({ name, moments: learned }) => [name, learned]));
  const values = new Float64Array(features.values.length);
  participants.sites.forEach((site, row) => {
    const local = bySite.get(site);
    if (local === undefined) {
      const known = model.sites.map(({ name }) => `"${name}"`).join(', ');
      throw new ConcordError('unknown-site', `unknown site: "${site}" (model was fitted on ${known})`, {
        where: { site },
      });
    }
    for (let k = 0; k < width; k++) {
      const ratio = local.sd[k] > 0 ? model.pooled.sd[k] / local.sd[k] : 1;
      values[row * width + k] =
        model.pooled.mean[k] + (features.values[row * width + k] - local.mean[k]) * ratio;
    }
  });
  return withFeatures(
    cohort,
    { ...features, values },
    provenanceStep('siteScaling', {}),
    shiftedOnly(model, cohort),
  );
}

function requireFeatures(model: SiteScalingModel, given: readonly string[]): void {
  const length = Math.max(given.length, model.features.length);
  const shown = (name: string | undefined): string => (name === undefined ? 'none' : `"${name}"`);
  for (let at = 0; at < length; at++) {
    if (given[at] === model.features[at]) continue;
    throw new ConcordError(
      'unknown-column',
      `unknown feature ${at + 1}: ${shown(given[at])} (the model was fitted on ${shown(model.features[at])} there; ` +
        'select the features it was fitted on, in their order)',
      { where: { feature: given[at] ?? model.features[at] } },
    );
  }
}

/** Issues for the features that a site of the cohort could not be rescaled for. */
function shiftedOnly(model: SiteScalingModel, cohort: FeatureCohort): readonly Issue[] {
  const met = new Set(cohort.participants.sites);
  return model.sites
    .filter(({ name }) => met.has(name))
    .flatMap(({ name, moments: { sd } }) => {
      const flat = model.features.filter((_, k) => !(sd[k] > 0));
      if (flat.length === 0) return [];
      const message = `${flat.length} features have no spread at site "${name}", the first being "${flat[0]}"`;
      return [makeIssue('zero-variance-at-site', message, { site: name })];
    });
}
