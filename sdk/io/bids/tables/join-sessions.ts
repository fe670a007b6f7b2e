import { basename } from 'node:path';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { listFirst, listNames } from '../../../data/list-names';
import { bareLabel } from '../bids-name';
import type { BidsTable, JoinedRows } from './bids-table';
import type { BidsImage } from '../list-images';

/** Which row of a sessions file describes which image. */
export interface JoinedSessions {
  readonly rows: ReadonlyMap<BidsImage, readonly number[]>;
  readonly issues: readonly Issue[];
}

/** The folder of an image's subject: `sub-01`. */
export function subjectFolder({ folder }: BidsImage): string {
  return folder.split('/')[0];
}

/**
 * Joins images with the rows of their subjects' sessions files. A session without a row is reported: what is known of it
 * then comes from the table of participants.
 *
 * @param sessions - the sessions files by the folder of the subject
 */
export function joinSessions(
  images: readonly BidsImage[],
  sessions: ReadonlyMap<string, BidsTable>,
): JoinedSessions {
  const rows = new Map<BidsImage, readonly number[]>();
  const issues: Issue[] = [];
  for (const [folder, table] of sessions) {
    const own = images.filter((image) => subjectFolder(image) === folder && image.name.entities.has('ses'));
    const labels = new Set(own.map(({ name }) => name.entities.get('ses') ?? ''));
    const joined = table.join(labels);
    for (const image of own) {
      const row = joined.rows.get(image.name.entities.get('ses') ?? '');
      if (row !== undefined) rows.set(image, row);
    }
    issues.push(...looseIssues(table, joined, 'ses'));
    const without = [...labels].filter((label) => !joined.rows.has(label));
    if (without.length > 0) issues.push(unmatchedIssue(folder, table, without));
  }
  return { rows, issues };
}

/** Says which labels were joined to rows that are written otherwise. */
export function looseIssues(
  table: BidsTable,
  { rows, loose: labels }: JoinedRows,
  key: 'sub' | 'ses',
): readonly Issue[] {
  if (labels.length === 0) return [];
  const pairOf = (label: string): string =>
    `"${key}-${label}" with "${table.ids[rows.get(label)?.[0] ?? 0]}"`;
  const file = basename(table.file);
  const message = `${labels.length} of the folders are written otherwise in ${file} and joined all the same: ${listFirst(labels, pairOf, { most: 4 })}`;
  return [makeIssue('joined-loosely', message, { file })];
}

function unmatchedIssue(folder: string, table: BidsTable, labels: readonly string[]): Issue {
  const file = basename(table.file);
  const named = listNames(labels.map((label) => `ses-${label}`));
  const there = listNames([...new Set(table.ids.map((id) => `ses-${bareLabel('ses', id)}`))]);
  const message = `${file} has no row for ${named} (it has ${there}): what is known of that session comes from participants.tsv`;
  return makeIssue('unmatched-session', message, { file: `${folder}/${file}`, subject: folder });
}
