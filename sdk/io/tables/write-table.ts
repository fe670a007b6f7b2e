import { basename } from 'node:path';
import type { FeatureCohort } from '../../data/cohort';
import { hasRepeatedPersons, siteNames } from '../../data/people/participants';
import { version } from '../../version';
import { cohortColumns, idName, personName, siteName } from '../columns/cohort-columns';
import { covariateReading } from './make-reading';
import { requireFreeSidecar, sidecarPath } from '../files/sidecar';
import type { TableTarget } from './table-target';
import { tableTarget } from './table-target';
import { writeColumns } from './write-columns';
import { dialects } from '../text/table-text';
import type { WriteFileOptions } from '../files/write-file';
import { writeFileSafely, writeSafely } from '../files/write-file';
import { requireValueThenPath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** What {@link writeTable} wrote. */
export interface WrittenTable {
  readonly path: string;
  /** The JSON file beside it: columns, units, marker of missing values, provenance. */
  readonly sidecar: string;
  readonly rows: number;
}

/**
 * Writes a cohort as a table, its kind chosen by the extension: `.csv` (missing values as `NA`), `.tsv` (`n/a`, as BIDS
 * asks), either with `.gz`, or `.parquet` (null). Columns are `participant_id`, `person_id` where a person is on several
 * rows, `site`, covariates, features. Numbers are written with the fewest digits that read back as the same 64 bits.
 *
 * Beside `name.csv` it writes `name.csv.json` with units, levels, the marker of missing values and the provenance. A JSON
 * file of that name that is anything else is never replaced.
 *
 * @throws ConcordError `file-exists` when either file is there and `overwrite` is not set, or the JSON file is not one
 * that this function wrote for the table; `unsupported-format`, `unwritable-file`; `invalid-option` for a label or name
 * that would not read back the same.
 *
 * @example
 * ```ts
 * await writeTable(after, 'harmonized.csv');
 * ```
 */
export async function writeTable(
  cohort: FeatureCohort,
  path: string,
  options: WriteFileOptions = {},
): Promise<WrittenTable> {
  requireValueThenPath('writeTable', cohort, path);
  requireCall('writeTable', { cohort, path, options });
  const target = tableTarget(path);
  const columns = cohortColumns(cohort);
  const sidecar = sidecarPath(path);
  await requireFreeSidecar(path, options);
  const rows = cohort.participants.ids.length;
  await writeSafely(path, (temporary) => writeColumns(temporary, target, { columns, rows }), options);
  await writeFileSafely(sidecar, `${JSON.stringify(describe(cohort, path, target), null, 2)}\n`, options);
  return { path, sidecar, rows };
}

function describe(
  cohort: FeatureCohort,
  path: string,
  target: TableTarget,
): Readonly<Record<string, unknown>> {
  const { participants, features } = cohort;
  return {
    table: basename(path),
    writtenBy: `concord-mri ${version}`,
    missing: target.format === '.parquet' ? null : dialects[target.format].missing,
    subjects: participants.ids.length,
    id: idName,
    person: hasRepeatedPersons(participants) ? personName : undefined,
    site: siteName,
    sites: siteNames(participants),
    covariates: participants.covariates.map(covariateReading),
    features: features.features,
    provenance: cohort.provenance,
    issues: cohort.issues,
  };
}
