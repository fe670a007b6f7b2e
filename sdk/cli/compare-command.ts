import type { Command } from 'commander';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunOptions } from '../data/run-options';
import { comparisonToJson } from '../evaluate/comparison/comparison-json';
import { formatComparison } from '../evaluate/comparison/format-comparison';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import { ConcordError } from '../errors';
import { requireAllDone } from './exit-status';
import { writeFileSafely } from '../io/files/write-file';
import { allMethods } from '../methods/methods';
import { comparisonReport } from '../report/comparison-report';
import { writeReport } from '../report/write-report';
import { areDatasets } from './audited-paths';
import { modelOf } from './methods/compare-methods-flags';
import type { CompareScansFlags } from './scans/compare-scans';
import { addCompareScansOptions, compareScans } from './scans/compare-scans';
import type { Compared, CompareFlags } from './tables/compare-table';
import { compareTable } from './tables/compare-table';
import { refuseStrayOptions } from './refuse-stray-options';
import { addColumnOptions, columnOptionNames } from './tables/column-options';
import { requireKindsOfCovariates } from './tables/harmonize-flags';
import { inFolder } from './in-folder';
import type { ReadingFlags } from './tables/load-for-harmonize';
import { addMethodOptions } from './methods/method-options';
import { namedOptionOf } from './methods/named-options';
import { scanSelectionNames } from './scans/bids-selection';
import { choice, countOf, integerOf, listOf, positiveOf, wrongUsage } from './option-values';
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
import { requireNoRun, unfinishedFolder } from './unfinished-run';

type AnyFlags = CompareFlags &
  ReadingFlags &
  CompareScansFlags &
  FiguresFlags & { readonly out?: string; readonly overwrite: boolean; readonly json: boolean };

/** The files that `concord compare` writes. */
const outputs = ['report.html', 'comparison.json', 'provenance.json'] as const;

/** Adds `concord compare`. */
export function compareCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('compare')
    .description('compare methods with raw data and with each other, on the same participants and splits')
    .argument(
      '<input>',
      'a table, or a folder of FreeSurfer subjects, as for concord harmonize; or a BIDS dataset',
    )
    .requiredOption('--methods <names>', 'what to compare, for example raw,combat,site-scaling', listOf)
    .option(
      '--model <method=folder>',
      'a model fitted or trained before; may be repeated (default: of a network for scans, the one of concord-mri-models that knows the sites, else its first)',
      modelOf,
      {},
    )
    .option(
      '--option <method.name=value>',
      'an option of a method for scans, as in concord harmonize --method METHOD --help, without the dashes; may be repeated',
      namedOptionOf,
      {},
    )
    .option('--target <site>', 'harmonize to this site (default: the average, where a method has it)')
    .option('--folds', 'fit each method in folds, and judge it on persons that it has not seen', false)
    .option('--splits <count>', 'how many folds persons are divided into (default: 5; for scans, 3)', countOf)
    .option(
      '--preserve <names>',
      'covariates to keep, to adjust for and to look for (default: look for age, sex and diagnosis where they are found)',
      listOf,
      [],
    )
    .option('--held-out <methods>', 'methods whose models learned from other persons only', listOf, [])
    .option(
      '--site <column>',
      'the column of sites; for scans, column:NAME, session, sidecar:FIELD … or name:SITE',
      'site',
    )
    .option('--seed <number>', 'seed of the comparison', integerOf, 1)
    .option('--seeds <count>', 'how often cross-validation is repeated (default: 5; for scans, 1)', countOf)
    .option(
      '--max-subjects <count>',
      'how many subjects are drawn from larger data (default: 2000; for scans, 400)',
      countOf,
    )
    .option('--out <folder>', `where to write ${outputs.join(', ')} (default: nothing is written)`)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the comparison as JSON', false)
    .addOption(figuresOption());
  addTableFlags(addColumnOptions(command.optionsGroup('For tables:')));
  addCompareScansOptions(command.optionsGroup('For scans:'));
  addTrainingOptions(command.optionsGroup('For networks that are trained:'));
  addMethodOptions(command, ofMethods('tables').concat(ofMethods('train')));
  command.addHelpText('after', helpAfter).action((input: string, flags: AnyFlags) => {
    const datasets = areDatasets([input, input]);
    refuse(command, datasets ? tableNames : scanNames, datasets ? 'tables' : 'scans');
    if (!datasets) {
      requireKindsOfCovariates(flags, command);
      requireParticipantsFlag(flags, command);
    }
    requireResumable(flags, command);
    const compare = datasets ? compareScans : compareTable;
    return runCompare(input, flags, {
      streams,
      command,
      datasets,
      compared: (run) => compare(input, { flags, command, run }),
    });
  });
}

function addTrainingOptions(command: Command): void {
  const sizes = [
    ...new Set(allMethods().flatMap((method) => Object.keys(method.command?.train?.sizes ?? {}))),
  ];
  command
    .option(
      '--train',
      'train networks that were given no model by --model; with --folds in every fold',
      false,
    )
    .option('--resume', 'continue trainings that were stopped, kept beside --out', false)
    .addOption(choice('--train-size <name>', 'how large they are (default: small)', sizes))
    .option('--train-steps <count>', 'how long to train (default: 10000)', countOf)
    .option('--batch-size <count>', 'images per step (default: 16)', countOf)
    .option(
      '--learning-rate <rate>',
      'the highest learning rate (default: as for concord train)',
      positiveOf,
    );
}

