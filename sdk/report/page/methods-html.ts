import { escapeHtml } from '../../plot/html/html';
import type { ReportMethods } from '../report-content';
import type { PageSection } from './page-section';

/** A paragraph to paste into a paper, with what it cites, and a button that copies both. */
export function methodsPart({ paragraphs, references }: ReportMethods): PageSection {
  const text = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n');
  const papers = references.map((paper) => `<li>${escapeHtml(paper)}</li>`).join('\n');
  const cited = references.length === 0 ? '' : `\n<h3>References</h3>\n<ul>${papers}</ul>`;
  return {
    id: 'methods',
    title: 'For the methods section',
    html: `<p class="how">Made from what was recorded of this run. Check it, and add what is not recorded: scanners, sequences, who was left out.</p>
<div class="methods">${text}${cited}</div>
<p><button type="button" class="copy" hidden>Copy text and references</button> <span class="copied" role="status"></span></p>`,
  };
}
