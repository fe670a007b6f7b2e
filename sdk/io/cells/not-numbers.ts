import { looksLikeNumber } from './number-format';
import type { TableCell } from '../text/row-source';

/** A cell, and the row of the file it is in. */
export interface PlacedCell {
  readonly cell: TableCell;
  readonly line: number;
}

/** The cells of a column that are no numbers. */
export interface NotNumbers {
  readonly count: number;
  readonly first: PlacedCell;
  /** How many of them are numbers in another format than the options say, perhaps with a decimal comma, and the first. */
  readonly commas: number;
  readonly firstComma?: PlacedCell;
}

/** What is known of a column's cells that are no numbers, with one more. */
export function oneMore(known: NotNumbers | undefined, cell: TableCell, line: number): NotNumbers {
  const isComma = looksLikeNumber(String(cell).trim());
  return {
    count: (known?.count ?? 0) + 1,
    first: known?.first ?? { cell, line },
    commas: (known?.commas ?? 0) + Number(isComma),
    firstComma: known?.firstComma ?? (isComma ? { cell, line } : undefined),
  };
}
