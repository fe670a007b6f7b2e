import { basename } from 'node:path';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { listNames } from '../../../data/list-names';
import { foldLabel } from '../../columns/labels/near-labels';
import { visitNames } from '../../rows/row-ids';
import { bareLabel } from '../bids-name';
import type { BidsTable } from './bids-table';
import type { BidsImage } from '../list-images';

/** The rows of the table of participants that tell of an image. */
export interface VisitRows {
  /** Those of its session, where the table has a row for each. */
  readonly own: readonly number[];
  /** Those of the participant in all sessions. */
  readonly shared: readonly number[];
  /** The table has rows of other sessions only: what these agree in is known, all else is not. */
  readonly unmatched: boolean;
}

/** Which rows of the table of participants tell of which images, where a participant has several. */
export interface JoinedVisits {
  of(image: BidsImage): VisitRows;
  readonly issues: readonly Issue[];
}

/**
 * Joins images with the rows of the table of participants. A longitudinal dataset may have a row there for every session, and
 * a column that names it, `session_id` mostly: then a row tells of the scans of its session, one without a session of
 * all. Several rows without such a column tell of all scans, as long as they agree in what is used of them.
 *
 * @param rows - by the label of the participant
 */
export function joinVisits(
  images: readonly BidsImage[],
  table: BidsTable | undefined,
  rows: ReadonlyMap<string, readonly number[]>,
): JoinedVisits {
  const label = ({ name }: BidsImage): string => name.entities.get('sub') ?? '';
  const rowsOf = (image: BidsImage): readonly number[] => rows.get(label(image)) ?? [];
  const several = images.filter((image) => rowsOf(image).length > 1);
  const plain = (image: BidsImage): VisitRows => ({ own: [], shared: rowsOf(image), unmatched: false });
  if (table === undefined || several.length === 0) return { of: plain, issues: [] };
  const column = visitColumn(table, several, rowsOf);
  const found = new Map<BidsImage, VisitRows>();
  if (column !== undefined) {
    for (const image of several) found.set(image, visitRows(image, table, { column, rows: rowsOf(image) }));
  }
  return {
    of: (image) => found.get(image) ?? plain(image),
    issues: [
      repeatedIssue(table, column, new Set(several.map(label))),
      ...unmatchedIssues(
        table,
        [...found].filter(([, { unmatched }]) => unmatched).map(([image]) => image),
      ),
    ],
  };
}

/** The column of visits by whose labels at least one image is found. */
function visitColumn(
  table: BidsTable,
  images: readonly BidsImage[],
  rowsOf: (image: BidsImage) => readonly number[],
): string | undefined {
  const named = visitNames.flatMap((name) => table.columns.filter((one) => one.toLowerCase() === name));
  return named.find((column) =>
    images.some((image) => visitRows(image, table, { column, rows: rowsOf(image) }).own.length > 0),
  );
}

function visitRows(
  image: BidsImage,
  table: BidsTable,
  { column, rows }: { readonly column: string; readonly rows: readonly number[] },
): VisitRows {
  const session = image.name.entities.get('ses');
  if (session === undefined) return { own: [], shared: rows, unmatched: false };
  const visits = rows.map((row) => {
    const text = table.text(row, column);
    return { row, visit: text === null ? null : bareLabel('ses', text) };
  });
  const exact = visits.filter(({ visit }) => visit === session);
  const folded = visits.filter(({ visit }) => visit !== null && foldLabel(visit) === foldLabel(session));
  // Zeros before a number may be lost, as long as no two visits are alike without them.
  const alike = new Set(folded.map(({ visit }) => visit)).size === 1 ? folded : [];
  const own = (exact.length > 0 ? exact : alike).map(({ row }) => row);
  const general = visits.filter(({ visit }) => visit === null).map(({ row }) => row);
  const unmatched = own.length === 0 && general.length < rows.length;
  return { own, shared: unmatched ? rows : general, unmatched };
}

function repeatedIssue(table: BidsTable, column: string | undefined, labels: ReadonlySet<string>): Issue {
  const file = basename(table.file);
  const who = listNames([...labels].map((label) => `sub-${label}`));
  const how =
    column === undefined
      ? 'what they agree in is taken for all scans'
      : `each is taken for the scans of the session in its column "${column}"`;
  return makeIssue(
    'repeated-participants',
    `${file} has several rows of ${who} (${labels.size} in all): ${how}`,
    {
      file,
      ...(column === undefined ? {} : { column }),
    },
  );
}

function unmatchedIssues(table: BidsTable, images: readonly BidsImage[]): readonly Issue[] {
  if (images.length === 0) return [];
  const file = basename(table.file);
  const names = images.map(
    ({ name: { entities } }) => `sub-${entities.get('sub')}_ses-${entities.get('ses')}`,
  );
  const message = `${file} has no row for ${listNames([...new Set(names)])}: only what the rows of other sessions agree in is known`;
  return [makeIssue('unmatched-session', message, { file })];
}
