import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { advise, option } from '../../remedy';

/**
 * The end or the beginning of a name that says a visit: `thick_ses2`, `thick_v1`, `thick.m12`, `thick_bl`, `wave2_thick`. `T1` and
 * `T2` are contrasts of scans, and numbers alone may count regions.
 */
const words = 'ses(?:sion)?|visit|vis|tp|timepoint|time|wave|month|year|baseline|followup|fu';
const atEnd = new RegExp(
  `^(?<what>.+?)[_\\-. ](?<visit>(?:${words})[_\\-. ]?\\d{0,3}|[vtwmyVWMY]\\d{1,3}|\\d{1,2}(?:mo|m|y|yr)|bl)$`,
);
const atStart = new RegExp(
  `^(?<visit>(?:${words})[_\\-. ]?\\d{0,3}|[vtwmyVWMY]\\d{1,3}|bl)[_\\-. ](?<what>.+)$`,
);

/** So many measures, and at least half of all columns, are there at every visit where a table has visits side by side. */
const fewest = 3;
/** Fewer are so many where there is nothing else, and no visual areas (`V1`), weights or years. */
const inWords = /^(t\d|ses|vis|tp|time|wave|baseline|bl|follow|fu)/;

/**
 * Warns of a table in the wide form, with a row per person and the visits side by side: `lh_insula_v1`, `lh_insula_v2`. Each visit of
 * a measure is taken as a feature of its own then, under the one site and age of the row.
 */
export function wideTableIssues(
  features: readonly string[],
  file: string,
  columns: readonly string[] = [],
): readonly Issue[] {
  const visitsOf = new Map<string, string[]>();
  for (const name of features) {
    const { what, visit } = (atEnd.exec(name) ?? atStart.exec(name))?.groups ?? {};
    if (what === undefined) continue;
    const visits = visitsOf.get(what);
    if (visits === undefined) visitsOf.set(what, [visit]);
    else visits.push(visit);
  }
  const bySet = new Map<string, number>();
  for (const visits of visitsOf.values()) {
    if (visits.length < 2) continue;
    const key = JSON.stringify(visits);
    bySet.set(key, (bySet.get(key) ?? 0) + 1);
  }
  for (const [key, measures] of bySet) {
    const visits = JSON.parse(key) as readonly string[];
    const all = measures * visits.length === features.length && visits.every((visit) => inWords.test(visit));
    if ((measures < fewest && !all) || measures * visits.length * 2 < features.length) continue;
    const found = `the features look like ${measures} ${measures === 1 ? 'measure' : 'measures'} at ${visits.length} visits side by side (${listNames(visits)})`;
    return [severalVisitsIssue(found, file)];
  }
  return byAges(features, file, columns);
}

/** Several ages or dates of a person say which visits a row has, even where the ends of measures alone might mean something else. */
const ages =
  /^(?<before>[a-z]*\d{1,2}[_. -])?(?:scan|mri|visit)?[_. -]?(?:age|date)(?<after>[_. -]?[a-z]*\d{1,2}|[_. -](?:bl|fu|baseline|followup))?$/i;

function byAges(features: readonly string[], file: string, columns: readonly string[]): readonly Issue[] {
  const known = new Set(features);
  for (const at of ['before', 'after'] as const) {
    const visits = [...new Set(columns.flatMap((name) => ages.exec(name)?.groups?.[at] ?? []))];
    // `age_2` and `age_3` are powers of the age.
    const isCounted = visits.some((visit) => !/\d/.test(visit) || /(^|\D)0?[01]\D*$/.test(visit));
    if (visits.length < 2 || !isCounted) continue;
    const named = (what: string, visit: string): string => (at === 'before' ? visit + what : what + visit);
    const measures = features.filter((name) => {
      const isFirst = at === 'before' ? name.startsWith(visits[0]) : name.endsWith(visits[0]);
      const what = at === 'before' ? name.slice(visits[0].length) : name.slice(0, -visits[0].length);
      return isFirst && visits.every((visit) => known.has(named(what, visit)));
    }).length;
    if (measures === 0 || measures * visits.length * 2 < features.length) continue;
    const found = `the features look like ${measures} ${measures === 1 ? 'measure' : 'measures'} at ${visits.length} visits side by side (${listNames(visits)}), as the ages or dates do`;
    return [severalVisitsIssue(found, file)];
  }
  return [];
}

/** The warning that a row holds several visits. */
export function severalVisitsIssue(found: string, file: string): Issue {
  return makeIssue(
    'other-visit',
    `${found}: a row holds several scans of a person then, and one site for all of them`,
    { file },
    advise`name the features of one visit with ${option('features')}; or give each visit a row of its own, and say who is who with ${option('person')}`,
  );
}
