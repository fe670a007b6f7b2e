import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { counted } from '../../data/counted';
import { listNames } from '../../data/list-names';

/** A number as a spreadsheet shortens it: `1.00001E+11`, `1,2E+15`. */
const shortened = /^\d([.,]\d+)?E\+\d{2,}$/;
/** A date as a spreadsheet writes what it took for one: `1-Mar`, `Mar-01`, `03-Mär`. */
const asDate = /^(\d{1,2}[-.]\p{Lu}\p{L}{2}\.?|\p{Lu}\p{L}{2}\.?[-.]\d{2})$/u;
/** Months in the languages of most spreadsheets; other three letters may be names of sites. */
const months =
  /jan|feb|mar|mär|mrz|apr|may|mai|mag|mei|jun|jul|giu|lug|aug|ago|aoû|sep|set|oct|okt|ott|nov|dec|dez|dic|déc/i;

/**
 * Warns of ids that a spreadsheet rewrote: long numbers of which the last digits are lost (`1.00001E+11`), and ids such as
 * `MAR01` and `3-1` that became dates (`1-Mar`). They no longer match the ids of other tables and of scans.
 */
export function spreadsheetIdsIssues(ids: readonly string[], file: string): readonly Issue[] {
  const found = ids.filter((id) => shortened.test(id) || (asDate.test(id) && months.test(id)));
  if (found.length === 0) return [];
  const message =
    `${counted(found.length, 'id')} of ${file} ${found.length === 1 ? 'looks' : 'look'} as if a spreadsheet had rewritten ` +
    `${found.length === 1 ? 'it' : 'them'} (a long number without its last digits, or a date): ${listNames(found, 4)}`;
  return [
    makeIssue('rewritten-id', message, { file, subject: found[0] }, [
      'export the table again with the column of ids formatted as text; nothing to do where these are the ids',
    ]),
  ];
}