function ofMethods(part: 'tables' | 'train'): Parameters<typeof addMethodOptions>[1][number][] {
  return allMethods().flatMap(({ name, command }) => {
    const own = command?.[part];
    return own === undefined ? [] : [{ name, options: own.options }];
  });
}

const trainingNames = ['train', 'resume', 'trainSize', 'trainSteps', 'batchSize', 'learningRate'];

/** The options that only comparisons of tables, or of scans, have. */
const tableNames: readonly string[] = [
  ...columnOptionNames,
  ...tableFlagNames.filter((name) => !peopleFlagNames.includes(name)),
];
const scanNames: readonly string[] = [
  ...scanSelectionNames,
  'option',
  ...['mask', 'plane', 'slices', 'imageSize', 'pixelSize', 'steps', 'backend'],
  ...trainingNames,
];

/** Refuses, as wrong usage, options of the other kind of data: nothing would come of them. */
function refuse(command: Command, shared: readonly string[], kind: 'tables' | 'scans'): void {
  const part = kind === 'tables' ? 'tables' : 'train';
  const own = ofMethods(part).flatMap(({ options }) => Object.keys(options));
  const names = [...shared, ...own.filter((name) => name !== 'preserve')];
  const given = kind === 'tables' ? 'a BIDS dataset is given' : 'a table is given';
  refuseStrayOptions(command, names, { kind, given });
}

/** Refuses to continue trainings where none is kept. */
function requireResumable({ resume, train, out }: AnyFlags, command: Command): void {
  if (!resume || (train && out !== undefined)) return;
  wrongUsage(command, `option '--resume' goes with --train and --out, beside which trainings are kept`);
}

function helpAfter(): string {
  const methods = allMethods();
  const width = Math.max(...methods.map(({ name }) => name.length));
  const of = (payload: 'features' | 'images'): string[] =>
    methods
      .filter(({ harmonizers }) => harmonizers[payload] !== undefined)
      .map(({ name, title, summary }) => `  ${name.padEnd(width)}  ${title} ${summary}`);
  return ['', 'Methods for tables:', ...of('features'), 'Methods for scans:', ...of('images')].join('\n');
}

async function runCompare(
  input: string,
  flags: AnyFlags,
  {
    streams,
    command,
    datasets,
    compared,
  }: {
    readonly streams: CommandStreams;
    readonly command: Command;
    readonly datasets: boolean;
    readonly compared: (run: RunOptions) => Promise<Compared>;
  },
): Promise<void> {
  const { out, overwrite, participants } = flags;
  const inputs = participants === undefined ? [input] : [input, participants];
  const { clear, ...run } = progressLine(streams);
  await requireFigures(flags, out, { command, needs: '--out' });
  const print = (comparison: MethodComparison, figures: readonly string[] = []): void => {
    clear();
    if (flags.json) {
      streams.out(`${JSON.stringify(comparisonToJson(comparison))}\n`);
      return;
    }
    streams.out(`${formatComparison({ ...comparison, issues: [] })}\n`);
    streams.out(
      issueLines(
        comparison.issues,
        datasets ? 'compare scans' : 'compare',
        out === undefined ? undefined : 'the report',
      ),
    );
    if (out !== undefined) streams.out(`\nwritten to ${out}: ${[...outputs, ...figures].join(', ')}\n`);
  };
  if (out === undefined) {
    const { comparison } = await compared(run);
    print(comparison);
    requireCompared(comparison);
    return;
  }
  await requireOutputs(
    outputs.map((name) => join(out, name)),
    { inputs, overwrite },
  );
  const unfinished = unfinishedFolder(out);
  if (flags.train && !flags.resume) await requireNoRun(unfinished);
  const done = await inFolder(out, async () => {
    const { comparison, steps } = await comparedOrKept(compared(run), flags.train ? unfinished : undefined);
    const about = { title: `Comparison of methods on ${basename(input)}`, source: basename(input) };
    const content = comparisonReport(comparison, steps, about);
    await writeReport(content, join(out, 'report.html'), { overwrite });
    const json = `${JSON.stringify(comparisonToJson(comparison), null, 2)}\n`;
    await writeFileSafely(join(out, 'comparison.json'), json, { overwrite });
    const { issues } = comparison;
    const record = { command: 'concord compare', options: plainOptions(named(flags)), inputs, steps, issues };
    await writeFileSafely(join(out, 'provenance.json'), await provenanceText(record), { overwrite });
    // A training that failed can be continued once its cause is repaired.
    const failed = comparison.issues.some(({ code }) => code === 'method-failed');
    if (flags.train && !failed) await rm(unfinished, { recursive: true, force: true });
    print(comparison, await writeReportFigures(content, out, flags));
    return comparison;
  });
  requireCompared(done);
}

/** Says by its status that methods were left out. */
function requireCompared({ methods, leftOut }: MethodComparison): void {
  requireAllDone({ done: methods.length, of: methods.length + leftOut.length });
}

/** Adds to the error of a comparison that was canceled where its trainings are kept. */
async function comparedOrKept(
  compared: Promise<Compared>,
  unfinished: string | undefined,
): Promise<Compared> {
  try {
    return await compared;
  } catch (error) {
    if (unfinished === undefined || !(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `trainings are kept in ${unfinished}; the same command with --resume continues`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

/** The options with the names of model folders only: where they were is nobody's business. */
function named(flags: AnyFlags): AnyFlags {
  const model = Object.fromEntries(
    Object.entries(flags.model).map(([name, folder]) => [name, basename(folder)]),
  );
  return { ...flags, model };
}
