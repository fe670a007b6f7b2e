import type { DecodedArray, ParquetParsers } from 'hyparquet';
import type { TableCell } from '../text/row-source';
import { decimalCell, wholeOf } from './decimal-text';
import { dateText, timestampText, unitsPerSecond } from './moment-text';
import type { ColumnPlan } from './parquet-plan';
import { isTextColumn } from './parquet-plan';
import { hyparquet } from './hyparquet';

/** Turns the values of a column as they are stored into cells of a table. */
export type CellsOf = (values: DecodedArray) => ArrayLike<TableCell>;

/**
 * Chooses how the values of a column become cells: by its logical type, and where it has none, by the way it is stored.
 * Decimals, long whole numbers and moments lose no digit.
 *
 * @throws Error for types that are no cells of a table.
 */
export function cellsOf(column: ColumnPlan): CellsOf {
  const { element, type } = column;
  const { converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = logical?.type === 'DECIMAL' ? logical.scale : (element.scale ?? 0);
    if (!(scale >= 0 && scale <= 1000)) throw new Error(`a decimal has ${scale} digits after the point`);
    return each((value) => decimalCell(unscaledOf(value), scale));
  }
  if (type === 'INT32' && (converted === 'DATE' || logical?.type === 'DATE'))
    return each((value) => dateText(Number(value)));
  if (type === 'INT64') {
    const isUtc = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : true;
    const unit =
      logical?.type === 'TIMESTAMP'
        ? logical.unit
        : converted === 'TIMESTAMP_MILLIS'
          ? 'MILLIS'
          : converted === 'TIMESTAMP_MICROS'
            ? 'MICROS'
            : undefined;
    if (unit !== undefined) {
      return each((value) => timestampText(BigInt(value as bigint), unitsPerSecond[unit], isUtc));
    }
  }
  if (type === 'BOOLEAN') return each(String);
  if (isTextColumn(column)) return each(textOf);
  return byHyparquet(column);
}

/** Numbers of other kinds, universal ids, old timestamps: as hyparquet has them. */
function byHyparquet({ element, type }: ColumnPlan): CellsOf {
  const { convert, DEFAULT_PARSERS } = hyparquet();
  const parsers: ParquetParsers = DEFAULT_PARSERS;
  return (values) => {
    const found = convert(values, { element, type, parsers, utf8: false } as Parameters<typeof convert>[1]);
    return found instanceof Float64Array || found instanceof Float32Array ? found : Array.from(found, plain);
  };
}

function each(cell: (value: unknown) => TableCell): CellsOf {
  return (values) => Array.from(values as ArrayLike<unknown>, (value) => cell(value));
}

function unscaledOf(value: unknown): bigint {
  return value instanceof Uint8Array ? wholeOf(value) : BigInt(value as number | bigint);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of some bytes; as hexadecimal digits where they are no text, so that different bytes stay different. */
function textOf(value: unknown): string {
  const bytes = value as Uint8Array;
  try {
    return strict.decode(bytes);
  } catch {
    return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
  }
}

function plain(value: unknown): TableCell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return textOf(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return value === null || value === undefined ? null : JSON.stringify(value);
}
