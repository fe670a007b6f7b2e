import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames, quoteName } from '../data/list-names';
import { leastAndGreatest } from '../math/statistics/least-and-greatest';
import { medianInPlace } from '../math/statistics/median-in-place';
import type { CombatSettings } from './combat-model';
import type { Standardized } from './frame/standardize-block';

/** With fewer features the spread of most of them is not known. */
const fewest = 10;
/** A feature is far off where its site effect is so many pooled standard deviations from the median feature's. */
const far = 4;
/** And so many times what most features differ by: the median deviation, as a standard deviation of normal values. */
const times = 10;
/** The standard deviation of normal values, in median deviations. */
const normal = 1.4826;
/** The prior is stretched where its standard deviation is so many times that of most features. */
const stretched = 3;

/**
 * Warns where a few features, whose effects of a site are far from those of all others, stretch the prior that all features
 * share: γ ~ N(γ̄, τ²) with a large τ² shrinks nothing. Such are features in another unit at one site, with a site effect that
 * is large beside a tiny spread, or read wrongly. Without them the others would be shrunk, which is what empirical Bayes is for.
 */
export function stretchedPriorIssues(
  features: readonly string[],
  { status, location }: Pick<Standardized, 'status' | 'location'>,
  { sites, settings }: { readonly sites: readonly string[]; readonly settings: CombatSettings },
): readonly Issue[] {
  if (settings.eb !== 'parametric') return [];
  const width = features.length;
  let own = new Float64Array(0);
  return sites.flatMap((site, s) => {
    if (site === settings.reference) return [];
    const effects = location.subarray(s * width, (s + 1) * width);
    // Nearly always nothing is so far apart that anything could be far from the median.
    const [least, greatest] = leastAndGreatest(effects);
    if (greatest - least <= far) return [];
    if (own.length === 0) own = new Float64Array(width);
    const { count, spread, largest: most } = takeEffects(effects, status, own);
    // The median is no further from the mean than the spread.
    if (count < fewest || most + spread <= far) return [];
    const middle = medianInPlace(own, 0, count);
    for (let at = 0; at < count; at++) own[at] = Math.abs(own[at] - middle);
    const usual = normal * medianInPlace(own, 0, count);
    if (spread <= stretched * usual) return [];
    const limit = Math.max(far, times * usual);
    const off: string[] = [];
    let largest = 0;
    for (let w = 0; w < width; w++) {
      const away = Math.abs(effects[w] - middle);
      if (status[w] !== 'harmonized' || !(away > limit)) continue;
      off.push(features[w]);
      largest = Math.max(largest, away);
    }
    if (off.length === 0) return [];
    const message =
      `at site ${quoteName(site)} ${listNames(off, 5)} ${off.length === 1 ? 'is' : 'are up to'} ${largest.toPrecision(2)} pooled ` +
      `standard deviations from most features, which differ by ${usual.toPrecision(2)}: the prior that all share is so wide by ` +
      `${off.length === 1 ? 'it' : 'them'} that the site effects of the others are hardly shrunk`;
    return [makeIssue('stretched-prior', message, { site, feature: off[0] })];
  });
}

/**
 * Writes the effects of a site on features that are harmonized into `own`.
 *
 * @returns how many there are, their standard deviation, and the largest distance from their mean
 */
function takeEffects(
  effects: Float64Array,
  status: Standardized['status'],
  own: Float64Array,
): { readonly count: number; readonly spread: number; readonly largest: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let w = 0; w < effects.length; w++) {
    const effect = effects[w];
    if (status[w] !== 'harmonized' || effect !== effect) continue;
    own[count++] = effect;
    sum += effect;
    squares += effect * effect;
    if (effect < low) low = effect;
    if (effect > high) high = effect;
  }
  const mean = sum / count;
  return {
    count,
    spread: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    largest: Math.max(high - mean, mean - low),
  };
}
