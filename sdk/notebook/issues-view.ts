import type { Issue } from '../data/issue';
import { issuesHtml, placeText } from '../plot/html/issues-html';
import type { View } from './view';
import { counted } from '../data/counted';

/** Issues as a list, warnings first. */
export function issuesView(issues: readonly Issue[]): View {
  const title = issues.length === 0 ? 'No issues' : counted(issues.length, 'issue');
  const lines = issues.slice(0, 100).map((issue) => {
    const place = placeText(issue.where);
    return `  ${issue.severity} ${issue.code}${place === '' ? '' : ` (${place})`}: ${issue.message}; ${issue.suggestion}`;
  });
  const rest = issues.length > lines.length ? [`  and ${issues.length - lines.length} more`] : [];
  return {
    html: `<div class="concord-title">${title}</div>${issues.length === 0 ? '' : issuesHtml(issues)}`,
    text: [title, ...lines, ...rest].join('\n'),
  };
}
