import type { Where } from '../../errors';
import type { Issue } from '../../data/issue';
import { escapeHtml } from './html';

/** The most issues listed one by one. */
const most = 100;

/** Issues as an HTML table, warnings first; a long list is cut and the rest counted by code. */
export function issuesHtml(issues: readonly Issue[]): string {
  if (issues.length === 0) return '<p class="concord-note">No issues were raised.</p>';
  const ordered = [...issues].sort((a, b) => Number(a.severity === 'info') - Number(b.severity === 'info'));
  const rows = ordered
    .slice(0, most)
    .map(
      (issue) =>
        `<tr><td>${escapeHtml(issue.severity)}</td><td><code>${escapeHtml(issue.code)}</code></td>` +
        `<td>${escapeHtml(issue.message)}</td><td>${escapeHtml(placeText(issue.where))}</td>` +
        `<td>${escapeHtml(issue.suggestion)}</td></tr>`,
    );
  const rest = ordered.slice(most);
  return (
    '<table><caption>Issues</caption><thead><tr>' +
    ['severity', 'code', 'what', 'where', 'what to do']
      .map((name) => `<th scope="col">${name}</th>`)
      .join('') +
    '</tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table>` +
    (rest.length === 0
      ? ''
      : `<p class="concord-note">${rest.length} more not listed: ${escapeHtml(tally(rest))}</p>`)
  );
}

/** Where an issue was met, as text: `site HH, feature left.cuneus`. */
export function placeText(where: Where): string {
  return Object.entries(where)
    .map(([kind, place]) => `${kind} ${kind === 'file' ? fileName(String(place)) : place}`)
    .join(', ');
}

/** The last part of a path: the folder only clutters a table. */
function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}

/** How many issues of each code, as text. */
function tally(issues: readonly Issue[]): string {
  const counts = new Map<string, number>();
  for (const { code } of issues) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, number]) => `${number} × ${code}`).join(', ');
}
