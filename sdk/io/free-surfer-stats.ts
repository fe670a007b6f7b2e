import { ConcordError } from '../errors';
import { makeCellReader } from './cell';

/** What a `stats/*.stats` file of FreeSurfer holds. */
export interface FreeSurferStats {
  /** Values of the whole hemisphere or head, by name, for example `MeanThickness`. */
  readonly measures: ReadonlyMap<string, number>;
  /** One entry per region, by its `StructName`: the values by column name. */
  readonly regions: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const numbers = makeCellReader([{ marks: [], only: true }]);

/**
 * Reads a FreeSurfer statistics file: `# Measure` lines, and the table whose columns the line `# ColHeaders` names.
 *
 * @param path - for messages
 * @throws ConcordError `malformed-table` naming the row.
 */
export function parseFreeSurferStats(text: string, path: string): FreeSurferStats {
  const measures = new Map<string, number>();
  const regions = new Map<string, ReadonlyMap<string, number>>();
  let columns: readonly string[] | undefined;
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.trim();
    const place = { file: path, row: at + 1 };
    if (line.startsWith('# ColHeaders')) columns = line.slice(12).trim().split(/\s+/);
    else if (line.startsWith('# Measure ')) addMeasure(measures, line.slice(10), place);
    else if (line !== '' && !line.startsWith('#')) addRegion(regions, line.split(/\s+/), { columns, place });
  });
  if (columns === undefined || regions.size === 0) {
    throw new ConcordError(
      'malformed-table',
      `invalid stats file: ${path} has ${columns === undefined ? 'no line "# ColHeaders"' : 'no regions'} ` +
        '(recon-all did not finish, or this is another kind of file)',
      { where: { file: path } },
    );
  }
  return { measures, regions };
}

interface Place {
  readonly file: string;
  readonly row: number;
}

/** `# Measure Cortex, MeanThickness, Mean Thickness, 2.36, mm`: structure, name, description, value, unit. */
function addMeasure(measures: Map<string, number>, line: string, place: Place): void {
  const parts = line.split(',').map((part) => part.trim());
  const value = numbers.number(parts[parts.length - 2] ?? '');
  if (parts.length < 5 || value === undefined) throw malformed(place, `"# Measure ${line}" has no value`);
  // FreeSurfer's own tables call the intracranial volume by the longer of its two names.
  measures.set(parts[1] === 'eTIV' ? parts[0] : parts[1], value);
}

function addRegion(
  regions: Map<string, ReadonlyMap<string, number>>,
  cells: readonly string[],
  { columns, place }: { readonly columns: readonly string[] | undefined; readonly place: Place },
): void {
  if (columns === undefined) throw malformed(place, 'there are values before the line "# ColHeaders"');
  const name = cells[columns.indexOf('StructName')];
  if (name === undefined || cells.length !== columns.length) {
    throw malformed(place, `${cells.length} values stand under ${columns.length} column headers`);
  }
  if (regions.has(name)) throw malformed(place, `region "${name}" stands there twice`);
  const values = new Map<string, number>();
  columns.forEach((column, at) => {
    if (column === 'StructName') return;
    const value = numbers.number(cells[at]);
    if (value === undefined) throw malformed(place, `"${cells[at]}" under ${column} is not a number`);
    values.set(column, value);
  });
  regions.set(name, values);
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
