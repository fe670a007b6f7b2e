import { hasNaN } from '../../math/statistics/has-nan';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { siteCodes, siteNames } from '../../data/people/participants';
import { counted } from '../../data/counted';

/** A feature counts as wanting at a site from this share of missing cells, where the other sites are below it. */
const WANTING = 0.5;

/**
 * What missing cells do to probes and predictions, which fill them with training medians: subjects without any value
 * are judged from medians alone; and a feature that one site lacks, and others have, is nearly the same for everyone
 * there, so that the site can be recognized by that, whatever was harmonized.
 */
export function missingFeatureIssues({ participants, features }: FeatureCohort): readonly Issue[] {
  const { values, features: names } = features;
  if (!hasNaN(values)) return [];
  const sites = siteNames(participants);
  const codes = siteCodes(participants, sites);
  const width = names.length;
  const missing = new Float64Array(sites.length * width);
  const sizes = new Float64Array(sites.length);
  const empty: string[] = [];
  codes.forEach((site, row) => {
    sizes[site]++;
    let lacking = 0;
    for (let k = 0; k < width; k++) {
      if (!Number.isNaN(values[row * width + k])) continue;
      missing[site * width + k]++;
      lacking++;
    }
    if (lacking === width) empty.push(participants.ids[row]);
  });
  return [...emptyScans(empty), ...wantingFeatures(names, sites, { missing, sizes })];
}

function emptyScans(ids: readonly string[]): readonly Issue[] {
  if (ids.length === 0) return [];
  const who = `${counted(ids.length, 'participant has', 'participants have')} no value of any feature`;
  const message = `${who} (${listNames(ids, 5)}): probes and predictions see the medians of the training participants in their place`;
  return [makeIssue('no-values', message, { subject: ids[0] })];
}

function wantingFeatures(
  features: readonly string[],
  sites: readonly string[],
  { missing, sizes }: { readonly missing: Float64Array; readonly sizes: Float64Array },
): readonly Issue[] {
  const width = features.length;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const all = Float64Array.from(features, (_, k) =>
    sizes.reduce((sum, __, site) => sum + missing[site * width + k], 0),
  );
  return sites.flatMap((site, index) => {
    const wanting = features.filter((_, k) => {
      const here = missing[index * width + k];
      return here >= WANTING * sizes[index] && all[k] - here < WANTING * (total - sizes[index]);
    });
    if (wanting.length === 0) return [];
    const wantingSet = new Set(wanting);
    const cells = features.reduce(
      (sum, name, k) => sum + (wantingSet.has(name) ? missing[index * width + k] : 0),
      0,
    );
    const what = `${wanting.length === 1 ? 'feature' : `${wanting.length} features`} ${listNames(wanting, 5)}`;
    const message =
      `site ${quoteName(site)} lacks ${cells} of ${wanting.length * sizes[index]} cells of ${what}: filled with the medians of the ` +
      'training participants they are alike there, so a probe can recognize the site by that alone';
    return [makeIssue('lacking-at-site', message, { site, feature: wanting[0] })];
  });
}
