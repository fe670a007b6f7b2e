import { basename } from 'node:path';
import { covariatesOf } from '../../combat/design/formula';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { alignCohorts } from '../../evaluate/matching/align-cohorts';
import type { TableAudit } from '../../evaluate/audit';
import { evaluateTable } from '../../evaluate/evaluate-table';
import { loadTable } from '../../io/tables/load-table';
import { auditedCovariates } from '../../io/columns/notice-covariates';
import { openTable } from '../../io/tables/open-table';
import { afterReading } from '../noticed-before';
import type { ReadingFlags } from './load-for-harmonize';
import { isFolder } from '../../io/files/make-folder';
import { loadForHarmonize } from './load-for-harmonize';
import { tableOptionsOf } from './table-flags';

/** What the options of `concord audit` on tables hold once parsed. */
export interface AuditTablesFlags extends ReadingFlags {
  readonly afterId?: string;
  readonly seed: number;
  readonly seeds?: number;
  readonly maxSubjects?: number;
}

/** Tables that were audited. */
export interface AuditedTables {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  /** Its issues include those of reading and matching the tables. */
  readonly audit: TableAudit;
}

/** Audits a table that was harmonized elsewhere. */
export async function auditTables(
  [raw, harmonized]: readonly [string, string],
  flags: AuditTablesFlags,
  run: RunOptions,
): Promise<AuditedTables> {
  const loaded = await loadForHarmonize(raw, flags, run);
  const other = await loadAfter(harmonized, { loaded, raw, flags, run });
  const { before, after, issues } = alignCohorts(loaded, other.cohort);
  const { seed, seeds, maxSubjects } = flags;
  const method = basename(harmonized);
  const covariates = auditedCovariates(before.participants, covariatesOf(flags.preserve, 'preserve'));
  const options = { method, seed, seeds, maxSubjects, covariates, ...run };
  const noticed = { issues: [...before.issues, ...other.issues] };
  const audit = await afterReading(noticed, () => evaluateTable(before, after, options));
  const all = distinctIssues([...before.issues, ...other.issues, ...issues, ...audit.issues]);
  return { before, after, audit: { ...audit, issues: all } };
}

/** Loads the harmonized table; its sites are those of the raw one, whether or not it has them itself. */
async function loadAfter(
  path: string,
  given: {
    readonly loaded: FeatureCohort;
    readonly raw: string;
    readonly flags: AuditTablesFlags;
    readonly run: RunOptions;
  },
): Promise<{ readonly cohort: FeatureCohort; readonly issues: readonly Issue[] }> {
  const { loaded, raw, flags, run } = given;
  const { id, site, features, participants } = flags;
  if (await isFolder(path)) {
    throw new ConcordError('unsupported-format', `unsupported: ${path} is a folder`, {
      where: { file: path },
      remedy: ['name the harmonized table itself'],
    });
  }
  const people = participants ?? raw;
  const [{ header }, { header: known }] = await Promise.all([openTable(path, run), openTable(people, run)]);
  requireSubjectsInRows(header, path, loaded);
  // Where the harmonized table has no such column its ids are looked for as in any table.
  const ownId = flags.afterId ?? (id !== undefined && header.includes(id) ? id : undefined);
  // Covariates are those of the raw table, and are read once more to be held against its own.
  const covariates = loaded.participants.covariates.filter(({ name }) => known.includes(name));
  const names = covariates.map(({ name }) => name);
  const reading = tableOptionsOf({ ...flags, id: ownId });
  const cohort = await loadTable(path, {
    ...reading,
    sameLevel: sameLevelsOf(flags, names),
    site,
    features,
    covariates: covariates.map(({ name, kind }) => ({ name, kind })),
    participants: reading.participants ?? { path: raw, site, id },
    ...run,
  });
  // Aligning the tables reports who is in the raw one only; that both have the same columns needs no issue.
  const file = basename(path);
  const issues = cohort.issues.filter(
    ({ code, where }) =>
      code === 'contradicting-tables' ||
      (code !== 'overruled-column' &&
        !names.includes(where.column ?? '') &&
        (code !== 'unmatched-subject' || basename(where.file ?? '') === file)),
  );
  return { cohort, issues };
}

/** The labels that are the same, of these covariates. */
function sameLevelsOf({ sameLevel = {} }: ReadingFlags, names: readonly string[]): ReadingFlags['sameLevel'] {
  return Object.fromEntries(Object.entries(sameLevel).filter(([name]) => names.includes(name)));
}

/** Refuses a table whose columns are subjects, as some packages of R write it. */
function requireSubjectsInRows(header: readonly string[], path: string, before: FeatureCohort): void {
  const ids = new Set(before.participants.ids);
  const subjects = header.filter((name) => ids.has(name) || ids.has(name.replace(/^sub-/, '')));
  const features = new Set(before.features.features);
  if (subjects.length < 2 || header.some((name) => features.has(name))) return;
  throw new ConcordError(
    'malformed-table',
    `${path} has subjects in its columns (${listNames(subjects, 3)})`,
    { where: { file: path }, remedy: ['transpose it: one row per subject, with a column of ids'] },
  );
}
