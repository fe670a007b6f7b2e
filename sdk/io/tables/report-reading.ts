import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { advise, option } from '../../remedy';
import { bothStreamsIssues, longitudinalPerson, templateIssues } from '../free-surfer/longitudinal-stream';
import type { CollectedRows } from '../rows/collect-rows';
import type { ColumnRoles } from '../columns/column-roles';
import type { TableColumns } from '../columns/table-columns';
import { rowNameColumn } from '../columns/table-columns';
import { counted } from '../../data/counted';
import { quoteName } from '../../data/list-names';

/** Reports the columns of ids and persons that were found without being named. */
export function reportIds(table: TableColumns, roles: ColumnRoles, main: CollectedRows): readonly Issue[] {
  const { ids } = roles;
  const file = table.source.name;
  const name = table.names[ids.id];
  const issues: Issue[] = [];
  if (ids.id === rowNameColumn(table) && ids.idAsked !== true) {
    const counted = isCounter(main.keys.map(({ id }) => id));
    const what = counted ? 'subject ids are the row numbers in' : 'subject ids are taken from';
    const which = table.unnamed.has(ids.id) ? 'the first column, which has no name,' : `column "${name}"`;
    const message = `${what} ${which} of ${file}, where pandas and R write row names`;
    issues.push(makeIssue('inferred-id', message, { file, column: name }));
  }
  const persons = new Set(main.persons).size;
  if (main.composed && ids.visit !== undefined && ids.visitAsked !== true) {
    const visit = table.names[ids.visit];
    const message = `the ids in column "${name}" of ${file} repeat: ${main.ids.length} rows are taken as visits of ${persons} persons, and called by "${name}" and "${visit}", such as "${main.ids[0]}"`;
    issues.push(makeIssue('inferred-person', message, { file, column: name }));
  } else if (ids.person !== undefined && ids.personAsked !== true && persons < main.ids.length) {
    const column = table.names[ids.person];
    const message = `column "${column}" of ${file} says who was scanned: ${main.ids.length} rows of ${persons} persons`;
    issues.push(makeIssue('inferred-person', message, { file, column }));
  } else if (ids.person === undefined && !main.composed && persons < main.ids.length) {
    const message = `the ids in column "${name}" of ${file} ${namedBy(main)}: ${main.ids.length} rows of ${persons} persons`;
    issues.push(makeIssue('inferred-person', message, { file, column: name }));
  }
  return [...issues, ...templateIssues(main.ids, file), ...bothStreamsIssues(main.ids, file)];
}

/** By what convention ids say who was scanned. */
function namedBy({ ids, persons }: CollectedRows): string {
  if (ids.some((id) => longitudinalPerson(id) !== undefined))
    return 'are of FreeSurfer\'s longitudinal stream, "SCAN.long.PERSON"';
  const row = persons.findIndex((person, at) => person !== ids[at]);
  return `are names of scans by BIDS, such as ${quoteName(ids[row])}, a scan of ${quoteName(persons[row])}`;
}

/** Whether ids count the rows, from 0 or from 1. */
function isCounter(ids: readonly string[]): boolean {
  return [0, 1].some((from) => ids.every((id, row) => id === String(row + from)));
}

/** Marks in more columns than these are listed in one issue. */
const mostAlone = 3;
/** And no more of them are named. */
const mostColumns = 8;

/** Says which marks of other programs were read as missing. */
export function reportMarks(table: TableColumns, marks: CollectedRows['marks']): readonly Issue[] {
  const file = table.source.name;
  if (marks.size > mostAlone) return [marksOfColumns(table, marks)];
  return [...marks].map(([column, counts]) => {
    const name = table.names[column];
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const list = [...counts].map(([mark, count]) => `"${mark}" (${count})`).join(', ');
    const message = `${counted(total, 'cell')} of column "${name}" of ${file} read as missing: ${list}`;
    const advice = advise`nothing to do where they mark missing values; where one is a value or level of its own, list the marks that this column has, and no others: ${option('missing', `${name}=only:NA`)}`;
    return makeIssue('foreign-mark', message, { file, column: name }, advice);
  });
}

/** Marks in many columns, as the errors of a spreadsheet: which there are, and in which columns how many. */
function marksOfColumns(table: TableColumns, marks: CollectedRows['marks']): Issue {
  const file = table.source.name;
  const byMark = new Map<string, number>();
  let total = 0;
  const columns = [...marks].map(([column, counts]) => {
    let own = 0;
    for (const [mark, count] of counts) {
      byMark.set(mark, (byMark.get(mark) ?? 0) + count);
      own += count;
    }
    total += own;
    return `${table.names[column]} (${own})`;
  });
  const list = [...byMark].map(([mark, count]) => `"${mark}" (${count})`).join(', ');
  const message =
    `${counted(total, 'cell')} of ${columns.length} columns of ${file} read as missing: ${list}; in ` +
    columns.slice(0, mostColumns).join(', ') +
    (columns.length > mostColumns ? ` and ${columns.length - mostColumns} more` : '');
  const [first] = marks.keys();
  const advice = advise`nothing to do where they mark missing values; where one is a value or level of its own, list the marks that its column has, and no others, as with ${option('missing', `${table.names[first]}=only:NA`)}`;
  return makeIssue('foreign-mark', message, { file }, advice);
}
