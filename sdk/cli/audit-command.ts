import type { Command } from 'commander';
import { basename, join } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import { listNames } from '../data/list-names';
import type { Provenance } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { alignCohorts } from '../evaluate/matching/align-cohorts';
import type { TableAudit } from '../evaluate/audit';
import type { Audit } from '../evaluate/images-audit/image-audit';
import { auditToJson } from '../evaluate/rows/audit-json';
import { evaluateTable } from '../evaluate/evaluate-table';
import { formatAudit } from '../evaluate/rows/format-audit';
import { loadTable } from '../io/tables/load-table';
import { auditedCovariates } from '../io/columns/notice-covariates';
import { openTable } from '../io/tables/open-table';
import { isSameFile } from '../io/files/same-file';
import { writeFileSafely } from '../io/files/write-file';
import type { AuditReportOptions } from '../report/audit-report';
import { auditReport } from '../report/audit-report';
import { imageAuditReport } from '../report/image-audit-report';
import type { ReportContent } from '../report/report-content';
import { writeReport } from '../report/write-report';
import type { AuditedScans, AuditScansFlags } from './scans/audit-scans';
import { addAuditScansOptions, auditScans, scanOptionNames } from './scans/audit-scans';
import { areDatasets } from './audited-paths';
import { addFolderOptions, unitsOf } from './tables/folder-options';
import { requireKindsOfCovariates } from './tables/harmonize-flags';
import { inFolder } from './in-folder';
import type { ReadingFlags } from './tables/load-for-harmonize';
import { isFolder } from '../io/files/make-folder';
import { loadForHarmonize } from './tables/load-for-harmonize';
import { countOf, integerOf, listOf, wrongUsage } from './option-values';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { plainOptions, provenanceText } from './provenance-file';
import { requireOutputs } from './require-outputs';
import type { CommandStreams } from './streams';
import { addTableFlags, requireParticipantsFlag, tableFlagNames, tableOptionsOf } from './tables/table-flags';

interface AuditFlags extends ReadingFlags {
  readonly afterId?: string;
  readonly out?: string;
  readonly seed: number;
  readonly seeds?: number;
  readonly maxSubjects?: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** The files that `concord audit` writes. */
const auditOutputs = ['report.html', 'provenance.json'] as const;

/** Adds `concord audit`. */
export function auditCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('audit')
    .description(
      'evaluate a table, or scans, harmonized elsewhere: is the site gone, are biology and persons kept?',
    )
    .argument(
      '<before>',
      'the raw table, with sites and covariates, as for concord harmonize; or a BIDS dataset of raw scans',
    )
    .argument(
      '<after>',
      'the harmonized table: the same ids and features; rows and columns in any order; or a BIDS dataset of the ' +
        'harmonized scans, on the same grids',
    )
    .option('--out <folder>', `where to write ${auditOutputs.join(' and ')} (default: nothing is written)`)
    .option(
      '--site <column>',
      'the column of sites; for scans, column:NAME, session or sidecar:FIELD …',
      'site',
    )
    .option(
      '--preserve <names>',
      'covariates to adjust for and to look for (default: age, sex and diagnosis, where they are found; for scans, age and sex)',
      listOf,
      [],
    )
    .option('--seed <number>', 'seed of the audit', integerOf, 1)
    .option(
      '--seeds <count>',
      'how often the audit repeats its cross-validation (default: 5; for scans, 1)',
      countOf,
    )
    .option(
      '--max-subjects <count>',
      'how many subjects are drawn from larger tables (default: 2000; for scans, 400)',
      countOf,
    )
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false)
    .optionsGroup('For tables:')
    .option('--after-id <column>', 'the column of subject ids of the harmonized table (default: as --id)')
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option('--unit <units>', 'units of continuous covariates, for example age=years', unitsOf, {})
    .option('--features <patterns>', 'names or globs of features (default: the other numeric columns)');
  addFolderOptions(command, { measures: 'thickness', parcellation: 'aparc, or the only one there is' });
  addTableFlags(command).optionsGroup('For scans:');
  addAuditScansOptions(command).action(
    (before: string, after: string, flags: AuditFlags & AuditScansFlags) => {
      const paths = [before, after] as const;
      if (areDatasets(paths)) {
        refuse(command, tableOptionNames, 'tables');
        return runAudit(paths, flags, { streams, audited: scansAudited(paths, flags, command) });
      }
      refuse(command, scanOptionNames, 'scans');
      requireKindsOfCovariates(flags, command);
      requireParticipantsFlag(flags, command);
      return runAudit(paths, flags, { streams, audited: (run) => tablesAudited(paths, flags, run) });
    },
  );
}

