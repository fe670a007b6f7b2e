import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { counted } from '../data/counted';
import { quoteName } from '../data/list-names';
import type { Participants } from '../data/people/participants';
import { hasRepeatedPersons } from '../data/people/participants';
import { fUpperTail } from '../math/statistics/f-distribution';
import type { CombatModel } from './combat-model';
import type { NoticedRows, ResidualTally } from './unlike-training';

/** Fewer scans at a site, or fewer that its effects were estimated from, are not looked at. */
const fewest = 10;
/** With fewer degrees of freedom left, how much a site varies is not known. */
const fewestFreedom = 5;
/** How often a table as the model expects it may be warned of. */
const chance = 1e-3;
/** A drift below this, in pooled standard deviations, is not worth a warning, however certain. */
const worthSaying = 0.5;

/** How far a site is from where it was. */
interface Drift {
  /** Root mean square over features, in pooled standard deviations, without what chance adds on average. */
  readonly size: number;
  /** The mean of t² over features, and its degrees of freedom. */
  readonly f: number;
  readonly freedom: number;
  readonly features: number;
}

/**
 * Warns of sites whose scans are elsewhere than those that the model learned from, as after an upgrade of the scanner.
 *
 * At a site of n new scans (persons, where some were scanned several times) and m that the model was fitted on, the mean residual z̄
 * of a feature is about the site's effect γ̂: t² = (z̄ − γ̂)² / (δ̂² (1/n + 1/m + p/N)) is F with 1 and m − 1 − p degrees of
 * freedom, where p is the number of columns of covariates and N that of all scans fitted on, which is more than their slopes are
 * likely to be off by.
 *
 * Features are correlated, and the model does not know how. Whatever the correlation of normal values, the mean of their squares exceeds a
 * limit beyond 1.54 most often where all are one (Székely & Bakirov 2003, Extremal probabilities for Gaussian quadratic
 * forms, https://doi.org/10.1007/s00440-003-0262-6), so that the distribution for one feature bounds that for the mean of many; with the
 * variances estimated, a simulation in the tests says so. Of 1,000 tables that are as the model expects at most one is to be warned of,
 * however many sites they have.
 */
export function siteDrift(model: CombatModel, { participants, codes, tally }: NoticedRows): readonly Issue[] {
  const { settings, scaleColumns, issues } = model;
  // Medians vary more than means; scans of one person, and of a spread by covariates, vary in other ways.
  if (settings.robust === true || scaleColumns.length > 0) return [];
  if (issues.some(({ code }) => code === 'repeated-persons')) return [];
  const present = countAtSites(participants, codes, model.sites.length);
  const tested = model.sites.flatMap(({ name, subjects, adjusts }, site) => {
    const scans = present.scans[site];
    const persons = present.persons[site];
    if (adjusts !== 'location-and-scale' || subjects < fewest || persons < fewest) return [];
    const drift = driftAt(model, tally, { site, fitted: subjects, share: persons / scans });
    return drift === undefined ? [] : [{ name, scans, ...drift }];
  });
  return tested
    .filter(
      ({ size, f, freedom }) => size > worthSaying && fUpperTail(f, 1, freedom) < chance / tested.length,
    )
    .map(({ name, scans, size, features }) =>
      makeIssue(
        'site-drift',
        `${counted(scans, 'scan')} at site ${quoteName(name)} are ${size.toPrecision(2)} standard deviations (root mean square over ` +
          `${counted(features, 'feature')}) from where the model expects that site: more than chance explains`,
        { site: name },
      ),
    );
}

function driftAt(
  { status, gammaHat, deltaHat, pooledSd, sites, columns }: CombatModel,
  { sums, counts }: ResidualTally,
  { site, fitted, share }: { readonly site: number; readonly fitted: number; readonly share: number },
): Drift | undefined {
  const width = status.length;
  // All effects of covariates are taken off each site, as if it alone had determined them.
  const freedom = fitted - 1 - columns.length;
  if (freedom < fewestFreedom) return undefined;
  const byCovariates = columns.length / sites.reduce((sum, { subjects }) => sum + subjects, 0);
  let [squares, beyond, features] = [0, 0, 0];
  for (let w = 0, at = site * width; w < width; w++, at++) {
    const persons = counts[at] * share;
    if (status[w] !== 'harmonized' || persons < fewest || !(deltaHat[at] > 0)) continue;
    const apart = sums[at] / counts[at] / pooledSd[w] - gammaHat[at];
    const spread = (deltaHat[at] * (fitted - 1)) / freedom;
    const variance = spread * (1 / persons + 1 / fitted + byCovariates);
    squares += (apart * apart) / variance;
    beyond += apart * apart - variance;
    features++;
  }
  if (features === 0) return undefined;
  return {
    size: Math.sqrt(Math.max(0, beyond / features)),
    f: squares / features,
    freedom,
    features,
  };
}

/** How many scans, and how many persons, there are at each of the first `count` sites. */
function countAtSites(
  participants: Participants,
  codes: Int32Array,
  count: number,
): { readonly scans: Int32Array; readonly persons: Int32Array } {
  const scans = new Int32Array(count);
  for (let row = 0; row < codes.length; row++) if (codes[row] < count) scans[codes[row]]++;
  if (!hasRepeatedPersons(participants)) return { scans, persons: scans };
  const met = Array.from({ length: count }, () => new Set<string>());
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] < count) met[codes[row]].add(participants.persons[row]);
  }
  return { scans, persons: Int32Array.from(met, ({ size }) => size) };
}
