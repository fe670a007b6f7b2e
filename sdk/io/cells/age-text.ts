import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { Advice, Remedy } from '../../remedy';
import { advise, option } from '../../remedy';
import { ageWithUnit, looksLikeAge } from './age-with-unit';
import type { TextColumn } from '../columns/build-covariate';
import type { CellReader } from './cell';
import { invalidNumber } from './cell';
import { censoredAge } from './censored-age';
import type { CovariateSpec } from '../tables/table-options';
import { counted } from '../../data/counted';

/** How many of each unit a year has: months are twelfths of it, weeks and days by its 365.25 days. */
const perYear: Readonly<Record<string, number>> = { Y: 1, M: 12, W: 365.25 / 7, D: 365.25 };

const unitNames: Readonly<Record<string, string>> = { years: 'Y', months: 'M', weeks: 'W', days: 'D' };

/** An age as DICOM writes it (PS3.5, value representation AS): three digits and a unit; some tools drop the zeros. */
const dicomAge = /^(\d{3})([DWMY])$/;
const dicomAgeShort = /^(\d{1,3})([DWMY])$/i;

/** A column, read once more as ages where it holds any, with its issues. */
export interface AgeColumn {
  readonly column: TextColumn;
  readonly spec: CovariateSpec;
  readonly issues: readonly Issue[];
}

/**
 * Reads the ages in a column of a covariate: those of DICOM (`035Y`, `420M`, `010W`, `100D`) become years, or the unit
 * that is asked for, and with `ageCap: 89` the ages `89+`, `>89`, `90+` and `≥90` become 89. A column of anything else
 * comes back as it is.
 *
 * @throws ConcordError `invalid-number` for an age that is given as a bound only, where no cap is given, and for ages with
 * units that are not DICOM's (`34 years`); `invalid-option`.
 */
export function readAges(
  column: TextColumn,
  spec: CovariateSpec,
  { reader, ageCap }: { readonly reader: CellReader; readonly ageCap?: number },
): AgeColumn {
  const same = { column, spec, issues: [] };
  if (spec.kind === 'categorical' || spec.levels !== undefined) return same;
  const dicom = fromDicom(column, spec, reader) ?? same;
  if (dicom === same) requireNoUnits(column, reader);
  const capped = capAges(dicom.column, dicom.spec, { reader, ageCap });
  return capped === undefined ? dicom : { ...capped, issues: [...dicom.issues, ...capped.issues] };
}

