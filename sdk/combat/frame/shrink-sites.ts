import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import type { CombatPrior, CombatSettings, CombatSite } from '../combat-model';
import type { SiteStatistics } from './empirical-bayes';
import { fitPrior, nonparametricShrinker, shrinkLocation } from './empirical-bayes';
import { shrinkParametric } from './shrink-parametric';
import { everyPosition, pickFrom } from '../../math/pick-doubles';
import { quoteName } from '../../data/list-names';
import { counted } from '../../data/counted';

/** The sites of a model: their names, and how many subjects each has. */
export interface SizedSites {
  readonly names: readonly string[];
  readonly sizes: Float64Array;
}

/** The effects of one site on the features where it has values; arrays are in the order of `features`. */
export interface SiteEffects {
  readonly site: CombatSite;
  /** The features concerned, as column numbers. */
  readonly features: Int32Array;
  readonly gammaHat: Float64Array;
  readonly deltaHat: Float64Array;
  readonly gammaStar: Float64Array;
  readonly deltaStar: Float64Array;
  /** The positions in `features` whose scale is estimated, not taken to be 1. */
  readonly scaled: Int32Array;
  readonly issues: readonly Issue[];
}

/** The standardized statistics of one site for the features where it has values; arrays are in their order. */
export interface SiteInput {
  readonly name: string;
  readonly subjects: number;
  readonly features: Int32Array;
  readonly location: Float64Array;
  readonly squares: Float64Array;
  readonly counts: Float64Array;
  /** Robust only: the standardized values of each feature. */
  readonly values?: readonly Float64Array[];
}

/** A sum of squares this small, in pooled variances, is rounding: the feature has no spread at the site. */
const noSquares = 1e-20;

/**
 * Shrinks the effects of one site. A site with one subject, and a feature with one value or without spread at the
 * site, has no scale to estimate: its location alone is adjusted, and it stays out of the prior of the scales.
 *
 * @param options.prior - the prior to use instead of the site's own, for a site the model was not fitted on
 */
export async function shrinkSite(
  input: SiteInput,
  settings: CombatSettings,
  options: {
    readonly prior?: CombatPrior;
    readonly run: RunOptions;
    readonly report?: (done: number) => void;
  },
): Promise<SiteEffects> {
  const { name, subjects, features, location, squares, counts, values } = input;
  const locationOnly = settings.meanOnly !== false || subjects === 1;
  const full = locationOnly ? new Int32Array(0) : withScale(input);
  const scale = new Float64Array(features.length).fill(1);
  for (let at = 0; at < full.length; at++) {
    const i = full[at];
    scale[i] = squares[i] / (counts[i] - 1);
  }
  const statistics: SiteStatistics = { location, scale, squares, counts, values };
  const issues = [...scaleIssues(input, settings, full.length)];
  const adjusts = locationOnly ? 'location' : 'location-and-scale';
  const base = { features, gammaHat: location, deltaHat: scale, scaled: full, issues };
  if (settings.eb === 'none' || (features.length < 2 && options.prior === undefined)) {
    const site = { name, subjects, adjusts, prior: null, iterations: 0 } as const;
    return { site, ...base, gammaStar: location.slice(), deltaStar: scale.slice() };
  }
  const prior = options.prior ?? fitPrior(location, pickFrom(scale, full));
  if (full.length > 1 && options.prior === undefined && !Number.isFinite(prior.scaleShape)) {
    const message = `the features of site ${quoteName(name)} all have the same variance ratio`;
    issues.push(makeIssue('degenerate-prior', message, { site: name }));
  }
  const byNeighbors = settings.eb === 'nonparametric' && options.prior === undefined;
  const shrunken =
    byNeighbors || full.length === 0
      ? undefined
      : shrinkParametric(pickStatistics(statistics, full), prior, settings);
  const stars =
    shrunken?.location.length === features.length
      ? { gammaStar: shrunken.location, deltaStar: shrunken.scale }
      : locationStars(input, settings, prior);
  const { gammaStar, deltaStar } = stars;
  if (byNeighbors) {
    const among = locationOnly ? everyPosition(features.length) : full;
    await shrinkByNeighbors(statistics, among, stars, options);
  }
  if (shrunken !== undefined) {
    for (let at = 0; at < full.length; at++) {
      const i = full[at];
      gammaStar[i] = shrunken.location[at];
      deltaStar[i] = shrunken.scale[at];
    }
    if (!shrunken.converged) issues.push(notConverged(name, settings));
  }
  if (full.length === 1 && options.prior === undefined) {
    // One scale alone has no others to learn from.
    gammaStar[full[0]] = location[full[0]];
    deltaStar[full[0]] = scale[full[0]];
    const message = `site ${quoteName(name)} has one feature with spread, which is not shrunk`;
    issues.push(makeIssue('single-feature', message, { site: name }));
  }
  const iterations = shrunken?.iterations ?? 0;
  return { site: { name, subjects, adjusts, prior, iterations }, ...base, ...stars };
}

