/**
 * Whether a header is that of a table made by FreeSurfer's `aparcstats2table` (`lh.aparc.thickness`) or
 * `asegstats2table` (`Measure:volume`): the first cell names the measure, and its column holds the subject ids.
 */
export function isFreeSurferHeader(header: readonly string[]): boolean {
  return /^Measure:\w+$/.test(header[0]) || isHemisphereId(header[0]);
}

function isHemisphereId(name: string): boolean {
  return /^[lr]h\.[\w.-]+\.\w+$/.test(name);
}

/** Measures of the whole head that `aparcstats2table` adds to the table of each hemisphere. */
const wholeHead = new Set(['BrainSegVolNotVent', 'eTIV']);

/** Whether a column of a FreeSurfer table describes the whole head among regions of one hemisphere. */
export function isWholeHead(header: readonly string[], column: number): boolean {
  return isHemisphereId(header[0]) && wholeHead.has(header[column]);
}

/** A column that repeats another one and must agree with it. */
export interface RepeatedColumn {
  readonly column: number;
  readonly repeats: number;
}

/**
 * The columns that appear twice when the tables of both hemispheres are side by side: the ids, and the measures of
 * the whole head.
 */
export function freeSurferRepeats(header: readonly string[]): readonly RepeatedColumn[] {
  if (!isFreeSurferHeader(header)) return [];
  return header.flatMap((name, column) => {
    if (column === 0) return [];
    if (isHemisphereId(name) && isHemisphereId(header[0])) return [{ column, repeats: 0 }];
    const first = header.indexOf(name);
    return first < column && wholeHead.has(name) ? [{ column, repeats: first }] : [];
  });
}
