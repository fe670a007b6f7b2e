import { factsView } from '../facts-view';
import { frameView, isFrame, isSeries, rowsView, seriesView } from '../rows-view';
import type { TableLimits } from '../table-view';
import { tableView } from '../table-view';
import type { View } from '../view';
import { briefText, isoDate, oneLine } from './brief-text';
import { knownListView, knownRecordView } from './known-views';
import { listView, typedView } from './list-view';
import { errorView, scalarView, textView } from './plain-view';
import { recordView } from './record-view';
import { isPlainRecord, isTyped, nameOfClass } from './value-kinds';
import { counted } from '../../data/counted';

/**
 * The view of any value that has no view of its own: never what JavaScript prints, and about 40 lines of text at most.
 * Nothing is awaited or called.
 */
export function anyView(value: unknown, limits: TableLimits): View {
  if (typeof value !== 'object' || value === null) return scalarView(value);
  if (Array.isArray(value)) return knownListView(value, limits) ?? listView(value, limits);
  if (isTyped(value)) return typedView(value);
  if (isFrame(value)) return frameView(value, limits);
  if (isSeries(value)) return seriesView(value, limits);
  return builtInView(value, limits) ?? knownRecordView(value, limits) ?? otherView(value, limits);
}

/** The view of what the language itself has: dates, errors, maps. */
function builtInView(value: object, limits: TableLimits): View | undefined {
  if (value instanceof Error) return errorView(value);
  if (value instanceof Date) return textView(isoDate(value));
  if (value instanceof Map) return mapView(value, limits);
  if (value instanceof Set) {
    const values = [...(value as Set<unknown>)];
    return tableView(
      {
        title: counted(values.length, 'different value'),
        columns: ['value'],
        rowCount: values.length,
        cell: (row) => oneLine(briefText(values[row]), 120),
      },
      limits,
    );
  }
  if (value instanceof Promise) {
    return textView('a promise of a value that is not there yet: await it, as in show(await …)');
  }
  const plain = value instanceof RegExp || value instanceof ArrayBuffer || value instanceof WeakMap;
  return plain || ArrayBuffer.isView(value) ? textView(briefText(value)) : undefined;
}

function mapView(map: ReadonlyMap<unknown, unknown>, limits: TableLimits): View {
  const entries = [...map];
  const rows = entries.every(([, value]) => isPlainRecord(value) && !('kind' in value));
  const title = `${counted(entries.length, 'entry', 'entries')} by key`;
  if (rows && entries.length > 0) {
    const records = entries.map(([key, value]) => ({ key: briefText(key), ...(value as object) }));
    return rowsView(records, limits, title);
  }
  return tableView(
    {
      title,
      columns: ['key', 'value'],
      rowCount: entries.length,
      cell: (row, column) => {
        const cell = entries[row][column];
        return typeof cell === 'number' ? cell : oneLine(briefText(cell), 120);
      },
    },
    limits,
  );
}

/** A record of any kind; of an instance without enumerable fields, what its class has. */
function otherView(value: object, limits: TableLimits): View {
  if (Object.keys(value).length > 0) return recordView(value, limits);
  if (isPlainRecord(value)) return textView('an empty record');
  const prototype = Object.getPrototypeOf(value) as object;
  const functions = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  const label = 'functions and fields';
  return factsView(oneLine(nameOfClass(value), 60), [{ label, value: briefText(functions) }]);
}
