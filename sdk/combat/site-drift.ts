import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { counted } from '../data/counted';
import { quoteName } from '../data/list-names';
import type { Participants } from '../data/people/participants';
import { hasRepeatedPersons } from '../data/people/participants';
import { fUpperTail } from '../math/statistics/f-distribution';
import type { CombatModel } from './combat-model';
import type { ComparedSite } from './drift-sums';
import { driftSums } from './drift-sums';
import type { NoticedRows } from './unlike-training';

/** Fewer scans at a site, or fewer that its effects were estimated from, are not looked at; nor are cells of fewer persons. */
const fewest = 10;
/** With fewer degrees of freedom left, how much a site varies is not known. */
const fewestFreedom = 5;
/** How often a table as the model expects it may be warned of. */
const chance = 1e-3;
/** A drift below this, in pooled standard deviations, is not worth a warning, however certain. */
const worthSaying = 0.5;

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
  const sums = driftSums(model, tally, { sites: comparedSites(model, present), fewest });
  const tested = model.sites.flatMap(({ name }, site) => {
    const { squares, beyond, features } = sums[site];
    if (features === 0) return [];
    const size = Math.sqrt(Math.max(0, beyond / features));
    const freedom = freedomOf(model, site);
    return [{ name, scans: present.scans[site], size, f: squares / features, freedom, features }];
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

/** All effects of covariates are taken off each site, as if it alone had determined them. */
function freedomOf({ sites, columns }: CombatModel, site: number): number {
  return sites[site].subjects - 1 - columns.length;
}

/** The sites of a model that are looked at; `undefined` for those where too little is known. */
function comparedSites(
  model: CombatModel,
  { scans, persons }: ScansAtSites,
): readonly (ComparedSite | undefined)[] {
  return model.sites.map(({ subjects, adjusts }, site) => {
    const freedom = freedomOf(model, site);
    if (adjusts !== 'location-and-scale' || subjects < fewest || persons[site] < fewest) return undefined;
    return freedom < fewestFreedom
      ? undefined
      : { fitted: subjects, share: persons[site] / scans[site], freedom };
  });
}

/** What there is of each site now. */
interface ScansAtSites {
  readonly scans: Int32Array;
  readonly persons: Int32Array;
}

/** How many scans, and how many persons, there are at each of the first `count` sites. */
function countAtSites(participants: Participants, codes: Int32Array, count: number): ScansAtSites {
  const scans = new Int32Array(count);
  for (let row = 0; row < codes.length; row++) if (codes[row] < count) scans[codes[row]]++;
  if (!hasRepeatedPersons(participants)) return { scans, persons: scans };
  const met = Array.from({ length: count }, () => new Set<string>());
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] < count) met[codes[row]].add(participants.persons[row]);
  }
  return { scans, persons: Int32Array.from(met, ({ size }) => size) };
}
