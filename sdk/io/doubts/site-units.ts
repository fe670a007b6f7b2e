import type { ContinuousCovariate, Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import { medianInPlace } from '../../math/statistics/median-in-place';

/** Fewer values of a site say nothing of its unit. */
const fewestAtSite = 3;
/** So many times as large as elsewhere no covariate is at a whole site, unless its unit is smaller: ml and mm³, g and mg. */
const unitTimes = 100;
/** Years are at most so many; months and days of the same persons are more than so many times as many. */
const oldest = 120;
const ageTimes = 6;

/**
 * Warns of a covariate that is in another unit at some sites: ages in months at one and in years at the others, or volumes in mm³ and ml.
 * Its values there are all above those of the other sites, and in the middle 100 times as large; of ages it is enough that the
 * others are of persons in years, and the middle of these sites is above 120 and 6 times as large.
 *
 * @param sites - of each row
 */
export function siteUnitIssues(
  covariates: readonly Covariate[],
  sites: readonly string[],
  file: string,
): readonly Issue[] {
  return covariates.flatMap((covariate) => {
    if (covariate.kind === 'categorical') return [];
    const found = sitesInOtherUnit(covariate, sites);
    if (found === undefined) return [];
    const { low, high } = found;
    const message =
      `covariate ${quoteName(covariate.name)} is ${rangeOf(high)} at ${namesOf(high)} and ${rangeOf(low)} at ${namesOf(low)}, ` +
      'as where it is in another unit there; its effect is fitted on these numbers as they are';
    return [
      makeIssue('doubtful-unit', message, { file, column: covariate.name }, [
        'write it in one unit at all sites; nothing to do where the sites differ so much',
      ]),
    ];
  });
}

/** The values of one site, ascending. */
interface ValuesOfSite {
  readonly site: string;
  readonly low: number;
  readonly high: number;
  readonly median: number;
}

function sitesInOtherUnit(
  { name, values }: ContinuousCovariate,
  sites: readonly string[],
): { readonly low: readonly ValuesOfSite[]; readonly high: readonly ValuesOfSite[] } | undefined {
  const bySite = new Map<string, number[]>();
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (value < 0) return undefined;
    const own = bySite.get(sites[row]);
    if (own === undefined) bySite.set(sites[row], [value]);
    else own.push(value);
  }
  const all = [...bySite]
    .filter(([, own]) => own.length >= fewestAtSite)
    .map(([site, own]) => describeSite(site, Float64Array.from(own).sort()))
    .sort((a, b) => a.median - b.median);
  const isAge = /(^|[^a-z])age([^a-z]|$)/i.test(name);
  for (let from = 1; from < all.length; from++) {
    const [low, high] = [all.slice(0, from), all.slice(from)];
    const top = Math.max(...low.map((site) => site.high));
    const bottom = Math.min(...high.map((site) => site.low));
    const times = high[0].median / low[from - 1].median;
    const years = isAge && top <= oldest && high[0].median > oldest && times > ageTimes;
    if (low[0].median > 0 && bottom > top && (years || times > unitTimes)) return { low, high };
  }
  return undefined;
}

function describeSite(site: string, sorted: Float64Array): ValuesOfSite {
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  return { site, low, high, median: medianInPlace(sorted, 0, sorted.length) };
}

function rangeOf(sites: readonly ValuesOfSite[]): string {
  const low = Math.min(...sites.map((site) => site.low));
  const high = Math.max(...sites.map((site) => site.high));
  const [from, to] = [low, high].map((value) => String(Number(value.toPrecision(6))));
  return from === to ? from : `${from} to ${to}`;
}

function namesOf(sites: readonly ValuesOfSite[]): string {
  return listNames(
    sites.map(({ site }) => site),
    4,
  );
}
