import type { FeatureCohort } from '../../data/cohort';
import { columnAt } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { siteCodes, siteNames } from '../../data/people/participants';
import { jointCorrelation, jointSpread } from '../../math/statistics/correlation';

/** From this correlation within sites on, two features are one, moved and rescaled: harmonizing does no more. */
const SAME = 0.95;
/** Another feature is evident where its own leaves so many times as much of the variance unexplained. */
const EVIDENT = 4;
/** So many features are looked at that are not like themselves. */
const MOST_LOOKED = 50;
/** Fewer values do not separate features. */
const LEAST_VALUES = 10;

/**
 * Warns where a feature after harmonization is evidently another one before: names that were put on in another order, as where a program
 * gives a matrix back without them. Values are compared within sites, by correlation.
 *
 * @param before - the raw cohort
 * @param after - the same subjects and features in the same order
 */
export function shuffledFeaturesIssue(before: FeatureCohort, after: FeatureCohort): readonly Issue[] {
  const { features } = before.features;
  const names = siteNames(before.participants);
  const codes = siteCodes(before.participants, names);
  const withinSites = (cohort: FeatureCohort, w: number): Float64Array =>
    centered(columnAt(cohort.features, w), codes, names.length);
  const strange: { readonly w: number; readonly now: Float64Array; readonly own: number }[] = [];
  for (let w = 0; w < features.length && strange.length < MOST_LOOKED; w++) {
    const now = withinSites(after, w);
    const own = enoughAlike(withinSites(before, w), now);
    if (own < SAME) strange.push({ w, now, own });
  }
  if (strange.length < 2) return [];
  const found = strange.map(({ w }) => ({ w, like: -1, best: SAME }));
  for (let other = 0; other < features.length; other++) {
    const raw = withinSites(before, other);
    strange.forEach(({ w, now }, at) => {
      if (other === w) return;
      const r = enoughAlike(raw, now);
      if (r >= found[at].best) found[at] = { w, like: other, best: r };
    });
  }
  const rest = (r: number): number => 1 - Math.max(0, r) ** 2;
  const moved = found.filter(
    ({ like, best }, at) => like !== -1 && rest(strange[at].own) > EVIDENT * rest(best),
  );
  if (moved.length < 2) return [];
  const [{ w, like }] = moved;
  const atLeast = strange.length === MOST_LOOKED ? 'at least ' : '';
  const message =
    `${atLeast}${moved.length} of ${features.length} features have the values of others after harmonization: ` +
    `${listNames(
      moved.map((one) => features[one.w]),
      5,
    )}; those of ${quoteName(features[w])} are like those of ${quoteName(features[like])} before`;
  return [makeIssue('shuffled-features', message, { feature: features[w] })];
}

/** Values minus the mean of their site. */
function centered(values: Float64Array, codes: Int32Array, sites: number): Float64Array {
  const sums = new Float64Array(sites);
  const counts = new Float64Array(sites);
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    sums[codes[row]] += values[row];
    counts[codes[row]]++;
  }
  return values.map((value, row) => value - sums[codes[row]] / counts[codes[row]]);
}

/** The correlation over subjects that both have; `NaN` where too little is known. */
function enoughAlike(a: Float64Array, b: Float64Array): number {
  const spread = jointSpread(a, b);
  return spread.count < LEAST_VALUES ? NaN : jointCorrelation(spread);
}
