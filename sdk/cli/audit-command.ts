import type { Command } from 'commander';
import { basename, join } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import { listNames } from '../data/list-names';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { alignCohorts } from '../evaluate/align-cohorts';
import type { TableAudit } from '../evaluate/audit';
import { auditToJson } from '../evaluate/rows/audit-json';
import { evaluateTable } from '../evaluate/evaluate-table';
import { formatAudit } from '../evaluate/rows/format-audit';
import { loadTable } from '../io/load-table';
import { auditedCovariates } from '../io/notice-covariates';
import { openTable } from '../io/open-table';
import { isSameFile } from '../io/same-file';
import { writeFileSafely } from '../io/write-file';
import { auditReport } from '../report/audit-report';
import { writeReport } from '../report/write-report';
import { addFolderOptions, unitsOf } from './folder-options';
import { requireKindsOfCovariates } from './harmonize-flags';
import { inFolder } from './in-folder';
import type { ReadingFlags } from './load-for-harmonize';
import { isFolder, loadForHarmonize } from './load-for-harmonize';
import { countOf, integerOf, listOf } from './option-values';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { plainOptions, provenanceText } from './provenance-file';
import { requireOutputs } from './require-outputs';
import type { CommandStreams } from './streams';
import { addTableFlags, requireParticipantsFlag, tableOptionsOf } from './table-flags';

interface AuditFlags extends ReadingFlags {
  readonly afterId?: string;
  readonly out?: string;
  readonly seed: number;
  readonly seeds: number;
  readonly maxSubjects: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** The files that `concord audit` writes. */
const outputs = ['report.html', 'provenance.json'] as const;

/** Adds `concord audit`. */
export function auditCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('audit')
    .description(
      'judge a table that was harmonized elsewhere: is the site gone, are biology and persons kept?',
    )
    .argument('<before>', 'the raw table, with sites and covariates, as for concord harmonize')
    .argument('<after>', 'the harmonized table: the same ids and features; rows and columns in any order')
    .option('--out <folder>', `where to write ${outputs.join(' and ')} (default: nothing is written)`)
    .option('--site <column>', 'the column of sites', 'site')
    .option('--after-id <column>', 'the column of subject ids of the harmonized table (default: as --id)')
    .option(
      '--preserve <names>',
      'covariates to adjust for and to look for (default: age, sex and diagnosis, where they are found)',
      listOf,
      [],
    )
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option('--unit <units>', 'units of continuous covariates, for example age=years', unitsOf, {})
    .option('--features <patterns>', 'names or globs of features (default: the other numeric columns)')
    .option('--seed <number>', 'seed of the audit', integerOf, 1)
    .option('--seeds <count>', 'how often the audit repeats its cross-validation', countOf, 5)
    .option('--max-subjects <count>', 'so many subjects are drawn from larger tables', countOf, 2000)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false);
  addFolderOptions(command, { measures: 'thickness', parcellation: 'aparc, or the only one there is' });
  addTableFlags(command);
  command.action((before: string, after: string, flags: AuditFlags) => {
    requireKindsOfCovariates(flags, command);
    requireParticipantsFlag(flags, command);
    return runAudit([before, after], flags, streams);
  });
}

async function runAudit(
  tables: readonly [before: string, after: string],
  flags: AuditFlags,
  streams: CommandStreams,
): Promise<void> {
  const { out, overwrite, participants } = flags;
  const inputs = participants === undefined ? tables : [...tables, participants];
  if (await isSameFile(...tables)) {
    throw new ConcordError('invalid-option', `invalid tables: ${tables.join(' and ')} are the same file`, {
      remedy: ['name the raw table first and the harmonized one second'],
    });
  }
  const run = progressLine(streams);
  if (out === undefined) {
    const done = await compute(tables, flags, run);
    run.clear();
    print(done, flags, streams);
    return;
  }
  await requireOutputs(
    outputs.map((name) => join(out, name)),
    { inputs, overwrite },
  );
  await inFolder(out, async () => {
    const done = await compute(tables, flags, run);
    const names = tables.map((table) => basename(table)).join(' and ');
    const about = { title: `Audit of ${basename(tables[1])}`, source: names };
    await writeReport(join(out, 'report.html'), auditReport(done, about), { overwrite });
    const record = {
      command: 'concord audit',
      options: plainOptions(flags),
      inputs,
      steps: [...done.before.provenance, ...done.after.provenance],
      issues: done.audit.issues,
    };
    await writeFileSafely(join(out, 'provenance.json'), await provenanceText(record), { overwrite });
    run.clear();
    print(done, flags, streams);
  });
}

interface Audited {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  /** Its issues are all that were met. */
  readonly audit: TableAudit;
}

async function compute(
  [raw, harmonized]: readonly [string, string],
  flags: AuditFlags,
  run: RunOptions,
): Promise<Audited> {
  const loaded = await loadForHarmonize(raw, flags, run);
  const other = await loadAfter(harmonized, { loaded, raw, flags, run });
  const { before, after, issues } = alignCohorts(loaded, other.cohort);
  const { seed, seeds, maxSubjects } = flags;
  const method = basename(harmonized);
  const covariates = auditedCovariates(before.participants, flags.preserve);
  const audit = await evaluateTable(before, after, { method, seed, seeds, maxSubjects, covariates, ...run });
  const all = distinctIssues([...before.issues, ...other.issues, ...issues, ...audit.issues]);
  return { before, after, audit: { ...audit, issues: all } };
}

/** Loads the harmonized table; its sites are those of the raw one, whether or not it has them itself. */
async function loadAfter(
  path: string,
  given: {
    readonly loaded: FeatureCohort;
    readonly raw: string;
    readonly flags: AuditFlags;
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
  const { header } = await openTable(path, run);
  requireSubjectsInRows(header, path, loaded);
  // Where the harmonized table has no such column its ids are looked for as in any table.
  const ownId = flags.afterId ?? (id !== undefined && header.includes(id) ? id : undefined);
  const cohort = await loadTable(path, {
    ...tableOptionsOf({ ...flags, id: ownId }),
    site,
    ...(features === undefined ? {} : { features }),
    participants: { path: participants ?? raw, site, ...(id === undefined ? {} : { id }) },
    ...run,
  });
  // Who is in the raw table only is said where the two are aligned; columns that both have are no news.
  const file = basename(path);
  const issues = cohort.issues.filter(
    ({ code, where }) =>
      code !== 'overruled-column' && (code !== 'unmatched-subject' || basename(where.file ?? '') === file),
  );
  return { cohort, issues };
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

function print({ audit }: Audited, flags: AuditFlags, streams: CommandStreams): void {
  if (flags.json) {
    streams.out(`${JSON.stringify(auditToJson(audit))}\n`);
    return;
  }
  streams.out(`${formatAudit({ ...audit, issues: [] })}\n`);
  streams.out(issueLines(audit.issues, 'audit'));
  if (flags.out !== undefined) streams.out(`\nwritten to ${flags.out}: ${outputs.join(', ')}\n`);
}
