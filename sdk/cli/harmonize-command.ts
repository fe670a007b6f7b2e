import type { Command } from 'commander';
import { join } from 'node:path';
import { applyCombat } from '../combat/apply-combat';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import { fitCombat } from '../combat/fit-combat';
import type { RunOptions } from '../data/run-options';
import { auditTable } from '../evaluate/audit-table';
import { auditToJson } from '../evaluate/rows/audit-json';
import { formatAudit } from '../evaluate/rows/format-audit';
import { auditedCovariates } from '../io/notice-covariates';
import { requireFreeSidecar } from '../io/sidecar';
import { inCommandWords } from './command-words';
import type { HarmonizeFlags } from './harmonize-flags';
import { requireChoice, requireKindsOfCovariates, requireOptionsOf } from './harmonize-flags';
import type { HarmonizeScansFlags } from './harmonize-scans';
import { addHarmonizeScansOptions, harmonizeScans } from './harmonize-scans';
import { inFolder } from './in-folder';
import { isFolder, loadForHarmonize } from './load-for-harmonize';
import { choice, countOf, integerOf, listOf, meanOnlyOf, missingMarks } from './option-values';
import { distinctIssues } from '../data/issue';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { requireOutputs } from './require-outputs';
import type { Harmonized } from './save-harmonized';
import { outputs, saveHarmonized } from './save-harmonized';
import type { CommandStreams } from './streams';

/** Adds `concord harmonize`. */
export function harmonizeCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('harmonize')
    .description(
      'harmonize a table of features by ComBat, and audit the result; or scans by a network (--method ddae or murd)',
    )
    .argument(
      '<input>',
      'CSV, TSV (gzipped or not), Parquet, a FreeSurfer table, or a folder of FreeSurfer subjects; ' +
        'for networks a BIDS dataset',
    )
    .addOption(choice('--method <name>', 'how to harmonize', ['combat', 'ddae', 'murd']).default('combat'))
    .requiredOption('--out <folder>', `where to write ${outputs.join(', ')}; for networks a BIDS derivative`)
    .option(
      '--site <column>',
      'the column of sites; of scans column:NAME, session or sidecar:FIELD …',
      'site',
    )
    .addOption(
      choice('--unseen <policy>', 'how the audit, or the network, treats a site not trained on', [
        ...['error', 'covariates', 'estimate', 'average', 'nearest'],
      ]).default('estimate', 'estimate; for networks error'),
    )
    .option('--seed <number>', 'seed of the audit, or of what a network draws', integerOf, 1)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false)
    .optionsGroup('Of tables (--method combat):')
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
    .option(
      '--mean-only [form]',
      'adjust the location of each site, not its scale: published, which leaves much of the site effect, or shrunk-by-size',
      meanOnlyOf,
      false,
    )
    .option('--reference <site>', 'harmonize to this site instead of the average')
    .addOption(choice('--transform <kind>', 'fit values or their logarithm', ['none', 'log']).default('none'))
    .option('--no-audit', 'do not evaluate: large tables are harmonized in seconds, but audited in minutes')
    .option('--seeds <count>', 'how often the audit repeats its cross-validation', countOf, 5)
    .optionsGroup('Of scans (--method ddae or murd):');
  addHarmonizeScansOptions(command).action((input: string, flags: HarmonizeFlags | HarmonizeScansFlags) => {
    requireOptionsOf(command, flags.method, optionsOf[flags.method]);
    if (flags.method !== 'combat') return harmonizeScans(input, { flags, command, streams });
    requireChoice(command, '--unseen', ['error', 'covariates', 'estimate']);
    requireKindsOfCovariates(flags, command);
    return harmonize(input, flags, streams);
  });
}

const shared = ['method', 'out', 'site', 'overwrite', 'json'];

const ofScans = [
  ...['model', 'target', 'batchSize', 'pictures', 'resume', 'strict'],
  ...['backend', 'participantLabel', 'sessionLabel', 'suffix', 'derivative', 'space', 'desc'],
];

/** The options that each method knows. */
const optionsOf = {
  combat: new Set([
    ...[...shared, 'id', 'preserve', 'categorical', 'continuous', 'features', 'participants', 'missing'],
    ...['unseen', 'seed', 'dropMissing', 'eb', 'meanOnly', 'reference', 'transform', 'audit', 'seeds'],
  ]),
  ddae: new Set([...shared, ...ofScans, 'unseen', 'seed', 'keep', 'until', 'samplingSteps']),
  murd: new Set([...shared, ...ofScans, 'like', 'style']),
};

async function harmonize(table: string, flags: HarmonizeFlags, streams: CommandStreams): Promise<void> {
  const { overwrite, participants } = flags;
  const written = outputs.map((name) => join(flags.out, name));
  const inputs = participants === undefined ? [table] : [table, participants];
  await requireOutputs(written, { inputs, overwrite });
  const asFolder = await isFolder(table);
  if (asFolder) await requireFreeSidecar(join(flags.out, 'harmonized.csv'), { overwrite });
  await inFolder(flags.out, async () => {
    const run = progressLine(streams);
    const result = await compute(table, flags, run);
    run.clear();
    await saveHarmonized(result, { table, asFolder, flags, inputs, run });
    run.clear();
    report(result, flags, streams);
  });
}

async function compute(table: string, flags: HarmonizeFlags, run: RunOptions): Promise<Harmonized> {
  const before = await loadForHarmonize(table, flags, run);
  const options = {
    preserve: flags.preserve,
    eb: flags.eb,
    meanOnly: flags.meanOnly,
    transform: flags.transform,
    missingCovariates: flags.dropMissing ? ('drop' as const) : ('error' as const),
    ...(flags.reference === undefined ? {} : { reference: flags.reference }),
  };
  const model = await fitCombat(before, { ...options, ...run });
  const after = await applyCombat(model, before, { ...options, ...run });
  if (!flags.audit)
    return { before, after, model, issues: distinctIssues([...model.issues, ...after.issues]) };
  const harmonizer = combatHarmonizer({ ...options, unseen: flags.unseen });
  const { seed, seeds } = flags;
  const covariates = auditedCovariates(before.participants, flags.preserve);
  const audit = await auditTable(before, harmonizer, { after, seed, seeds, covariates, ...run });
  const issues = distinctIssues([...model.issues, ...after.issues, ...audit.issues]);
  return { before, after, model, audit, issues };
}

function report({ after, audit, issues }: Harmonized, flags: HarmonizeFlags, streams: CommandStreams): void {
  if (flags.json) {
    const json = audit === undefined ? { issues } : auditToJson({ ...audit, issues });
    streams.out(`${JSON.stringify(json)}\n`);
    return;
  }
  const { subjects, features } = after.features;
  const done = `ComBat: ${subjects.length} subjects, ${features.length} features; not audited`;
  streams.out(`${audit === undefined ? done : formatAudit({ ...audit, issues: [] })}\n`);
  streams.out(inCommandWords(issueLines(issues)));
  streams.out(`\nwritten to ${flags.out}: ${outputs.join(', ')}\n`);
}
