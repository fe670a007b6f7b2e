import type { Command } from 'commander';
import { join } from 'node:path';
import { applyCombat } from '../combat/apply-combat';
import type { CombatModel } from '../combat/combat-model';
import type { UnseenSitePolicy } from '../combat/unseen-site';
import type { Issue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { loadTable } from '../io/load-table';
import type { RewrittenTable } from '../io/rewrite-table';
import { rewriteTable } from '../io/rewrite-table';
import { writeFileSafely } from '../io/write-file';
import { loadModel } from '../models';
import { inFolder } from './in-folder';
import { inCommandWords } from './command-words';
import { choice } from './option-values';
import { distinctIssues } from '../data/issue';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import { provenanceText } from './provenance-file';
import { requireOutputs } from './require-outputs';
import { withStandardInput } from './standard-input';
import type { CommandStreams } from './streams';
import type { TableFlags } from './table-flags';
import { addTableFlags, readingOf, requireParticipantsFlag, tableOptionsOf } from './table-flags';

interface ApplyFlags extends TableFlags {
  readonly out: string;
  readonly site?: string;
  readonly dropMissing: boolean;
  readonly unseen: UnseenSitePolicy;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Adds `concord apply`. */
export function applyCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('apply')
    .description('harmonize new subjects by a model fitted before')
    .argument('<model>', 'the model.json that concord harmonize wrote')
    .argument('<table>', 'the table of new subjects, with the columns of the first; - for standard input')
    .requiredOption('--out <folder>', 'where to write harmonized.csv and provenance.json')
    .option('--site <column>', 'the column of sites (default: as when the model was fitted)');
  addTableFlags(command)
    .option('--drop-missing', 'leave out subjects without a covariate value instead of refusing', false)
    .addOption(
      choice('--unseen <policy>', 'what to do with a site the model was not fitted on', [
        'error',
        'covariates',
        'estimate',
      ]).default('error'),
    )
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print what was done as JSON', false)
    .action((model: string, given: string, flags: ApplyFlags) => {
      requireParticipantsFlag(flags, command);
      return withStandardInput(
        { table: given, participants: flags.participants },
        streams,
        ({ table, participants }) => apply(model, table, { flags: { ...flags, participants }, streams }),
      );
    });
}

async function apply(
  modelPath: string,
  table: string,
  { flags, streams }: { flags: ApplyFlags; streams: CommandStreams },
): Promise<void> {
  const { overwrite, participants } = flags;
  const [target, record] = [join(flags.out, 'harmonized.csv'), join(flags.out, 'provenance.json')];
  const inputs = [modelPath, table, ...(participants === undefined ? [] : [participants])];
  await requireOutputs([target, record], { inputs, overwrite });
  await inFolder(flags.out, async () => {
    const run = progressLine(streams);
    const model = await loadModel(modelPath);
    const learned = loadingOf(model);
    const site = flags.site ?? learned.site;
    const known = { ...flags, id: flags.id ?? learned.id, missing: flags.missing ?? learned.missing };
    const naming = readingOf(known);
    const cohort = await loadTable(table, {
      ...tableOptionsOf(known),
      ...(site === undefined ? {} : { site }),
      covariates: model.covariates.map(({ name, kind }) => ({ name, kind })),
      features: model.features,
      allowSingleSite: true,
      ...run,
    });
    const missingCovariates = flags.dropMissing ? 'drop' : 'error';
    const harmonized = await applyCombat(model, cohort, { unseen: flags.unseen, missingCovariates, ...run });
    const written = await rewriteTable(table, harmonized, target, { ...naming, overwrite, ...run });
    run.clear();
    const issues = distinctIssues(harmonized.issues);
    const content = {
      command: 'concord apply',
      options: JSON.parse(
        JSON.stringify({ unseen: flags.unseen, dropMissing: flags.dropMissing, overwrite, ...naming }),
      ) as JsonObject,
      inputs,
      steps: harmonized.provenance,
      issues,
    };
    await writeFileSafely(record, await provenanceText(content), { overwrite });
    report({ ...written, features: model.features.length, issues }, flags, streams);
  });
}

function report(
  done: RewrittenTable & { readonly features: number; readonly issues: readonly Issue[] },
  flags: ApplyFlags,
  streams: CommandStreams,
): void {
  const { rows, leftOut, features, issues } = done;
  if (flags.json) {
    streams.out(`${JSON.stringify({ subjects: rows, leftOut, issues })}\n`);
    return;
  }
  const kept = `${rows} subject${rows === 1 ? '' : 's'}, ${features} features`;
  streams.out(`harmonized ${kept}${leftOut === 0 ? '' : `; ${leftOut} left out`}\n`);
  streams.out(inCommandWords(issueLines(issues)));
  streams.out(`written to ${flags.out}: harmonized.csv, provenance.json\n`);
}

/** How the table that the model was fitted on was read, so that new tables of its kind need no options. */
function loadingOf(model: CombatModel): { id?: string; site?: string; missing?: readonly string[] } {
  const step = model.provenance.find(({ step }) => step === 'loadTable');
  const { id, site, missing } = step?.options ?? {};
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof site === 'string' ? { site } : {}),
    ...(Array.isArray(missing)
      ? { missing: missing.filter((mark): mark is string => typeof mark === 'string') }
      : {}),
  };
}
