import type { Command } from 'commander';
import { basename, join } from 'node:path';
import type { Provenance } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { Audit } from '../evaluate/images-audit/image-audit';
import { auditToJson } from '../evaluate/rows/audit-json';
import { formatAudit } from '../evaluate/rows/format-audit';
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
import { refuseStrayOptions } from './refuse-stray-options';
import { addColumnOptions, columnOptionNames } from './tables/column-options';
import { requireKindsOfCovariates } from './tables/harmonize-flags';
import { inFolder } from './in-folder';
import { countOf, integerOf, listOf } from './option-values';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { plainOptions, provenanceText } from './provenance-file';
import type { FiguresFlags } from './report-figures';
import { figuresOption, requireFigures, writeReportFigures } from './report-figures';
import { requireOutputs } from './require-outputs';
import type { CommandStreams } from './streams';
import {
  addTableFlags,
  requireParticipantsFlag,
  peopleFlagNames,
  tableFlagNames,
} from './tables/table-flags';
import type { AuditTablesFlags } from './tables/audit-tables';
import { auditTables } from './tables/audit-tables';

interface AuditFlags extends AuditTablesFlags, FiguresFlags {
  readonly out?: string;
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
      'the column of sites; for scans, column:NAME, session, sidecar:FIELD … or name:SITE',
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
    .addOption(figuresOption())
    .optionsGroup('For tables:')
    .option('--after-id <column>', 'the column of subject ids of the harmonized table (default: as --id)');
  addColumnOptions(command);
  addTableFlags(command).optionsGroup('For scans:');
  addAuditScansOptions(command).action(
    (before: string, after: string, flags: AuditFlags & AuditScansFlags) => {
      const paths = [before, after] as const;
      if (areDatasets(paths)) {
        refuseStrayOptions(command, tableOptionNames, { kind: 'tables', given: 'BIDS datasets are given' });
        return runAudit(paths, flags, { streams, command, audited: scansAudited(paths, flags, command) });
      }
      refuseStrayOptions(command, scanOptionNames, { kind: 'scans', given: 'tables are given' });
      requireKindsOfCovariates(flags, command);
      requireParticipantsFlag(flags, command);
      return runAudit(paths, flags, { streams, command, audited: (run) => tablesAudited(paths, flags, run) });
    },
  );
}

/** The options that only audits of tables have, by their attributes. */
const tableOptionNames: readonly string[] = [
  'afterId',
  ...columnOptionNames,
  ...tableFlagNames.filter((name) => !peopleFlagNames.includes(name)),
];

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
    command,
    audited,
  }: {
    readonly streams: CommandStreams;
    readonly command: Command;
    readonly audited: (run: RunOptions) => Promise<Audited>;
  },
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
  await requireFigures(flags, out, { command, needs: '--out' });
  const { clear, ...run } = progressLine(streams);
  if (out === undefined) {
    const { audit } = await audited(run);
    clear();
    print(audit, flags, { streams, files: [] });
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
    const content = report(about);
    await writeReport(content, join(out, 'report.html'), { overwrite });
    const { issues } = audit;
    const record = { command: 'concord audit', options: plainOptions(flags), inputs, steps, issues };
    await writeFileSafely(join(out, 'provenance.json'), await provenanceText(record), { overwrite });
    const figures = await writeReportFigures(content, out, flags);
    clear();
    print(audit, flags, { streams, files: [...auditOutputs, ...figures] });
  });
}

async function tablesAudited(
  paths: readonly [string, string],
  flags: AuditFlags,
  run: RunOptions,
): Promise<Audited> {
  const done = await auditTables(paths, flags, run);
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

function print(
  audit: Audit,
  flags: AuditFlags,
  { streams, files }: { readonly streams: CommandStreams; readonly files: readonly string[] },
): void {
  if (flags.json) {
    streams.out(`${JSON.stringify(auditToJson(audit))}\n`);
    return;
  }
  streams.out(`${formatAudit({ ...audit, issues: [] })}\n`);
  streams.out(
    issueLines(
      audit.issues,
      audit.kind === 'image-audit' ? 'audit scans' : 'audit',
      flags.out === undefined ? undefined : 'the report',
    ),
  );
  if (flags.out !== undefined) streams.out(`\nwritten to ${flags.out}: ${files.join(', ')}\n`);
}