/** Warns of a site whose effects were still moving when the iteration ended. */
export function notConverged(site: string, { tolerance, maxIterations }: CombatSettings): Issue {
  const message = `site ${quoteName(site)} did not reach tolerance ${tolerance} in ${maxIterations} iterations`;
  return makeIssue('not-converged', message, { site });
}

/** The effects on features whose location alone is adjusted. */
function locationStars(
  { location, counts }: SiteInput,
  { meanOnly }: CombatSettings,
  prior: CombatPrior,
): { readonly gammaStar: Float64Array; readonly deltaStar: Float64Array } {
  // The published mean-only form gives every site the weight of one value.
  const gammaStar = shrinkLocation(location, prior, (i) => (meanOnly === true ? 1 : counts[i]));
  return { gammaStar, deltaStar: new Float64Array(location.length).fill(1) };
}

/** The positions of features whose scale at the site can be estimated. */
function withScale({ features, counts, squares }: SiteInput): Int32Array {
  const found = new Int32Array(features.length);
  let count = 0;
  for (let i = 0; i < found.length; i++) if (counts[i] > 1 && squares[i] > noSquares) found[count++] = i;
  return count === found.length ? found : found.slice(0, count);
}

/** Warns where only the location can be adjusted, though the scale was asked for: one subject, or no spread. */
function scaleIssues(input: SiteInput, settings: CombatSettings, scaled: number): readonly Issue[] {
  const { name, subjects, features, squares, counts } = input;
  if (settings.meanOnly !== false) return [];
  if (subjects === 1)
    return [makeIssue('single-subject-site', `site ${quoteName(name)} has one subject`, { site: name })];
  let flat = 0;
  for (let i = 0; i < features.length; i++) flat += Number(counts[i] > 1 && squares[i] <= noSquares);
  if (flat === 0) return [];
  const message = `${counted(flat, 'feature')} of site ${quoteName(name)} ${flat === 1 ? 'has' : 'have'} no spread beyond the covariates${scaled === 0 ? '; its scale is left as it is' : ''}`;
  return [makeIssue('zero-variance-at-site', message, { site: name })];
}

async function shrinkByNeighbors(
  statistics: SiteStatistics,
  among: Int32Array,
  { gammaStar, deltaStar }: { gammaStar: Float64Array; deltaStar: Float64Array },
  { run, report }: { run: RunOptions; report?: (done: number) => void },
): Promise<void> {
  if (among.length < 2) return;
  const shrink = nonparametricShrinker(pickStatistics(statistics, among));
  const pause = Math.max(1, Math.floor(4e6 / among.length));
  for (const [at, i] of among.entries()) {
    if (at % pause === 0) {
      await breathe(run.signal);
      report?.(at);
    }
    const { location, scale } = shrink(at);
    gammaStar[i] = location;
    deltaStar[i] = scale;
  }
}

function pickStatistics({ values, ...statistics }: SiteStatistics, at: Int32Array): SiteStatistics {
  return {
    location: pickFrom(statistics.location, at),
    scale: pickFrom(statistics.scale, at),
    squares: pickFrom(statistics.squares, at),
    counts: pickFrom(statistics.counts, at),
    values: values === undefined ? undefined : Array.from(at, (i) => values[i] ?? noValues),
  };
}

const noValues = new Float64Array(0);
