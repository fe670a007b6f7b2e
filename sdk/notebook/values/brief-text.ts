import { axisCodes, isSingular } from '../../data/images/affine';
import { aboutModel } from '../../methods/methods';
import type { AnyModel } from '../../methods/method';
import { isPlainRecord, isTyped, nameOfClass } from './value-kinds';
import { counted } from '../../data/counted';
import type { TypedValues } from './value-kinds';

/** The most characters of a value in one line. */
const widest = 160;

/** Lists of up to so many numbers are written out. */
const fewNumbers = 8;

/** Lists of up to so many texts are written out, and up to so many fields of a record. */
const fewTexts = 6;

/**
 * Says any value in one line, for a field of a record or a cell of a table: scalars as they are, arrays by type, length
 * and range, what has a kind by that and its size, other records by their fields. Nothing is opened, awaited or called.
 */
export function briefText(value: unknown): string {
  return oneLine(describe(value), widest);
}

/** A text without line breaks, cut where it is longer than that. */
export function oneLine(text: string, most: number): string {
  // What is far behind the cut need not be looked at.
  const flat = text.slice(0, 4 * most).replace(/\s+/g, ' ');
  return flat.length > most || text.length > 4 * most ? `${flat.slice(0, most - 1)}…` : flat;
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return value === '' ? '(empty)' : value;
    case 'number':
      return briefNumber(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'symbol':
      return `the symbol ${value.description ?? 'without a name'}`;
    case 'function':
      return value.name === '' ? 'a function' : `the function ${value.name}`;
    case 'object':
      return value === null ? 'missing' : describeObject(value);
  }
}

/** A number to six significant digits; whole ones in full. */
export function briefNumber(value: number): string {
  if (Number.isNaN(value)) return 'missing';
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return describeList(value);
  if (isTyped(value)) return describeTyped(value);
  if (value instanceof Date) return isoDate(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'a promise: await it for its value';
  if (value instanceof Map) return `${counted(value.size, 'entry', 'entries')} by key`;
  if (value instanceof Set) return `${counted(value.size, 'different value')}`;
  if (value instanceof ArrayBuffer) return counted(value.byteLength, 'byte');
  return knownText(value) ?? describeRecord(value);
}

/** A date as ISO writes it. */
export function isoDate(value: Date): string {
  return Number.isNaN(value.getTime()) ? 'missing' : value.toISOString();
}

function describeTyped(values: TypedValues): string {
  if (values.length <= fewNumbers) return [...values].map(describe).join(', ') || 'none';
  return `${counted(values.length, 'number')} (${typeText(values)}), ${rangeText(values)}`;
}

/** The type of an array's numbers in words. */
export function typeText(values: TypedValues): string {
  const name = values[Symbol.toStringTag];
  const [, big, kind, bits] = /^(Big)?(Int|Uint|Float)(\d+)/.exec(name) ?? [];
  const words = { Int: 'integers', Uint: 'integers from 0 on', Float: 'floating point' }[kind ?? 'Float'];
  return `${bits}-bit ${words}${big === undefined ? '' : ', as bigint'}`;
}

/** The range of many numbers, and how many are missing. */
export function rangeText(values: TypedValues | readonly number[]): string {
  let [low, high, missing]: [number | bigint, number | bigint, number] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const lacking = missing === 0 ? '' : `, ${missing.toLocaleString('en-US')} missing`;
  if (missing === values.length) return 'all missing';
  return low === high ? `all ${describe(low)}${lacking}` : `${describe(low)} to ${describe(high)}${lacking}`;
}

function describeList(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  if (values.every((value) => typeof value === 'number')) {
    if (values.length <= fewNumbers) return values.map(briefNumber).join(', ');
    if (isAffine(values)) return `4 × 4, axes to ${axisCodes(values)}`;
    return `${counted(values.length, 'number')}, ${rangeText(values)}`;
  }
  if (values.length === 1) return describe(values[0]);
  if (values.every((value) => typeof value !== 'object')) return listed(values, fewTexts);
  const kinds = new Set(values.map(kindOf));
  return kinds.size === 1 ? `${values.length} × ${[...kinds][0]}` : counted(values.length, 'value');
}

/** Whether these are the sixteen numbers of a 4 × 4 affine matrix that can be inverted. */
export function isAffine(values: readonly number[]): boolean {
  const last = values.length === 16 && [0, 0, 0, 1].every((value, k) => values[12 + k] === value);
  return last && !isSingular(values);
}

function listed(values: readonly unknown[], most: number): string {
  const shown = values.slice(0, most).map((value) => oneLine(describe(value), 60));
  const rest = values.length - shown.length;
  return shown.join(', ') + (rest === 0 ? '' : ` and ${rest.toLocaleString('en-US')} more`);
}

/** What a value is, without its size. */
function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  if (Array.isArray(value) || isTyped(value)) return 'list';
  if ('kind' in value && typeof value.kind === 'string') return value.kind.replaceAll('-', ' ');
  return isPlainRecord(value) ? 'record' : nameOfClass(value);
}

