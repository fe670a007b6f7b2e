import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { rewriteTable } from '../io/tables/rewrite-table';
import { requireFreeSidecar } from '../io/files/sidecar';
import { writeFileSafely } from '../io/files/write-file';
import { writeTable } from '../io/tables/write-table';
import { ConcordError } from '../errors';
import type { AnyModel, Method } from '../methods/method';
import type { ApplyCall, ScansCall } from '../methods/method-command';
import type { CommandPart, MethodOptions } from '../methods/method-option';
import { allMethods } from '../methods/methods';
import { loadAnyModel } from '../methods/save-model';
import { applicationReport } from '../report/application-report';
import type { ReportContent } from '../report/report-content';
import { writeReport } from '../report/write-report';
import { areDatasets } from './audited-paths';
import { issuesInCommandWords } from './command-words';
import { inFolder } from './in-folder';
import { addFolderOptions, requireFolder } from './tables/folder-options';
import type { ApplyReadingFlags } from './tables/load-for-apply';
import { loadForApply } from './tables/load-for-apply';
import { isFolder } from '../io/files/make-folder';
import { modelIn } from './methods/model-in';
import { addMethodOptions, methodValues, requireOptionsOf } from './methods/method-options';
import { advise, option } from '../remedy';
import { distinctIssues } from '../data/issue';
import { afterReading } from './noticed-before';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { plainOptions, provenanceText } from './provenance-file';
import type { FiguresFlags } from './report-figures';
import { figuresOption, reportNeeded, requireFigures, writeReportFigures } from './report-figures';
import { requireOutputs } from './require-outputs';
import {
  appliedOptions,
  applyToScans,
  requireApplying,
  scanMethodOf,
  scanMethods,
} from './scans/apply-scans';
import type { HarmonizeScansFlags } from './scans/harmonize-scans';
import { addAppliedScansOptions, scanFlagNames } from './scans/harmonize-scans';

import { withStandardInput } from './tables/standard-input';
import type { CommandStreams } from './streams';
import type { TableFlags } from './tables/table-flags';
import { addTableFlags, requireParticipantsFlag } from './tables/table-flags';
import { tableText } from './tables/table-text';

