import { ConcordError } from '../../errors';
import { makeCellReader } from '../cells/cell';

/** What a `stats/*.stats` file of FreeSurfer or FastSurfer holds, as far as it was asked for. */
export interface FreeSurferStats {
  /** Values of the whole hemisphere or head, by name, for example `MeanThickness`. */
  readonly measures: ReadonlyMap<string, number>;
  /** One entry per region, by its `StructName`: the values by column name; `NaN` where the program wrote `nan`. */
  readonly regions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** What the program wrote as `nan` or `inf`: `bankssts (ThickAvg)`. */
  readonly notNumbers: readonly string[];
}

/** Which parts of a file are needed, and so read strictly. */
export interface StatsWanted {
  /** The columns of the table. */
  readonly columns: readonly string[];
  /** Whether the `# Measure` lines are needed, or only read where they can be. */
  readonly measures: boolean;
}

const numbers = makeCellReader([{ marks: [], only: true }]);

/**
 * Reads a FreeSurfer statistics file: `# Measure` lines, and the table whose columns the line `# ColHeaders` names. Only
 * what is wanted is read strictly: recon-all writes `-nan` into the curvature of flat regions, and FreeSurfer 6 left a
 * comma out of one measure.
 *
 * @param path - for messages
 * @throws ConcordError `malformed-table` naming the row.
 */
export function parseFreeSurferStats(text: string, path: string, wanted: StatsWanted): FreeSurferStats {
  const measures = new Map<string, number>();
  const regions = new Map<string, ReadonlyMap<string, number>>();
  const notNumbers: string[] = [];
  let columns: readonly string[] | undefined;
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.trim();
    const place = { file: path, row: at + 1 };
    if (/^#\s*ColHeaders\s/.test(line)) columns = headersIn(line, place, wanted);
    else if (/^#\s*Measure\s/.test(line)) {
      addMeasure(measures, line.replace(/^#\s*Measure\s+/, ''), { place, wanted, notNumbers });
    } else if (line !== '' && !line.startsWith('#')) {
      addRegion(regions, line.split(/\s+/), { columns, place, wanted, notNumbers });
    }
  });
  if (columns === undefined || regions.size === 0) {
    throw new ConcordError(
      'malformed-table',
      `invalid stats file: ${path} has ${columns === undefined ? 'no line "# ColHeaders"' : 'no regions'}`,
      {
        where: { file: path },
        remedy: ['recon-all did not finish, or this is another kind of file'],
      },
    );
  }
  return { measures, regions, notNumbers };
}

interface Place {
  readonly file: string;
  readonly row: number;
}

function headersIn(line: string, place: Place, wanted: StatsWanted): readonly string[] {
  const columns = line
    .replace(/^#\s*ColHeaders\s+/, '')
    .trim()
    .split(/\s+/);
  const absent = ['StructName', ...wanted.columns].find((name) => !columns.includes(name));
  if (absent !== undefined)
    throw malformed(place, `there is no column ${absent}, only ${columns.join(', ')}`);
  return columns;
}

interface Reading {
  readonly place: Place;
  readonly wanted: StatsWanted;
  readonly notNumbers: string[];
}

/**
 * `# Measure Cortex, MeanThickness, Mean Thickness, 2.36, mm`: structure, name, description, value, unit. FreeSurfer 6
 * wrote `# Measure Cortex, CortexVol Total cortical gray matter volume, 470000, mm^3`, a comma short.
 */
function addMeasure(
  measures: Map<string, number>,
  line: string,
  { place, wanted, notNumbers }: Reading,
): void {
  const parts = line.split(',').map((part) => part.trim());
  const name = parts.length >= 5 ? parts[1] : parts[1]?.split(/\s+/)[0];
  const text = parts[parts.length - 2] ?? '';
  const value = parts.length < 4 || name === '' ? undefined : numberOf(text);
  if (value === undefined) {
    if (wanted.measures) throw malformed(place, `"# Measure ${line}" has no value`);
    return;
  }
  // FreeSurfer's own tables call the intracranial volume by the longer of its two names.
  const called = name === 'eTIV' ? parts[0] : name;
  if (Number.isNaN(value) && wanted.measures) notNumbers.push(called);
  measures.set(called, value);
}

function addRegion(
  regions: Map<string, ReadonlyMap<string, number>>,
  cells: readonly string[],
  { columns, place, wanted, notNumbers }: Reading & { readonly columns: readonly string[] | undefined },
): void {
  if (columns === undefined) throw malformed(place, 'there are values before the line "# ColHeaders"');
  const name = cells[columns.indexOf('StructName')];
  if (name === undefined || cells.length !== columns.length) {
    throw malformed(place, `${cells.length} values are under ${columns.length} column headers`);
  }
  if (regions.has(name)) throw malformed(place, `region "${name}" is there twice`);
  const values = new Map<string, number>();
  for (const column of wanted.columns) {
    const cell = cells[columns.indexOf(column)];
    const value = numberOf(cell);
    if (value === undefined) throw malformed(place, `"${cell}" under ${column} is not a number`);
    if (Number.isNaN(value)) notNumbers.push(`${name} (${column})`);
    values.set(column, value);
  }
  regions.set(name, values);
}

/** A number; `NaN` for what C prints where there is none; `undefined` for anything else. */
function numberOf(text: string): number | undefined {
  return /^[+-]?(nan(\([^)]*\))?|inf(inity)?)$/i.test(text) ? NaN : numbers.number(text);
}

function malformed(place: Place, problem: string): ConcordError {
  return new ConcordError(
    'malformed-table',
    `invalid stats file: ${place.file}, row ${place.row}: ${problem}`,
    {
      where: { ...place },
    },
  );
}