function describeRecord(value: object): string {
  const interval = intervalText(value);
  if (interval !== undefined) return interval;
  const name = isPlainRecord(value) ? undefined : nameOfClass(value);
  const keys = Object.keys(value);
  if (name !== undefined) return name;
  if (keys.length === 0) return 'an empty record';
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value));
  const scalars = entries.every(
    ([, { value: own }]) => own === null || !['object', 'function'].includes(typeof own),
  );
  if (scalars && keys.length <= fewTexts) {
    return entries.map(([key, { value: own }]) => `${key} ${oneLine(describe(own), 60)}`).join(', ');
  }
  return `${counted(keys.length, 'field')}: ${listed(keys, fewTexts)}`;
}

/** An estimate with its interval. */
function intervalText(value: object): string | undefined {
  const [estimate, low, high] = ['estimate', 'low', 'high'].map((name) => ownValue(value, name));
  if (typeof estimate !== 'number' || typeof low !== 'number' || typeof high !== 'number') return undefined;
  return `${shortNumber(estimate)} (${shortNumber(low)} to ${shortNumber(high)})`;
}

function shortNumber(value: number): string {
  return Number.isNaN(value) ? 'missing' : String(Number(value.toPrecision(3)));
}

/** A phrase for what this package makes, by its kind; `undefined` for other records. */
function knownText(value: object): string | undefined {
  const record = value as Readonly<Record<string, unknown>>;
  const kind = ownValue(record, 'kind');
  if (typeof kind !== 'string') return nounText(record);
  const model = aboutModel(value);
  if (model !== undefined) {
    try {
      return model.kind.card(value as AnyModel).title;
    } catch {
      return `model of kind ${kind}`;
    }
  }
  const size = sizeText(record, kind);
  return size === undefined ? undefined : `${kind.replaceAll('-', ' ')}: ${size}`;
}

function sizeText(record: Readonly<Record<string, unknown>>, kind: string): string | undefined {
  const { shape, participants, images, scans, alt, audit, method } = record;
  if (kind === 'volume' && Array.isArray(shape)) return `${shape.join(' × ')} voxels`;
  if (kind === 'picture') return String(alt);
  if (kind === 'features' || kind === 'volumes' || kind === 'images') {
    const rows = lengthOf(participants, 'ids');
    if (rows === undefined) return shapeOf(record);
    const what =
      kind === 'features'
        ? `${lengthOf(record['features'], 'features')} features`
        : kind === 'images'
          ? `${String((shapeNumbers(images) ?? [])[0])} images`
          : `${Array.isArray(scans) ? scans.length : 0} scans`;
    return `cohort of ${counted(rows, 'participant')}, ${what}`;
  }
  if (kind === 'table-audit' || kind === 'image-audit') return `of ${String(method)}`;
  return audit === undefined ? undefined : String(kind);
}

/** Those that have no kind, by their fields. */
function nounText(record: Readonly<Record<string, unknown>>): string | undefined {
  const { ids, sites, subjects, features, values, data, layout } = record;
  if (Array.isArray(ids) && Array.isArray(sites) && 'covariates' in record) {
    return `${counted(ids.length, 'participant')} at ${counted(new Set(sites).size, 'site')}`;
  }
  if (Array.isArray(subjects) && Array.isArray(features) && isTyped(values)) {
    return `${counted(subjects.length, 'subject')} × ${counted(features.length, 'feature')}`;
  }
  if (Array.isArray(data) && typeof layout === 'object')
    return `a figure of ${counted(data.length, 'trace')}`;
  return undefined;
}

function shapeOf(value: unknown): string | undefined {
  return shapeNumbers(value)?.join(' × ');
}

function shapeNumbers(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !('shape' in value)) return undefined;
  return Array.isArray(value.shape) ? value.shape : undefined;
}

function lengthOf(value: unknown, field: string): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const list = (value as Readonly<Record<string, unknown>>)[field];
  return Array.isArray(list) ? list.length : undefined;
}

function ownValue(record: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(record, key)?.value;
}
