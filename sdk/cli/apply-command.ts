import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applyCombat } from '../combat/apply-combat';
import type { FeatureCohort } from '../data/cohort';
import type { UnseenSitePolicy } from '../combat/unseen-site';
import type { Issue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { rewriteTable } from '../io/rewrite-table';
import { requireFreeSidecar } from '../io/sidecar';
import { writeFileSafely } from '../io/write-file';
import { writeTable } from '../io/write-table';
import { loadModel } from '../models';
import { inFolder } from './in-folder';
import { addFolderOptions, requireFolder } from './folder-options';
import type { ApplyReadingFlags } from './load-for-apply';
import { loadForApply } from './load-for-apply';
import { isFolder } from './load-for-harmonize';
import { choice } from './option-values';
import { distinctIssues } from '../data/issue';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { plainOptions, provenanceText } from './provenance-file';
import { requireOutputs } from './require-outputs';
import { withStandardInput } from './standard-input';
import type { CommandStreams } from './streams';
import { addTableFlags, requireParticipantsFlag } from './table-flags';

interface ApplyFlags extends ApplyReadingFlags {
  readonly out: string;
  readonly dropMissing: boolean;
  readonly unseen: UnseenSitePolicy;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Adds `concord apply`. */
export function applyCommand(program: Command, streams: CommandStreams): void {
  const command = addApplyFlags(program.command('apply'));
  command.action((model: string, given: string, flags: ApplyFlags) => {
    requireParticipantsFlag(flags, command);
    const tables = { table: given, participants: flags.participants };
    return withStandardInput(tables, streams, ({ table, participants }) =>
      apply(model, table, { flags: { ...flags, participants }, command, streams }),
    );
  });
}

function addApplyFlags(command: Command): Command {
  command
    .description('harmonize new subjects by a model fitted before')
    .argument('<model>', 'the model.json that concord harmonize wrote, or its folder')
    .argument(
      '<input>',
      'the new subjects: whatever concord harmonize accepts, with the features of the first; - for standard input',
    )
    .requiredOption('--out <folder>', 'where to write harmonized.csv and provenance.json')
    .option('--site <column>', 'the column of sites (default: as when the model was fitted)');
  const remembered = 'as when the model was fitted';
  addFolderOptions(command, { measures: remembered, parcellation: remembered });
  const policies = ['error', 'covariates', 'estimate'] as const;
  return addTableFlags(command)
    .option('--drop-missing', 'leave out subjects without a covariate value instead of refusing', false)
    .addOption(
      choice('--unseen <policy>', 'what to do with a site the model was not fitted on', policies).default(
        'error',
      ),
    )
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print what was done as JSON', false);
}

/** One call of `concord apply`. */
interface ApplyRun {
  readonly modelPath: string;
  readonly table: string;
  /** Whether the table is a folder of FreeSurfer subjects, so that there is no table to write again. */
  readonly asFolder: boolean;
  readonly target: string;
  readonly flags: ApplyFlags;
  readonly run: RunOptions;
}

async function apply(
  given: string,
  table: string,
  { flags, command, streams }: { flags: ApplyFlags; command: Command; streams: CommandStreams },
): Promise<void> {
  const { overwrite, participants } = flags;
  const modelPath = (await isFolder(given)) ? join(given, 'model.json') : given;
  const [target, record] = [join(flags.out, 'harmonized.csv'), join(flags.out, 'provenance.json')];
  const inputs = [modelPath, table, ...(participants === undefined ? [] : [participants])];
  await requireOutputs([target, record], { inputs, overwrite });
  const asFolder = await isFolder(table);
  if (existsSync(table)) requireFolder(command, asFolder);
  if (asFolder) await requireFreeSidecar(target, { overwrite });
  await inFolder(flags.out, async () => {
    const run = progressLine(streams);
    const applied = await harmonizeByModel({ modelPath, table, asFolder, target, flags, run });
    run.clear();
    const { harmonized, issues } = applied;
    const content = {
      command: 'concord apply',
      options: plainOptions(flags),
      inputs,
      steps: harmonized.provenance,
      issues,
    };
    await writeFileSafely(record, await provenanceText(content), { overwrite });
    report(applied, flags, streams);
  });
}

interface Applied {
  readonly harmonized: FeatureCohort;
  /** How many subjects were left out. */
  readonly leftOut: number;
  readonly issues: readonly Issue[];
}

/** Harmonizes the table and writes it. */
async function harmonizeByModel({
  modelPath,
  table,
  asFolder,
  target,
  flags,
  run,
}: ApplyRun): Promise<Applied> {
  const { overwrite, unseen } = flags;
  const model = await loadModel(modelPath);
  const { cohort, naming } = await loadForApply(table, model, { asFolder, flags, run });
  const missingCovariates = flags.dropMissing ? 'drop' : 'error';
  const harmonized = await applyCombat(model, cohort, { unseen, missingCovariates, ...run });
  const leftOut = asFolder
    ? await writeFolder(cohort, harmonized, { target, overwrite })
    : (await rewriteTable(table, harmonized, target, { ...naming, overwrite, ...run })).leftOut;
  // What was noticed while fitting was said then; that the file has no seal, nobody knew.
  const unsealed = model.issues.filter(({ code }) => code === 'unsealed-model');
  return { harmonized, leftOut, issues: distinctIssues([...unsealed, ...harmonized.issues]) };
}

/** Writes a table of its own, since there is none to write again; says how many subjects it lacks. */
async function writeFolder(
  cohort: FeatureCohort,
  harmonized: FeatureCohort,
  { target, overwrite }: { readonly target: string; readonly overwrite: boolean },
): Promise<number> {
  await writeTable(harmonized, target, { overwrite });
  return cohort.participants.ids.length - harmonized.participants.ids.length;
}

function report({ harmonized, leftOut, issues }: Applied, flags: ApplyFlags, streams: CommandStreams): void {
  const { subjects, features } = harmonized.features;
  const rows = subjects.length;
  if (flags.json) {
    streams.out(`${JSON.stringify({ subjects: rows, leftOut, issues })}\n`);
    return;
  }
  const kept = `${rows} subject${rows === 1 ? '' : 's'}, ${features.length} features`;
  streams.out(`harmonized ${kept}${leftOut === 0 ? '' : `; ${leftOut} left out`}\n`);
  streams.out(issueLines(issues, 'apply'));
  streams.out(`written to ${flags.out}: harmonized.csv, provenance.json\n`);
}
