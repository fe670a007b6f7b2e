import { basename, join } from 'node:path';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import type { TableAudit } from '../../evaluate/audit';
import { rewriteTable } from '../../io/tables/rewrite-table';
import { writeFileSafely } from '../../io/files/write-file';
import { writeTable } from '../../io/tables/write-table';
import { saveModel } from '../../methods/save-model';
import type { AnyModel, Method } from '../../methods/method';
import type { HarmonizationResult } from '../../report/harmonization-report';
import { harmonizationReport } from '../../report/harmonization-report';
import { writeReport } from '../../report/write-report';
import { issuesInCommandWords } from '../command-words';
import type { HarmonizeFlags } from './harmonize-flags';
import { plainOptions, provenanceText } from '../provenance-file';
import { writeReportFigures } from '../report-figures';
import { readingOf } from './table-flags';

/** The files that `concord harmonize` writes. */
export const harmonizeOutputs = ['harmonized.csv', 'model.json', 'report.html', 'provenance.json'] as const;

/** What harmonizing and auditing gave, and every issue met on the way. */
export interface Harmonized extends HarmonizationResult {
  readonly method: Method;
  readonly model: AnyModel;
  /** Missing where `--no-audit` was given. */
  readonly audit?: TableAudit;
  readonly issues: readonly Issue[];
}

/** One call of `concord harmonize`. */
export interface HarmonizeRun {
  readonly table: string;
  /** Whether the table is a folder of FreeSurfer subjects, so that there is no table to write again. */
  readonly asFolder: boolean;
  readonly flags: HarmonizeFlags;
  /** The files read. */
  readonly inputs: readonly string[];
  readonly run: RunOptions;
}

/**
 * Writes the table, the model, the report and the provenance into the folder of the results.
 *
 * @returns the names of the figures that were written besides
 * @throws ConcordError `file-exists`, `unwritable-file` and those of {@link rewriteTable} and {@link writeTable}.
 */
export async function saveHarmonized(
  result: Harmonized,
  { table, asFolder, flags, inputs, run }: HarmonizeRun,
): Promise<readonly string[]> {
  const { before, after, method, model, issues } = result;
  const path = (name: (typeof harmonizeOutputs)[number]): string => join(flags.out, name);
  const { overwrite } = flags;
  if (asFolder) await writeTable(after, path('harmonized.csv'), { overwrite });
  else
    await rewriteTable(after, path('harmonized.csv'), {
      source: table,
      ...readingOf(flags),
      overwrite,
      ...run,
    });
  await saveModel(model, path('model.json'), { overwrite });
  const about = { title: `${method.title} on ${basename(table)}`, source: basename(table) };
  const content = harmonizationReport(result, about);
  const worded = issuesInCommandWords(content.issues, 'harmonize tables');
  await writeReport({ ...content, issues: worded }, path('report.html'), { overwrite });
  const record = {
    command: 'concord harmonize',
    options: plainOptions(flags),
    inputs,
    // Both records begin with the making of the cohort; fitting is in the model's, applying in the values'.
    steps: [...(model.provenance ?? []), ...after.provenance.slice(before.provenance.length)],
    issues,
  };
  await writeFileSafely(path('provenance.json'), await provenanceText(record), { overwrite });
  return writeReportFigures(content, flags.out, flags);
}
