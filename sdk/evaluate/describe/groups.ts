import type { FeatureCohort } from '../../data/cohort';
import { quoteName } from '../../data/list-names';
import { covariateNamed, siteCodes, siteNames } from '../../data/people/participants';
import { ConcordError } from '../../errors';

/** The rows of a cohort that have the same site and levels. */
export interface Group {
  /** The label of each grouping: `{ site: 'Guys', sex: 'F' }`; `null` where it is missing. */
  readonly labels: Readonly<Record<string, string | null>>;
  readonly rows: readonly number[];
}

/** One grouping: its labels in their order, and the place of each row's among them, −1 where it is missing. */
interface Grouping {
  readonly name: string;
  readonly labels: readonly string[];
  readonly codeOf: (row: number) => number;
}

/**
 * The groups of a cohort's rows, in the order of sites (sorted) and of levels; those nobody is in are left out, and rows
 * whose level is missing are a group of their own, the last.
 *
 * @param by - `site`, or names of categorical covariates
 * @throws ConcordError `unknown-column` when there is no such covariate; `invalid-option` for one on a scale.
 */
export function groupsBy(cohort: FeatureCohort, by: readonly string[]): readonly Group[] {
  const groupings = by.map((name) => groupingOf(cohort, name));
  const found = new Map<string, { codes: readonly number[]; rows: number[] }>();
  cohort.participants.ids.forEach((_, row) => {
    const codes = groupings.map(({ codeOf }) => codeOf(row));
    const key = codes.join();
    const group = found.get(key);
    if (group === undefined) found.set(key, { codes, rows: [row] });
    else group.rows.push(row);
  });
  return [...found.values()]
    .sort((a, b) => compareCodes(a.codes, b.codes))
    .map(({ codes, rows }) => ({
      labels: Object.fromEntries(
        groupings.map(({ name, labels }, k) => [name, codes[k] === -1 ? null : labels[codes[k]]]),
      ),
      rows,
    }));
}

function groupingOf(cohort: FeatureCohort, name: string): Grouping {
  const { participants } = cohort;
  if (name === 'site') {
    const labels = siteNames(participants);
    const codes = siteCodes(participants, labels);
    return { name, labels, codeOf: (row) => codes[row] };
  }
  const covariate = covariateNamed(participants, name);
  if (covariate.kind === 'continuous') {
    const message = `invalid grouping: ${quoteName(name)} is on a scale (site and covariates with levels make groups)`;
    throw new ConcordError('invalid-option', message, { where: { column: name } });
  }
  return { name, labels: covariate.levels, codeOf: (row) => covariate.codes[row] };
}

/** The order of groups: by their first grouping, then the second; missing labels come last. */
function compareCodes(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((code, k) => code !== b[k]);
  if (differing === -1) return 0;
  const last = (code: number): number => (code === -1 ? Infinity : code);
  return last(a[differing]) - last(b[differing]);
}
