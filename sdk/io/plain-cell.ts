import type { TableCell } from './row-source';

/**
 * Turns a value of a Parquet file or data frame into a {@link TableCell}. Whole numbers beyond 2⁵³ become text, so that
 * long ids stay whole; dates become ISO text; what is none of these, its JSON.
 */
export function plainCell(value: unknown): TableCell {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return JSON.stringify(value);
}
