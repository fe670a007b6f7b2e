import { comparisonNotes, comparisonTitle, formatComparison } from '../evaluate/comparison/format-comparison';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import { comparisonFindingsHtml, comparisonTableHtml } from '../plot/comparison-html';
import { escapeHtml } from '../plot/html/html';
import { issuesView } from './issues-view';
import type { View } from './view';

/** A comparison of methods as a card: what can be said to each question, then every figure. */
export function comparisonView(comparison: MethodComparison): View {
  const { issues } = comparison;
  const notes = comparisonNotes(comparison).map((note) => `<p class="concord-note">${escapeHtml(note)}</p>`);
  return {
    html:
      `<div class="concord-title">${escapeHtml(comparisonTitle(comparison))}</div>` +
      `${comparisonFindingsHtml(comparison)}${comparisonTableHtml(comparison)}${notes.join('')}` +
      (issues.length === 0 ? '' : issuesView(issues).html),
    text: formatComparison(comparison),
  };
}
