import type { Command } from 'commander';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { applyCombat } from '../combat/apply-combat';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import type { CombatEb, CombatModel } from '../combat/combat-model';
import { fitCombat } from '../combat/fit-combat';
import type { UnseenSitePolicy } from '../combat/unseen-site';
import type { FeatureCohort } from '../data/cohort';
import type { JsonObject } from '../data/json';
import type { TableAudit } from '../evaluate/audit';
import { ConcordError } from '../errors';
import { auditTable } from '../evaluate/audit-table';
import { auditToJson } from '../evaluate/audit-json';
import { formatAudit } from '../evaluate/format-audit';
import { loadFreeSurferStats } from '../io/load-free-surfer-stats';
import { loadTable } from '../io/load-table';
import { rewriteTable } from '../io/rewrite-table';
import type { CovariateSpec } from '../io/table-options';
import { requireAbsent, writeFileSafely } from '../io/write-file';
import { writeTable } from '../io/write-table';
import { saveModel } from '../models';
import { harmonizationReport } from '../report/harmonization-report';
import { writeReport } from '../report/write-report';
import { choice, countOf, integerOf, listOf, missingMarks } from './option-values';
import { distinctIssues, issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { provenanceText } from './provenance-file';
import type { CommandStreams } from './streams';

interface HarmonizeFlags {
  readonly out: string;
  readonly site: string;
  readonly id?: string;
  readonly preserve: readonly string[];
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  readonly features?: string;
  readonly participants?: string;
  readonly missing?: readonly string[];
  readonly dropMissing: boolean;
  readonly eb: CombatEb;
  readonly meanOnly: boolean;
  readonly reference?: string;
  readonly transform: 'none' | 'log';
  readonly unseen: UnseenSitePolicy;
  readonly seed: number;
  readonly seeds: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** The files that `concord harmonize` writes. */
const outputs = ['harmonized.csv', 'model.json', 'report.html', 'provenance.json'] as const;

/** Adds `concord harmonize`. */
export function harmonizeCommand(program: Command, streams: CommandStreams): void {
  program
    .command('harmonize')
    .description('harmonize a table of features by ComBat, and audit the result')
    .argument(
      '<table>',
      'CSV, TSV (gzipped or not), Parquet, a FreeSurfer table, or a folder of FreeSurfer subjects',
    )
    .requiredOption('--out <folder>', `where to write ${outputs.join(', ')}`)
    .option('--site <column>', 'the column of sites', 'site')
    .option('--id <column>', 'the column of subject ids (default: participant_id, subject, subject_id or id)')
    .option('--preserve <names>', 'covariates whose effects are kept, for example age,sex', listOf, [])
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option(
      '--features <patterns>',
      "names or globs, for example 'left.*,right.*' (default: the other numeric columns)",
    )
    .option('--participants <table>', 'a table with site and covariates, joined by subject id')
    .option(
      '--missing <marks>',
      'texts that mark a missing value (default: NA,N/A,n/a,NaN,nan and empty)',
      missingMarks,
    )
    .option('--drop-missing', 'leave out subjects without a covariate value instead of refusing', false)
    .addOption(
      choice('--eb <kind>', 'empirical Bayes', ['parametric', 'nonparametric', 'none']).default('parametric'),
    )
    .option('--mean-only', 'adjust the location of each site, not its scale', false)
    .option('--reference <site>', 'harmonize to this site instead of the average')
    .addOption(choice('--transform <kind>', 'fit values or their logarithm', ['none', 'log']).default('none'))
    .addOption(
      choice('--unseen <policy>', 'how the audit treats a site left out of training', [
        'error',
        'covariates',
        'estimate',
      ]).default('estimate'),
    )
    .option('--seed <number>', 'seed of the audit', integerOf, 1)
    .option('--seeds <count>', 'how often the audit repeats its cross-validation', countOf, 5)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false)
    .action((table: string, flags: HarmonizeFlags) => harmonize(table, flags, streams));
}

async function harmonize(table: string, flags: HarmonizeFlags, streams: CommandStreams): Promise<void> {
  const path = (name: (typeof outputs)[number]): string => join(flags.out, name);
  const { overwrite } = flags;
  if (!overwrite) for (const name of outputs) await requireAbsent(path(name));
  const run = progressLine(streams);
  const isFolder = await stat(table).then(
    (about) => about.isDirectory(),
    () => false,
  );
  const cohort = await load(table, flags, { isFolder, run });
  const options = {
    preserve: flags.preserve,
    eb: flags.eb,
    meanOnly: flags.meanOnly,
    transform: flags.transform,
    missingCovariates: flags.dropMissing ? ('drop' as const) : ('error' as const),
    ...(flags.reference === undefined ? {} : { reference: flags.reference }),
  };
  const model = await fitCombat(cohort, { ...options, ...run });
  const harmonized = await applyCombat(model, cohort, { ...options, ...run });
  const harmonizer = combatHarmonizer({ ...options, unseen: flags.unseen });
  const { seed, seeds } = flags;
  const audit = await auditTable(cohort, harmonizer, { after: harmonized, seed, seeds, ...run });
  run.clear();
  const issues = distinctIssues([...model.issues, ...harmonized.issues, ...audit.issues]);
  await mkdir(flags.out, { recursive: true });
  if (isFolder) await writeTable(harmonized, path('harmonized.csv'), { overwrite });
  else await rewriteTable(table, harmonized, path('harmonized.csv'), { ...naming(flags), overwrite, ...run });
  run.clear();
  await saveModel(model, path('model.json'), { overwrite });
  const result = { before: cohort, after: harmonized, model, audit };
  const about = { title: `ComBat on ${basename(table)}`, source: basename(table) };
  await writeReport(path('report.html'), harmonizationReport(result, about), { overwrite });
  const inputs = flags.participants === undefined ? [table] : [table, flags.participants];
  const steps = harmonized.provenance;
  const record = {
    command: 'concord harmonize',
    options: plainOptions(flags),
    inputs,
    steps: [...steps, ...fitSteps(model, steps)],
    issues,
  };
  await writeFileSafely(path('provenance.json'), await provenanceText(record), { overwrite });
  report(audit, { flags, issues, streams });
}

async function load(
  table: string,
  flags: HarmonizeFlags,
  { isFolder, run }: { isFolder: boolean; run: ReturnType<typeof progressLine> },
): Promise<FeatureCohort> {
  const kindOf = (name: string): CovariateSpec => {
    if (flags.categorical.includes(name)) return { name, kind: 'categorical' };
    return flags.continuous.includes(name) ? { name, kind: 'continuous' } : { name };
  };
  const options = {
    ...naming(flags),
    site: flags.site,
    covariates: flags.preserve.map(kindOf),
    ...(flags.features === undefined ? {} : { features: flags.features }),
    ...run,
  };
  if (!isFolder) return loadTable(table, { ...options, participants: flags.participants });
  if (flags.participants === undefined) {
    throw new ConcordError(
      'missing-value',
      `missing sites: ${table} is a folder of FreeSurfer subjects (name the table of their sites with --participants)`,
    );
  }
  return loadFreeSurferStats(table, { ...options, participants: flags.participants });
}

function naming(flags: HarmonizeFlags): { id?: string; missing?: readonly string[] } {
  return {
    ...(flags.id === undefined ? {} : { id: flags.id }),
    ...(flags.missing === undefined ? {} : { missing: flags.missing }),
  };
}

/** The step of fitting, which stands in the model's record and not in that of the values. */
function fitSteps(model: CombatModel, steps: FeatureCohort['provenance']): FeatureCohort['provenance'] {
  return model.provenance.slice(steps.length - 1);
}

/** The options, with files named and folders left out: where things lay on this machine is nobody's business. */
function plainOptions(flags: HarmonizeFlags): JsonObject {
  const { participants } = flags;
  const named = { ...flags, out: undefined, participants: participants && basename(participants) };
  return JSON.parse(JSON.stringify(named)) as JsonObject;
}

function report(
  audit: TableAudit,
  {
    flags,
    issues,
    streams,
  }: { flags: HarmonizeFlags; issues: TableAudit['issues']; streams: CommandStreams },
): void {
  if (flags.json) {
    const json: JsonObject = auditToJson(audit);
    streams.out(`${JSON.stringify(json)}\n`);
    return;
  }
  streams.out(`${formatAudit(audit)}\n`);
  streams.out(issueLines(issues));
  streams.out(`\nwritten to ${flags.out}: ${outputs.join(', ')}\n`);
}
