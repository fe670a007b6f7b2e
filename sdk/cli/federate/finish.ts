import type { Command } from 'commander';
import { join } from 'node:path';
import { applyCombat } from '../../combat/apply-combat';
import { distinctIssues } from '../../data/issue';
import { counted } from '../../data/counted';
import { federatedModelOf } from '../../federate/combine-answers';
import { studyOf } from '../../federate/study';
import { writeFileSafely } from '../../io/files/write-file';
import { isFolder } from '../../io/files/make-folder';
import { rewriteTable } from '../../io/tables/rewrite-table';
import { writeTable } from '../../io/tables/write-table';
import { saveModel } from '../../methods/save-model';
import { inFolder } from '../in-folder';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import { plainOptions, provenanceText } from '../provenance-file';
import { requireOutputs } from '../require-outputs';
import type { CommandStreams } from '../streams';
import { readingOf, requireParticipantsFlag } from '../tables/table-flags';
import { tableText } from '../tables/table-text';
import type { HospitalFlags } from './contribute';
import { addHospitalOptions, loadHospitalTable, withRequest } from './contribute';
import { readMessage } from './federated-files';

interface FinishFlags extends HospitalFlags {
  readonly out: string;
  readonly overwrite: boolean;
}

const outputs = ['model.json', 'harmonized.csv', 'provenance.json'] as const;

/** Adds `concord federate finish`: a hospital harmonizes its own table. */
export function finishCommand(federate: Command, streams: CommandStreams): void {
  const command = federate
    .command('finish')
    .description('hospital: harmonize the own table by the result, and keep the model for concord apply')
    .argument('<result>', 'result.json, as the coordinator sent it')
    .argument('<table>', 'the table of the hospital')
    .requiredOption('--out <folder>', `where to write ${outputs.join(', ')}`)
    .option('--overwrite', 'replace files of an earlier run', false);
  addHospitalOptions(command).action((result: string, table: string, flags: FinishFlags) => {
    requireParticipantsFlag(flags, command);
    return finish(result, table, { flags, streams });
  });
}

/** Writes the model and the harmonized table. */
export async function finish(
  resultPath: string,
  table: string,
  { flags, streams }: { readonly flags: FinishFlags; readonly streams: CommandStreams },
): Promise<void> {
  const { out, overwrite, participants, dropMissing, folder } = flags;
  const path = (name: (typeof outputs)[number]): string => join(out, name);
  const inputs = [resultPath, table, ...(participants === undefined ? [] : [participants])];
  await requireOutputs(outputs.map(path), { inputs, overwrite });
  const requests = await withRequest(folder, await readMessage(resultPath));
  const model = federatedModelOf(requests);
  const cohort = await loadHospitalTable(table, { flags, study: studyOf(requests[0]), streams });
  await inFolder(out, async () => {
    const { clear, ...run } = progressLine(streams);
    const harmonized = await applyCombat(model, cohort, {
      missingCovariates: dropMissing ? 'drop' : 'error',
      ...run,
    });
    clear();
    if (await isFolder(table)) await writeTable(harmonized, path('harmonized.csv'), { overwrite });
    else
      await rewriteTable(harmonized, path('harmonized.csv'), {
        source: table,
        ...readingOf(flags),
        overwrite,
        ...run,
      });
    // How this hospital's table is read goes with its own copy of the model, as with any other.
    await saveModel(
      cohort.reading === undefined ? model : { ...model, reading: cohort.reading },
      path('model.json'),
      { overwrite },
    );
    const issues = distinctIssues([...model.issues, ...harmonized.issues]);
    const steps = [...model.provenance, ...harmonized.provenance];
    const record = {
      command: 'concord federate finish',
      options: plainOptions({ ...flags, out }),
      inputs,
      steps,
      issues,
    };
    await writeFileSafely(path('provenance.json'), await provenanceText(record), { overwrite });
    streams.out(
      `harmonized ${tableText(harmonized)}, by a model of ${counted(model.sites.length, 'site')}\n`,
    );
    streams.out(issueLines(issues, 'federate', 'provenance.json'));
    streams.out(`written to ${out}: ${outputs.join(', ')}\n`);
  });
}
