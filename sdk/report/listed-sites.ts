import type { SizedSite } from '../data/people/sized-sites';
import { quantile } from '../math/statistics/quantiles';
import { count } from '../plot/layout';
import type { ReportFact, ReportTable } from './report-content';

/** More sites than this are not named in a sentence: a table has them all. */
const listed = 20;
/** And so many of them are where they are named at all. */
const named = 12;

/** How many sites there are, and which, as far as they are few enough to be read. */
export function sitesFact(sites: readonly SizedSite[]): ReportFact {
  const sizes = sites.map(({ name, subjects }) => `${name} (${count(subjects)})`);
  return { label: 'Sites', value: `${count(sites.length)}: ${someOf(sizes, 'all in a table below')}` };
}

/** Names, the first of very many, and where all of them are. */
export function someOf(names: readonly string[], where?: string): string {
  if (names.length <= listed) return names.join(', ');
  const rest = `${names.slice(0, named).join(', ')} and ${count(names.length - named)} more`;
  return where === undefined ? rest : `${rest} (${where})`;
}

/** The sizes of sites for a methods section: `A, n = 20; B, n = 31`, or their range. */
export function siteSizes(sites: readonly SizedSite[]): string {
  if (sites.length <= listed) return sites.map(({ name, subjects }) => `${name}, n = ${subjects}`).join('; ');
  const sizes = sites.map(({ subjects }) => subjects).sort((a, b) => a - b);
  return `n = ${count(sizes[0])} to ${count(sizes[sizes.length - 1])}, median ${count(quantile(sizes, 0.5))}`;
}

/** A table of all sites for reports without another, where the facts do not name all. */
export function allSitesTable(sites: readonly SizedSite[]): readonly ReportTable[] {
  if (sites.length <= listed) return [];
  return [
    {
      name: 'sites',
      title: 'Sites',
      caption: 'All sites, and how many scans are of each.',
      columns: ['site', 'scans'],
      rows: sites.map(({ name, subjects }) => [name, subjects]),
    },
  ];
}
