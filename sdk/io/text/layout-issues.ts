import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { StartLayout, TextLayout } from './text-layout';

/** The start of a table as it was read. */
export interface DescribedStart extends StartLayout {
  /** The rows under the header that describe the columns. */
  readonly described: readonly (readonly string[])[];
}

/** Says what was read otherwise than a plain header and one row per subject; `empty` are the lines without any value. */
export function layoutIssues(
  file: string,
  { comments, titles, headerLine }: TextLayout,
  { start, empty }: { readonly start: DescribedStart; readonly empty: readonly number[] },
): readonly Issue[] {
  const issues: Issue[] = [];
  const add = (code: 'skipped-rows' | 'inferred-layout', message: string): unknown =>
    issues.push(makeIssue(code, message, { file }));
  if (comments > 0) {
    const lines = comments === 1 ? 'line' : 'lines';
    add('skipped-rows', `${comments} ${lines} of comments before the header of ${file}`);
  }
  if (titles.length > 0) {
    const lines = titles.length === 1 ? '1 line' : `${titles.length} lines`;
    const shown = listNames(titles.map(short), 3);
    const verb = titles.length === 1 ? 'is taken for a title' : 'are taken for a title';
    add(
      'skipped-rows',
      `${lines} above the header of ${file}, which is line ${headerLine}, ${verb}: ${shown}`,
    );
  }
  if (start.rowNames) {
    add(
      'inferred-layout',
      `the header of ${file} has one name less than its rows have cells: the first cell of each row is taken as its name, as R writes it`,
    );
  }
  if (start.descriptions > 0) add('skipped-rows', describedRows(file, headerLine, start));
  if (empty.length > 0) {
    const rows = empty.length === 1 ? '1 row' : `${empty.length} rows`;
    add('skipped-rows', `${rows} of ${file} without any value passed over, the first is row ${empty[0]}`);
  }
  return issues;
}

function describedRows(file: string, headerLine: number, start: DescribedStart): string {
  const cells = start.described.flat().filter((cell) => cell.trim() !== '');
  const shown = listNames(cells.map(short), 3);
  const one = start.descriptions === 1;
  const rows = one ? 'the row' : `the ${start.descriptions} rows`;
  const verb = one
    ? 'describes the columns and is not a subject'
    : 'describe the columns and are not subjects';
  return `${rows} under the header of ${file}, row ${headerLine}, ${verb}: ${shown}`;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