/** The options that only audits of tables have, by their attributes. */
const tableOptionNames: readonly string[] = [
  ...['afterId', 'categorical', 'continuous', 'unit', 'features', 'measures', 'parcellation'],
  ...tableFlagNames,
];

/** Refuses, as wrong usage, options of the other kind of data: nothing would come of them. */
function refuse(command: Command, names: readonly string[], kind: 'tables' | 'scans'): void {
  const stray = command.options.find(
    (option) =>
      names.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (stray === undefined) return;
  const other = kind === 'tables' ? 'BIDS datasets' : 'tables';
  wrongUsage(command, `option '${stray.long ?? stray.flags}' is for ${kind}, but ${other} are given`);
}

/** What was audited, and the report on it. */
interface Audited {
  readonly audit: Audit;
  readonly steps: Provenance;
  readonly report: (options: AuditReportOptions) => ReportContent;
}

async function runAudit(
  paths: readonly [before: string, after: string],
  flags: AuditFlags,
  {
    streams,
    audited,
  }: { readonly streams: CommandStreams; readonly audited: (run: RunOptions) => Promise<Audited> },
): Promise<void> {
  const { out, overwrite, participants } = flags;
  const inputs = participants === undefined ? paths : [...paths, participants];
  if (await isSameFile(...paths)) {
    const what = areDatasets(paths) ? 'datasets' : 'tables';
    const which = what === 'tables' ? 'file' : 'folder';
    throw new ConcordError(
      'invalid-option',
      `invalid ${what}: ${paths.join(' and ')} are the same ${which}`,
      {
        remedy: [`name the raw ${what.slice(0, -1)} first and the harmonized one second`],
      },
    );
  }
  const run = progressLine(streams);
  if (out === undefined) {
    const { audit } = await audited(run);
    run.clear();
    print(audit, flags, streams);
    return;
  }
  await requireOutputs(
    auditOutputs.map((name) => join(out, name)),
    { inputs, overwrite },
  );
  await inFolder(out, async () => {
    const { audit, steps, report } = await audited(run);
    const names = paths.map((path) => basename(path)).join(' and ');
    const about = { title: `Audit of ${basename(paths[1])}`, source: names };
    await writeReport(report(about), join(out, 'report.html'), { overwrite });
    const { issues } = audit;
    const record = { command: 'concord audit', options: plainOptions(flags), inputs, steps, issues };
    await writeFileSafely(join(out, 'provenance.json'), await provenanceText(record), { overwrite });
    run.clear();
    print(audit, flags, streams);
  });
}

async function tablesAudited(
  paths: readonly [string, string],
  flags: AuditFlags,
  run: RunOptions,
): Promise<Audited> {
  const done = await compute(paths, flags, run);
  const steps = [...done.before.provenance, ...done.after.provenance];
  return { audit: done.audit, steps, report: (options) => auditReport(done, options) };
}

function scansAudited(
  paths: readonly [string, string],
  flags: AuditScansFlags,
  command: Command,
): (run: RunOptions) => Promise<Audited> {
  return async (run) => {
    const done: AuditedScans = await auditScans(paths, { flags, command, run });
    const steps = [...done.before.provenance, ...done.after.provenance];
    return { audit: done.audit, steps, report: (options) => imageAuditReport(done, options) };
  };
}

interface AuditedTables {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  /** Its issues are all that were met. */
  readonly audit: TableAudit;
}

async function compute(
  [raw, harmonized]: readonly [string, string],
  flags: AuditFlags,
  run: RunOptions,
): Promise<AuditedTables> {
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
    features,
    participants: { path: participants ?? raw, site, id },
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

function print(audit: Audit, flags: AuditFlags, streams: CommandStreams): void {
  if (flags.json) {
    streams.out(`${JSON.stringify(auditToJson(audit))}\n`);
    return;
  }
  streams.out(`${formatAudit({ ...audit, issues: [] })}\n`);
  streams.out(issueLines(audit.issues, audit.kind === 'image-audit' ? 'audit scans' : 'audit'));
  if (flags.out !== undefined) streams.out(`\nwritten to ${flags.out}: ${auditOutputs.join(', ')}\n`);
}