function fromDicom(column: TextColumn, spec: CovariateSpec, reader: CellReader): AgeColumn | undefined {
  const shape = spec.kind === 'continuous' || looksLikeAge(column.name) ? dicomAgeShort : dicomAge;
  const ages = column.texts.map((text) => (text === null ? null : shape.exec(text)));
  const found = ages.filter((age) => age !== null);
  const others = column.texts.filter((text, row) => text !== null && ages[row] === null) as string[];
  if (found.length === 0 || found.length < others.length) return undefined;
  const units = [...new Set(found.map((age) => age[2].toUpperCase()))];
  // Plain numbers among ages in years are years; among others it cannot be known.
  const numbers = others.filter((text) => reader.number(text) !== undefined);
  if (numbers.length > 0 && units.join() !== 'Y') return undefined;
  const unit = spec.unit ?? 'years';
  const target = unitNames[unit];
  if (target === undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid unit of ${spec.name}: "${unit}", where the column holds ages such as "${found[0][0]}" ` +
        '(years, months, weeks or days are allowed)',
      { where: { file: column.file, column: column.name } },
    );
  }
  const inUnit = (value: number, from: string): number =>
    from === target ? value : (value / perYear[from]) * perYear[target];
  const texts = column.texts.map((text, row) => {
    const age = ages[row];
    if (age !== null) return reader.write(inUnit(Number(age[1]), age[2].toUpperCase()));
    const plain = text === null ? undefined : reader.number(text);
    return plain === undefined ? text : reader.write(inUnit(plain, 'Y'));
  });
  const plainToo = numbers.length === 0 ? '' : `; ${numbers.length} without a unit taken as years`;
  const message =
    `column "${column.name}" of ${column.file}: ${found.length} ages as DICOM writes them, such as "${found[0][0]}", ` +
    `read in ${unit}${plainToo}`;
  const where = { file: column.file, column: column.name };
  return {
    column: { ...column, texts },
    spec: { ...spec, unit },
    issues: [makeIssue('converted-ages', message, where)],
  };
}

/**
 * Ages with a unit would be levels, one for each age.
 *
 * @throws ConcordError `invalid-number` where most texts of a column of ages have a unit, or all others are numbers.
 */
function requireNoUnits({ name, file, texts, lines }: TextColumn, reader: CellReader): void {
  if (!looksLikeAge(name)) return;
  const present = texts.filter((text) => text !== null);
  const isUnit = (text: string | null): boolean => text !== null && ageWithUnit(text) !== undefined;
  const found = present.filter(isUnit).length;
  const numbers = present.filter((text) => reader.number(text) !== undefined).length;
  if (found === 0 || (found * 2 < present.length && found + numbers < present.length)) return;
  const row = texts.findIndex(isUnit);
  throw invalidNumber(texts[row], { file, row: lines[row], column: name }, { column: present });
}

/** A bound from which ages are hidden; grades such as `1+` are lower. */
const oldest = 80;

function capAges(
  column: TextColumn,
  spec: CovariateSpec,
  { reader, ageCap }: { readonly reader: CellReader; readonly ageCap?: number },
): AgeColumn | undefined {
  const ages = column.texts.map((text) => (text === null ? undefined : censoredAge(text)));
  const isNumber = (text: string): boolean => reader.number(text) !== undefined;
  const numbers = column.texts.filter((text) => text !== null && isNumber(text)).length;
  // Groups such as "<18" and "18+" are levels; bounds among numbers are ages that were hidden.
  if (spec.kind === undefined && numbers === 0) return undefined;
  const texts = column.texts.map((text, row) => {
    const { above = false, bound = 0 } = ages[row] ?? {};
    const isCapped = ageCap !== undefined && above && bound >= ageCap && bound <= ageCap + 1;
    return isCapped ? reader.write(ageCap) : text;
  });
  const left = texts.findIndex((text, row) => ages[row] !== undefined && text === column.texts[row]);
  const isAge = looksLikeAge(column.name) || ages.some((age) => age?.above === true && age.bound >= oldest);
  const onlyAges = column.texts.every(
    (text, row) => text === null || ages[row] !== undefined || isNumber(text),
  );
  if (left !== -1 && isAge && onlyAges) {
    throw invalidNumber(texts[left], { file: column.file, row: column.lines[left], column: column.name });
  }
  const capped = texts.flatMap((text, row) => (text === column.texts[row] ? [] : [row]));
  if (capped.length === 0 || ageCap === undefined) return undefined;
  return { column: { ...column, texts }, spec, issues: [reportCapped(column, capped, ageCap)] };
}

/** Remedies that are all needed. */
function allOf(remedies: readonly Remedy[]): Advice {
  return remedies.flatMap((remedy, at) => (at === 0 ? [remedy] : [' and ', remedy]));
}

function reportCapped(column: TextColumn, rows: readonly number[], ageCap: number): Issue {
  const where = { file: column.file, column: column.name };
  const marks = [...new Set(rows.map((row) => column.texts[row] ?? ''))];
  const message =
    `${counted(rows.length, 'age')} in column "${column.name}" of ${column.file} read as ${ageCap}: ` +
    `${listNames(marks)}; the first in row ${column.lines[rows[0]]}`;
  const advice = advise`these participants may be older than that; to leave their ages out instead, use ${allOf(marks.map((mark) => option('missing', mark)))}`;
  return makeIssue('capped-ages', message, where, advice);
}

/**
 * Checks the age at which ages are capped.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireAgeCap(ageCap: number | undefined): number | undefined {
  if (ageCap === undefined || (Number.isFinite(ageCap) && ageCap > 0)) return ageCap;
  throw new ConcordError('invalid-option', `invalid ageCap: ${ageCap} (an age such as 89 is allowed)`);
}