/** What the user asked `concord apply` for. */
export interface ApplyFlags extends ApplyReadingFlags, FiguresFlags {
  readonly out: string;
  readonly report: boolean;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** The files that `concord apply` writes of a table. */
export const applyOutputs = ['harmonized.csv', 'provenance.json', 'report.html'] as const;

/** Adds `concord apply`. */
export function applyCommand(program: Command, streams: CommandStreams): void {
  const command = addApplyFlags(program.command('apply'));
  command.action(async (model: string, given: string, flags: ApplyFlags & Partial<HarmonizeScansFlags>) => {
    // A folder of FreeSurfer subjects can be a dataset too: the model says what it is for.
    const method = areDatasets([given, given]) ? await scanMethodOf(model) : undefined;
    if (method !== undefined) {
      // All that has a default is there, given or not.
      const all = flags as HarmonizeScansFlags;
      return applyToScans(given, { method, model, flags: all, command, streams });
    }
    requireParticipantsFlag(flags, command);
    const tables = { table: given, participants: flags.participants };
    return withStandardInput(tables, streams, ({ table, participants }) =>
      apply(model, table, { flags: { ...flags, participants }, command, streams }),
    );
  });
}

function addApplyFlags(command: Command): Command {
  command
    .description('harmonize new subjects, or new scans, with a model fitted before')
    .argument(
      '<model>',
      'the model.json that concord harmonize wrote, or its folder; a folder that concord train wrote, or the name under which one ships',
    )
    .argument(
      '<input>',
      'the new subjects: any table that concord harmonize accepts, with the features of the first; - for standard input; ' +
        'for models of scans a BIDS dataset',
    )
    .requiredOption(
      '--out <folder>',
      'where to write harmonized.csv, report.html and provenance.json; for scans, a BIDS derivative',
    )
    .option(
      '--site <column>',
      'the column of sites (default: as when the model was fitted); for scans, column:NAME, session, sidecar:FIELD … or name:SITE',
    );
  const remembered = 'as when the model was fitted';
  addFolderOptions(command, { measures: remembered, parcellation: remembered });
  addTableFlags(command)
    .option('--no-report', 'write no report.html')
    .addOption(figuresOption())
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print what was done as JSON', false);
  addAppliedScansOptions(command.optionsGroup('Of scans:'));
  return addMethodOptions(command, [
    ...methods().map((method) => ({ ...method, options: optionsOf(method) })),
    ...scanMethods().map((method) => ({ ...method, options: appliedOptions(method) })),
  ]);
}

/** The methods whose models harmonize new tables. */
function methods(): readonly Method[] {
  return allMethods().filter(({ command }) => command?.apply !== undefined);
}

function optionsOf({ command }: Method): MethodOptions {
  return command?.apply?.options ?? {};
}

/** All options but those that other methods have and this one has not, and those of scans. */
function optionsWith(command: Command, own: MethodOptions): ReadonlySet<string> {
  const ofScans = scanFlagNames.filter((name) => name !== 'report');
  const others = new Set([
    ...methods().flatMap((method) => Object.keys(optionsOf(method))),
    ...scanMethods().flatMap((method) => Object.keys(appliedOptions(method))),
    ...ofScans,
  ]);
  const names = command.options.map((one) => one.attributeName());
  return new Set(names.filter((name) => !others.has(name) || Object.hasOwn(own, name)));
}

/** One call of `concord apply`. */
interface ApplyRun {
  readonly modelPath: string;
  readonly table: string;
  /** Whether the table is a folder of FreeSurfer subjects, so that there is no table to write again. */
  readonly asFolder: boolean;
  readonly target: string;
  readonly flags: ApplyFlags;
  readonly command: Command;
  readonly run: RunOptions;
}

async function apply(
  given: string,
  table: string,
  { flags, command, streams }: { flags: ApplyFlags; command: Command; streams: CommandStreams },
): Promise<void> {
  const { overwrite, participants, report: reports } = flags;
  const modelPath = await modelIn(given);
  const [target, record, page] = applyOutputs.map((name) => join(flags.out, name));
  const inputs = [modelPath, table, ...(participants === undefined ? [] : [participants])];
  await requireOutputs([target, record, ...(reports ? [page] : [])], { inputs, overwrite });
  await requireFigures(flags, reports ? flags.out : undefined, {
    command,
    needs: reportNeeded,
  });
  const asFolder = await isFolder(table);
  if (existsSync(table)) requireFolder(command, asFolder);
  if (asFolder) await requireFreeSidecar(target, { overwrite });
  await inFolder(flags.out, async () => {
    const { clear, ...run } = progressLine(streams);
    const applied = await harmonizeByModel({ modelPath, table, asFolder, target, flags, command, run });
    clear();
    const { harmonized, values, issues } = applied;
    const content = {
      command: 'concord apply',
      options: plainOptions({ ...flags, ...values }),
      inputs,
      steps: harmonized.provenance,
      issues,
    };
    const reported = reports ? await saveReport(applied, page, { table, overwrite }) : undefined;
    await writeFileSafely(record, await provenanceText(content), { overwrite });
    const figures = reported === undefined ? [] : await writeReportFigures(reported, flags.out, flags);
    report(applied, flags, { streams, figures });
  });
}

interface Applied {
  readonly model: AnyModel;
  readonly applying: ApplyCall<AnyModel>;
  readonly before: FeatureCohort;
  readonly harmonized: FeatureCohort;
  /** The values of the method's options. */
  readonly values: Readonly<Record<string, unknown>>;
  /** How many subjects were left out. */
  readonly leftOut: number;
  readonly issues: readonly Issue[];
}

/** Harmonizes the table and writes it. */
async function harmonizeByModel(call: ApplyRun): Promise<Applied> {
  const { modelPath, table, asFolder, target, flags, command, run } = call;
  const { overwrite } = flags;
  const model = await loadAnyModel(modelPath);
  const { applying, values } = requireApplyingTo(command, model, modelPath);
  const { cohort, naming } = await loadForApply(table, applying.table(model), { asFolder, flags, run });
  const harmonized = await afterReading(cohort, () => applying.apply(model, cohort, run));
  const { id, person, visit, missing, decimal, thousands } = naming;
  const found = { id, person, visit, missing, decimal, thousands };
  const leftOut = asFolder
    ? await writeFolder(cohort, harmonized, { target, overwrite })
    : (await rewriteTable(harmonized, target, { source: table, ...found, overwrite, ...run })).leftOut;
  // What was noticed while fitting was said then; that the file has no seal shows only now.
  const unsealed = model.issues.filter(({ code }) => code === 'unsealed-model');
  return {
    model,
    applying,
    before: cohort,
    harmonized,
    values,
    leftOut,
    issues: distinctIssues([...unsealed, ...harmonized.issues]),
  };
}

/** How a model is applied to tables by the options of the command; ends it where they do not go together. */
function requireApplyingTo(
  command: Command,
  model: AnyModel,
  path: string,
): Pick<Applied, 'applying' | 'values'> {
  const { title, part } = methodOf(model, path);
  requireOptionsOf(command, `a model of ${title}`, optionsWith(command, part.options));
  const values = methodValues(command, part.options);
  return { applying: part.read(values), values };
}

/**
 * What `concord apply` would do by its words: the method whose model harmonizes scans, where it is one and a dataset is given;
 * else a table. Ends the command where the words do not go together.
 */
export async function requireApplication(
  command: Command,
  {
    model: given,
    input,
    flags,
  }: { readonly model: string; readonly input: string; readonly flags: TableFlags },
): Promise<{ readonly method: Method; readonly call: ScansCall<AnyModel> } | undefined> {
  const method = areDatasets([input, input]) ? await scanMethodOf(given) : undefined;
  if (method !== undefined) return { method, call: requireApplying(command, method).call };
  requireParticipantsFlag(flags, command);
  const path = await modelIn(given);
  requireApplyingTo(command, await loadAnyModel(path), path);
  return undefined;
}

async function saveReport(
  { model, applying, before, harmonized, values, issues }: Applied,
  page: string,
  { table, overwrite }: { readonly table: string; readonly overwrite: boolean },
): Promise<ReportContent> {
  const facts = Object.entries(values).map(([name, value]) => ({
    label: `Option ${name}`,
    value: String(value),
  }));
  const content = applicationReport(
    {
      before,
      after: harmonized,
      model,
      issues,
      trained: applying.table(model),
      range: applying.range?.(model),
    },
    { title: `New subjects of ${basename(table)}`, source: basename(table), facts },
  );
  const worded = issuesInCommandWords(content.issues, 'apply');
  await writeReport({ ...content, issues: worded }, page, { overwrite });
  return content;
}

/** How the method of a model harmonizes new tables. */
function methodOf(
  { kind }: AnyModel,
  path: string,
): { readonly title: string; readonly part: CommandPart<ApplyCall<AnyModel>> } {
  const found = methods().find(({ model }) => model.kind === kind);
  const part = found?.command?.apply;
  if (found !== undefined && part !== undefined) return { title: found.title, part };
  const kinds = methods().map(({ model }) => `"${model.kind}"`);
  throw new ConcordError(
    'malformed-model',
    `another kind of model: ${path} holds "${kind}", not ${kinds.join(' or ')}`,
    { where: { file: path }, remedy: advise`use ${option('kind', kind)}` },
  );
}

/** Writes a table of its own, since there is none to write again; returns how many subjects it lacks. */
async function writeFolder(
  cohort: FeatureCohort,
  harmonized: FeatureCohort,
  { target, overwrite }: { readonly target: string; readonly overwrite: boolean },
): Promise<number> {
  await writeTable(harmonized, target, { overwrite });
  return cohort.participants.ids.length - harmonized.participants.ids.length;
}

function report(
  { harmonized, leftOut, issues }: Applied,
  flags: ApplyFlags,
  { streams, figures }: { readonly streams: CommandStreams; readonly figures: readonly string[] },
): void {
  if (flags.json) {
    const subjects = harmonized.features.subjects.length;
    streams.out(`${JSON.stringify({ subjects, leftOut, issues })}\n`);
    return;
  }
  streams.out(`harmonized ${tableText(harmonized)}${leftOut === 0 ? '' : `; ${leftOut} left out`}\n`);
  streams.out(issueLines(issues, 'apply', 'provenance.json'));
  const files = ['harmonized.csv', ...(flags.report ? ['report.html'] : []), 'provenance.json', ...figures];
  streams.out(`written to ${flags.out}: ${files.join(', ')}\n`);
}
