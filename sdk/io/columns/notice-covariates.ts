import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import { makeIssue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import type { Biology } from './biology-of';
import { biologyOf } from './biology-of';
import type { CollectSetting } from '../rows/collect-cohort';
import { collectCohort } from '../rows/collect-cohort';
import type { RowSource } from '../text/row-source';
import type { CovariateSpec, TableOptions } from '../tables/table-options';

/** More levels than this are names or codes, not groups. */
const MOST_LEVELS = 10;

/** From this share of participants with a value, at every site, an audit can use a covariate that it was not given. */
const KNOWN = 0.95;

/**
 * Collects a cohort, and with the option `notice` also the columns whose names say that they are age, sex or diagnosis,
 * one of each kind, unless a covariate of that kind is asked for: so that an audit can see what was not preserved. What
 * cannot be read as a covariate is left out, with an issue.
 *
 * @throws ConcordError as {@link collectCohort} does.
 */
export async function collectNoticing(
  source: RowSource,
  options: TableOptions,
  setting: CollectSetting,
): Promise<FeatureCohort> {
  const header = [...(setting.participants?.source.header ?? []), ...source.header];
  const asked = options.covariates ?? [];
  // A lone name instead of a list is refused when the roles of columns are found.
  let noticed = options.notice === true && typeof asked !== 'string' ? noticeColumns(header, options) : [];
  const issues = [...(setting.issues ?? [])];
  for (;;) {
    const given = noticed.length === 0 ? options : { ...options, covariates: [...asked, ...noticed] };
    try {
      const cohort = await collectCohort(source, given, { ...setting, issues });
      return withoutUseless(cohort, noticed);
    } catch (error) {
      const column = error instanceof ConcordError ? error.where.column : undefined;
      if (!(error instanceof ConcordError) || column === undefined || !noticed.includes(column)) throw error;
      noticed = noticed.filter((name) => name !== column);
      const message = `column "${column}" is not audited: ${error.problem}`;
      issues.push(makeIssue('unread-covariate', message, { column }, error.remedy));
    }
  }
}

/** The columns that say age, sex and diagnosis, as far as nothing asked for does. */
export function noticeColumns(
  header: readonly string[],
  { covariates = [], ...roles }: Pick<TableOptions, 'covariates' | 'id' | 'site'>,
): readonly string[] {
  const asked = covariates.map((item: string | CovariateSpec) =>
    typeof item === 'string' ? item : item.name,
  );
  const taken = new Set([roles.site ?? 'site', roles.id, ...asked]);
  const kinds = new Set(asked.map(biologyOf));
  const found = new Map<Biology, string>();
  // The plainest name: `age` before `age_at_scan`.
  for (const name of [...new Set(header)].sort((a, b) => a.length - b.length)) {
    const kind = biologyOf(name);
    if (kind === undefined || kinds.has(kind) || taken.has(name) || found.has(kind)) continue;
    found.set(kind, name);
  }
  const names = new Set(found.values());
  return [...new Set(header)].filter((name) => names.has(name));
}

/** Noticed columns that are the same for all participants, or different for nearly all, say nothing. */
function withoutUseless(cohort: FeatureCohort, noticed: readonly string[]): FeatureCohort {
  if (noticed.length === 0) return cohort;
  const { participants } = cohort;
  const useless = (covariate: Covariate): boolean =>
    noticed.includes(covariate.name) &&
    (covariate.kind === 'continuous'
      ? new Set(covariate.values.filter((value) => !Number.isNaN(value))).size < 2
      : covariate.levels.length < 2 || covariate.levels.length > MOST_LEVELS);
  const covariates = participants.covariates.filter((covariate) => !useless(covariate));
  const kept = new Set(covariates.map(({ name }) => name));
  const issues = cohort.issues.flatMap((issue) => {
    const { column } = issue.where;
    if (issue.code !== 'inferred-covariate' || column === undefined || !noticed.includes(column))
      return [issue];
    const message = `${issue.message}, for the audit only: it is not preserved`;
    const advice = advise`if it is of another kind, or is to be preserved, name it in ${option('covariates')}`;
    return kept.has(column) ? [makeIssue(issue.code, message, issue.where, advice)] : [];
  });
  return { ...cohort, participants: { ...participants, covariates }, issues };
}

/**
 * The covariates that an audit can use: those asked for, and of the others those that nearly every participant of every
 * site has, since tests leave out who lacks one.
 *
 * @param batches - covariates that are batch variables, and no biology
 */
export function auditedCovariates(
  participants: Participants,
  asked: readonly string[],
  batches: readonly string[] = [],
): readonly string[] {
  const { sites, covariates } = participants;
  const known = (covariate: Covariate): boolean => {
    const present = new Map<string, number>();
    const sizes = new Map<string, number>();
    sites.forEach((site, row) => {
      sizes.set(site, (sizes.get(site) ?? 0) + 1);
      if (!isMissing(covariate, row)) present.set(site, (present.get(site) ?? 0) + 1);
    });
    return [...sizes].every(([site, size]) => (present.get(site) ?? 0) >= KNOWN * size);
  };
  return covariates
    .filter(({ name }) => !batches.includes(name))
    .filter((covariate) => asked.includes(covariate.name) || known(covariate))
    .map(({ name }) => name);
}
