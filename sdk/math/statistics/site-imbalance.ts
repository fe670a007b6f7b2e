import type { CategoricalCovariate, Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import { siteCodes, siteNames } from '../../data/people/participants';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import { chiSquareUpperTail } from './chi-square-distribution';
import { fUpperTail } from './f-distribution';
import { quoteName } from '../../data/list-names';

/** How much a covariate differs between sites. */
export interface SiteImbalance {
  /** Of the analysis of variance, or of Pearson's χ² test. */
  readonly p: number;
  /** The smallest p of one site against all the others, times the number of sites (Bonferroni). */
  readonly pOfOne: number;
  /**
   * The share of the covariate that the site explains, less what chance explains: ω² (Hays 1963), or the square of
   * Cramér's V with its bias removed (Bergsma 2013, Journal of the Korean Statistical Society 42:323). May be below zero.
   */
  readonly share: number;
}

/** A covariate counts as different between sites below this p, over all sites or of one site against the others … */
const UNLIKELY = 0.05;
/** … or above this share: Cohen's "medium" effect, half a standard deviation between two sites of equal size. */
const MEDIUM = 0.06;
/** Above this many sites, the message has not the numbers of every site. */
const MANY_SITES = 8;

/**
 * A warning for every covariate that is not preserved though it differs between sites: harmonizing takes that
 * difference for the scanner's and removes it. It counts as different when p is below 0.05, over all sites or (corrected
 * for their number) of one site against the others, or when the site explains more than 6 % of it beyond chance: what is
 * removed is the difference between these very persons, due to chance or not, so that small tables are warned of large
 * differences too. Each person counts once at a site.
 *
 * It is in this room because both ComBat and the audit warn.
 *
 * @param adviceFor - what to do about a covariate, by its name; by default it is added to the option `preserve`
 */
export function notPreservedIssues(
  participants: Participants,
  preserved: readonly string[],
  adviceFor: (name: string) => Advice = byOption,
): readonly Issue[] {
  return notPreserved(participants, preserved).map(({ name, message }) =>
    makeIssue('not-preserved', message, { column: name }, adviceFor(name)),
  );
}

/** A covariate that is not preserved though it differs between sites. */
export interface NotPreserved {
  readonly name: string;
  /** The share of it that the site explains, see {@link SiteImbalance.share}; not below zero. */
  readonly share: number;
  readonly message: string;
}

/** What {@link notPreservedIssues} warns of. */
export function notPreserved(
  participants: Participants,
  preserved: readonly string[],
): readonly NotPreserved[] {
  const others = participants.covariates.filter(({ name }) => !preserved.includes(name));
  if (others.length === 0) return [];
  const names = siteNames(participants);
  const codes = siteCodes(participants, names);
  const seen = new Set<string>();
  const rows = participants.persons.flatMap((person, row) => {
    const key = JSON.stringify([person, codes[row]]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [row];
  });
  return others.flatMap((covariate) => {
    const known = rows.filter((row) => !isMissing(covariate, row));
    const sites = Int32Array.from(known, (row) => codes[row]);
    const { p, pOfOne, share } = imbalance(covariate, known, { sites, count: names.length });
    if (!(p < UNLIKELY || pOfOne < UNLIKELY || share > MEDIUM)) return [];
    const { name } = covariate;
    const explained = Math.max(share, 0);
    const message =
      `${name} differs between sites and is not preserved: ${describe(covariate, known, { sites, names })} ` +
      `(sites explain ${Math.round(100 * explained)}% of it beyond chance, p = ${Math.min(p, pOfOne).toPrecision(2)})`;
    return [{ name, share: explained, message }];
  });
}

function byOption(name: string): Advice {
  return advise`add "${name}" to ${option('preserve')}: what differs between sites and is not preserved is removed with the site`;
}

/** What to do where a harmonizer has no option that says what to preserve. */
export function byOtherMethod(harmonizer: string): (name: string) => Advice {
  return (name) => [
    `${harmonizer} does not keep "${name}" and removes with the site what differs between sites: use a method that keeps it, such as ComBat`,
  ];
}

interface RowSites {
  /** The site of each row, 0 … */
  readonly sites: Int32Array;
  readonly count: number;
}

function imbalance(covariate: Covariate, rows: readonly number[], at: RowSites): SiteImbalance {
  return covariate.kind === 'continuous'
    ? continuousImbalance(
        Float64Array.from(rows, (row) => covariate.values[row]),
        at,
      )
    : categoricalImbalance(
        Int32Array.from(rows, (row) => covariate.codes[row]),
        covariate.levels.length,
        at,
      );
}

/** One-way analysis of variance of a continuous covariate on the sites. */
export function continuousImbalance(values: Float64Array, { sites, count }: RowSites): SiteImbalance {
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  sites.forEach((site, i) => {
    sums[site] += values[i];
    sizes[site]++;
  });
  const n = values.length;
  const grand = values.reduce((sum, value) => sum + value, 0) / n;
  let between = 0;
  let within = 0;
  sizes.forEach((size, site) => {
    if (size > 0) between += size * (sums[site] / size - grand) ** 2;
  });
  values.forEach((value, i) => (within += (value - sums[sites[i]] / sizes[sites[i]]) ** 2));
  const numerator = sizes.filter((size) => size > 0).length - 1;
  const denominator = n - numerator - 1;
  if (numerator < 1 || denominator < 1 || !(between > 0)) return none;
  const noise = within / denominator;
  const share = (between - numerator * noise) / (between + within + noise);
  if (!(within > 0)) return { p: 0, pOfOne: 0, share };
  const ofOne = Array.from(sizes).flatMap((size, site) => {
    if (size === 0 || size === n) return [];
    // The sum of squares between the site and all others.
    const apart = ((sums[site] / size - grand) ** 2 * size * n) / (n - size);
    return [fUpperTail(apart / noise, 1, denominator)];
  });
  return {
    p: fUpperTail(between / numerator / noise, numerator, denominator),
    pOfOne: corrected(ofOne),
    share,
  };
}

/** Pearson's χ² test of a categorical covariate and the sites. */
export function categoricalImbalance(
  codes: Int32Array,
  levels: number,
  { sites, count }: RowSites,
): SiteImbalance {
  const cells = new Float64Array(count * levels);
  const ofSite = new Float64Array(count);
  const ofLevel = new Float64Array(levels);
  codes.forEach((level, i) => {
    cells[sites[i] * levels + level]++;
    ofSite[sites[i]]++;
    ofLevel[level]++;
  });
  const n = codes.length;
  let statistic = 0;
  const apart = new Float64Array(count);
  cells.forEach((met, cell) => {
    const site = Math.floor(cell / levels);
    const expected = (ofSite[site] * ofLevel[cell % levels]) / n;
    if (!(expected > 0)) return;
    const squared = (met - expected) ** 2;
    statistic += squared / expected;
    // The other sites together differ from what is expected by as much, the other way.
    apart[site] += squared / expected + squared / (ofLevel[cell % levels] - expected);
  });
  const rows = ofSite.filter((size) => size > 0).length;
  const columns = ofLevel.filter((size) => size > 0).length;
  const df = (rows - 1) * (columns - 1);
  if (df < 1 || n < 3) return none;
  const fewer = (size: number): number => size - (size - 1) ** 2 / (n - 1) - 1;
  const share = (statistic / n - df / (n - 1)) / Math.min(fewer(rows), fewer(columns));
  const ofOne = Array.from(
    apart.filter((_, site) => ofSite[site] > 0),
    (one) => chiSquareUpperTail(one, columns - 1),
  );
  return { p: chiSquareUpperTail(statistic, df), pOfOne: corrected(ofOne), share };
}

const none: SiteImbalance = { p: NaN, pOfOne: NaN, share: NaN };

function corrected(p: readonly number[]): number {
  return Math.min(1, p.length * Math.min(...p));
}

interface NamedSites {
  readonly sites: Int32Array;
  readonly names: readonly string[];
}

/** The mean at every site, or the number of participants of every level. */
function describe(covariate: Covariate, rows: readonly number[], { sites, names }: NamedSites): string {
  const here = names.map((_, site) => rows.filter((__, i) => sites[i] === site));
  if (covariate.kind === 'categorical') return countsOf(covariate, here, names);
  const means = here.map((own) => own.reduce((sum, row) => sum + covariate.values[row], 0) / own.length);
  const unit = covariate.unit === undefined ? '' : ` ${covariate.unit}`;
  const shown = (site: number): string => {
    const mean = Number.isNaN(means[site]) ? 'none' : `${Number(means[site].toPrecision(3))}${unit}`;
    return `${mean} at "${names[site]}"`;
  };
  if (names.length <= MANY_SITES) return `mean ${names.map((_, site) => shown(site)).join(', ')}`;
  const known = [...means.keys()].filter((site) => !Number.isNaN(means[site]));
  known.sort((a, b) => means[a] - means[b]);
  return `means from ${shown(known[0])} to ${shown(known[known.length - 1])} over ${known.length} sites`;
}

function countsOf(
  covariate: CategoricalCovariate,
  here: readonly (readonly number[])[],
  names: readonly string[],
): string {
  const shown = names.slice(0, MANY_SITES).map((name, site) => {
    const counts = covariate.levels.map((level, code) => {
      const met = here[site].filter((row) => covariate.codes[row] === code).length;
      return met === 0 ? '' : `${met} ${level}`;
    });
    return `${counts.filter((count) => count !== '').join(' and ') || 'none'} at ${quoteName(name)}`;
  });
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more sites` : '');
}
