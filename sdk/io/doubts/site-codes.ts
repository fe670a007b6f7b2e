import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';

/** The codes of two groups, as programs number them. */
const codings: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 2],
];

/**
 * Warns of a covariate of two groups that some sites number 0 and 1 and others 1 and 2 (sex, a diagnosis): 1 is one group here and the
 * other there, and as levels or as amounts the groups of all sites are mixed up. Where a site has both 0 and 2 there are three.
 *
 * @param sites - of each row
 */
export function siteCodesIssues(
  covariates: readonly Covariate[],
  sites: readonly string[],
  file: string,
): readonly Issue[] {
  return covariates.flatMap((covariate) => {
    const found = sitesByCoding(numbersOf(covariate), sites);
    if (found === undefined) return [];
    const [from0, from1] = found;
    const message =
      `covariate ${quoteName(covariate.name)} is 0 and 1 at ${listNames(from0, 4)} and 1 and 2 at ${listNames(from1, 4)}, and never 0 and 2 at one site: ` +
      'where it has two groups, 1 is one of them here and the other there';
    return [
      makeIssue('near-equal-labels', message, { file, column: covariate.name }, [
        'write both groups in one way at all sites, in words (M and F) where you can; nothing to do where 0, 1 and 2 are three groups',
      ]),
    ];
  });
}

/** Its values, or its levels as numbers; those that are none are as 3, which no coding has. */
function numbersOf(covariate: Covariate): readonly number[] {
  if (covariate.kind === 'continuous') return [...covariate.values];
  const numbers = covariate.levels.map((level) => (/^\d+(\.0*)?$/.test(level) ? Number(level) : 3));
  return Array.from(covariate.codes, (code) => (code < 0 ? NaN : numbers[code]));
}

/** The sites that number two groups from 0, and those from 1; `undefined` where there are not both, or anything else. */
function sitesByCoding(
  values: readonly number[],
  sites: readonly string[],
): readonly [readonly string[], readonly string[]] | undefined {
  const met = new Map<string, Set<number>>();
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (value !== 0 && value !== 1 && value !== 2) return undefined;
    const own = met.get(sites[row]);
    if (own === undefined) met.set(sites[row], new Set([value]));
    else own.add(value);
  }
  const all = [...met];
  if (all.some(([, own]) => own.has(0) && own.has(2))) return undefined;
  const [from0, from1] = codings.map((pair) =>
    all.filter(([, own]) => pair.every((code) => own.has(code))).map(([site]) => site),
  );
  return from0.length === 0 || from1.length === 0 ? undefined : [from0, from1];
}
