import type { FeatureCohort } from '../../data/cohort';
import { ConcordError } from '../../errors';
import { arraySource } from '../text/array-source';
import { cohortColumns } from '../columns/cohort-columns';
import { collectNoticing } from '../columns/notice-covariates';
import type { DanfoModule } from './danfojs';
import { requireDanfo } from './danfojs';
import type { DataFrameLike } from './data-frame-like';
import type { TableCell } from '../text/row-source';
import type { TableOptions } from './table-options';
import { requireCall } from '../../data/calls/require-call';

/**
 * Makes a danfojs data frame of a cohort: columns `participant_id`, `person_id` where a person is on several rows, `site`,
 * covariates, features. Numbers keep their 64 bits; missing numbers are `NaN`, missing labels `null`. What danfojs
 * computes from them is in 32 bits. The package danfojs-node is looked up when this is called.
 *
 * @throws ConcordError `missing-package` when danfojs-node is not installed; `invalid-option` for a label or name that a
 * table cannot hold.
 *
 * @example
 * ```ts
 * const frame = toDataFrame(cohort);
 * ```
 */
export function toDataFrame(cohort: FeatureCohort): DataFrameLike;
/**
 * Makes a data frame of the danfojs package it is given, of that package's own type.
 *
 * @param danfo - the package itself: `import * as dfd from 'danfojs-node'`
 */
export function toDataFrame<Frame>(cohort: FeatureCohort, danfo: DanfoModule<Frame>): Frame;
export function toDataFrame(cohort: FeatureCohort, danfo?: DanfoModule<unknown>): unknown {
  requireCall('toDataFrame', { cohort, danfo });
  const { DataFrame } = danfo ?? requireDanfo();
  const columns = cohortColumns(cohort);
  const rows = cohort.participants.ids.map((_, row) => columns.map((column) => column.at(row)));
  return new DataFrame(rows, {
    columns: columns.map(({ name }) => name),
    // Stated, because danfojs would take a column that begins with whole numbers for integers.
    dtypes: columns.map(({ kind }) => (kind === 'text' ? 'string' : 'float32')),
  });
}

/** A data frame as far as {@link fromDataFrame} looks at it: danfojs frames are, and so is a plain object like it. */
export interface FrameInput {
  readonly columns: readonly string[];
  /** The cells, row by row. */
  readonly values: unknown;
}

/**
 * Makes a cohort of a data frame with one row per subject. Columns are chosen and checked as in `loadTable`; rows are
 * counted from 1.
 *
 * @throws ConcordError as `loadTable` does, naming row and column.
 *
 * @example
 * ```ts
 * const cohort = await fromDataFrame(frame, { covariates: ['age', 'sex'] });
 * ```
 */
export async function fromDataFrame(frame: FrameInput, options: TableOptions = {}): Promise<FeatureCohort> {
  requireCall('fromDataFrame', { frame, options });
  const { columns, values } = frame;
  if (!Array.isArray(columns) || !Array.isArray(values)) {
    throw new ConcordError(
      'invalid-option',
      'invalid data frame: columns and values must be arrays (give a danfojs data frame, or an object like it)',
    );
  }
  const rows = values.map((cells: unknown, row) => {
    if (Array.isArray(cells)) return cells.map(plainCell);
    throw new ConcordError(
      'invalid-option',
      `invalid data frame: row ${row + 1} is not an array of cells (values must be given row by row)`,
    );
  });
  const source = arraySource('data frame', columns.map(String), rows);
  return collectNoticing(source, options, { step: 'fromDataFrame', origin: {} });
}

/**
 * Turns a value of a data frame into a {@link TableCell}. Whole numbers beyond 2⁵³ become text, so that
 * long ids stay whole; dates become ISO text; what is none of these, its JSON.
 */
function plainCell(value: unknown): TableCell {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return JSON.stringify(value);
}
