import { isNumberOtherwise } from './number-format';
import type { CollectedRows } from './collect-rows';
import type { Cell } from './row-source';

/** A cell, and the row of the file it is in. */
export interface PlacedCell {
  readonly cell: Cell;
  readonly line: number;
}

/** The cells of a column that are no numbers. */
export interface NotNumbers {
  readonly count: number;
  readonly first: PlacedCell;
  /** How many of them are numbers in another format, with a decimal comma perhaps, and the first of these. */
  readonly commas: number;
  readonly firstComma?: PlacedCell;
}

/** What is known of a column's cells that are no numbers, with one more. */
export function oneMore(known: NotNumbers | undefined, cell: Cell, line: number): NotNumbers {
  const isComma = isNumberOtherwise(String(cell).trim());
  return {
    count: (known?.count ?? 0) + 1,
    first: known?.first ?? { cell, line },
    commas: (known?.commas ?? 0) + Number(isComma),
    firstComma: known?.firstComma ?? (isComma ? { cell, line } : undefined),
  };
}

/** The same rows with the features at `kept` only; the matrix is packed where it is, so that it is not there twice. */
export function keepFeatures(main: CollectedRows, kept: readonly number[]): CollectedRows {
  const width = main.features.length;
  if (kept.length === width) return main;
  const { values } = main;
  let to = 0;
  for (let row = 0; row < main.ids.length; row++) {
    for (const at of kept) values[to++] = values[row * width + at];
  }
  const packed = to >= 0.75 * values.length ? values.subarray(0, to) : values.slice(0, to);
  return { ...main, features: kept.map((at) => main.features[at]), values: packed };
}
