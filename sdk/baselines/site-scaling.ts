import { bindFeatures } from '../data/bind-features';
import type { FeatureCohort } from '../data/cohort';
import { withFeatures } from '../data/cohort';
import { modelDigest } from '../data/digest';
import { chosenTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import { siteNames } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter, throwIfAborted } from '../data/run-options';
import { unknownSites } from '../data/people/unknown-site';
import type { FeatureMoments, SiteScalingModel } from './site-scaling-model';
import { checkedHarmonizer } from '../data/calls/checked-harmonizer';
import { counted } from '../data/counted';

/**
 * The cheap baseline: every feature is standardized within each site and brought to the mean and standard deviation
 * of all subjects together. It ignores covariates, so **whatever biology differs between sites is removed with the
 * site** (older persons at one site come out looking as young as the others). It is here to be compared with, not to
 * be used.
 *
 * A feature without spread at a site (or with one subject there) is only shifted; one without any value at a site
 * becomes missing there, with an issue.
 *
 * @returns a harmonizer; its `apply` throws ConcordError `unknown-site` at a site it was not fitted on and
 * `unknown-column` when the cohort lacks a feature
 *
 * @example
 * ```ts
 * const comparison = await compareMethods(cohort, [combatHarmonizer({ preserve: ['age'] }), siteScaling()]);
 * ```
 */
export function siteScaling(): Harmonizer<SiteScalingModel> {
  const method: Harmonizer<SiteScalingModel> = {
    name: 'site scaling',
    kind: 'features',
    preserves: [],
    fit: (cohort, run = {}) => fitSiteScaling(cohort, run),
    apply: async (model, cohort, { target, ...run } = {}) => {
      chosenTarget(targets, target);
      return applySiteScaling(model, cohort, run);
    },
    targets: () => targets,
  };
  return checkedHarmonizer(method, { verb: 'siteScaling', modelType: 'SiteScalingModel' });
}

const targets: readonly string[] = ['average'];

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
  await breathe(run.signal);
  return {
    kind: 'site-scaling',
    features: cohort.features.features,
    pooled: moments(cohort, all),
    sites,
    issues: [],
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

async function applySiteScaling(
  model: SiteScalingModel,
  whole: FeatureCohort,
  run: RunOptions,
): Promise<FeatureCohort> {
  const { cohort, issues } = bindFeatures(whole, model.features);
  const { participants, features } = cohort;
  const bySite = new Map(model.sites.map(({ name, moments: learned }) => [name, learned]));
  const strangers = siteNames(participants).filter((site) => !bySite.has(site));
  if (strangers.length > 0) throw unknownSites(strangers, [...bySite.keys()]);
  const width = features.features.length;
  const values = new Float64Array(features.values.length);
  const lost = new Map<string, number>();
  const report = progressReporter('applying site scaling', participants.ids.length, run);
  const pause = Math.max(1, Math.floor(2e6 / width));
  for (const [row, site] of participants.sites.entries()) {
    if (row % pause === 0) {
      await breathe(run.signal);
      report(row);
    }
    const local = bySite.get(site) ?? model.pooled;
    for (let k = 0; k < width; k++) {
      const value = features.values[row * width + k];
      const ratio = local.sd[k] > 0 ? model.pooled.sd[k] / local.sd[k] : 1;
      const scaled = model.pooled.mean[k] + (value - local.mean[k]) * ratio;
      values[row * width + k] = scaled;
      if (Number.isNaN(scaled) && !Number.isNaN(value)) lost.set(site, (lost.get(site) ?? 0) + 1);
    }
  }
  report(participants.ids.length);
  throwIfAborted(run.signal);
  return withFeatures(
    cohort,
    { ...features, values },
    provenanceStep('siteScaling', { model: modelDigest(model, whatDecides) }),
    [...issues, ...shiftedOnly(model, cohort), ...becameMissing(lost)],
  );
}

function whatDecides({ features, pooled, sites }: SiteScalingModel): unknown {
  return { features, pooled, sites };
}

/** Issues for the sites where values are missing now that the model knows nothing of. */
function becameMissing(lost: ReadonlyMap<string, number>): readonly Issue[] {
  return [...lost].map(([site, cells]) => {
    const what = `${counted(cells, 'cell')} of site ${quoteName(site)}`;
    const message = `${what} became missing: the model has no values of these features there`;
    return makeIssue('site-not-estimable', message, { site });
  });
}

/** Issues for the features that a site of the cohort could not be rescaled for. */
function shiftedOnly(model: SiteScalingModel, cohort: FeatureCohort): readonly Issue[] {
  const met = new Set(cohort.participants.sites);
  return model.sites
    .filter(({ name }) => met.has(name))
    .flatMap(({ name, moments: { sd } }) => {
      const flat = model.features.filter((_, k) => !(sd[k] > 0));
      if (flat.length === 0) return [];
      const message = `${counted(flat.length, 'feature has', 'features have')} no spread at site "${name}", the first being "${flat[0]}"`;
      return [makeIssue('zero-variance-at-site', message, { site: name })];
    });
}
