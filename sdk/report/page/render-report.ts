import type { Provenance } from '../../data/provenance';
import { requireCall } from '../../data/calls/require-call';
import { comparisonNotes } from '../../evaluate/comparison/format-comparison';
import type { MethodComparison } from '../../evaluate/comparison/method-comparison';
import { findingsOfRows } from '../../evaluate/findings/audit-findings';
import type { AuditRow } from '../../evaluate/rows/audit-row';
import { usedProtocols } from '../../evaluate/rows/audit-row';
import { auditRows } from '../../evaluate/rows/audit-rows';
import { comparisonFindingsHtml, comparisonTableHtml } from '../../plot/comparison-html';
import { auditColumnsNote, auditTableHtml, findingsHtml } from '../../plot/html/audit-html';
import { pictureHtml } from '../../plot/html/encode-picture';
import { fragmentStyle } from '../../plot/html/fragment-style';
import { escapeHtml } from '../../plot/html/html';
import { issuesHtml } from '../../plot/html/issues-html';
import { plotlyCarrier, plotlyChannel } from '../../plot/html/plotly-html';
import { viewerCarrier, viewerHtml } from '../../plot/html/viewer-html';
import { readingHtml } from '../reading-section';
import type { ReportContent, ReportFact, ReportFigure, ReportPicture, ReportViewer } from '../report-content';
import { figureElement } from './figure-element';
import { methodsPart } from './methods-html';
import { pageFooter, pageHead } from './page-frame';
import type { PageSection } from './page-section';
import { contentsHtml, regionHtml, sectionHtml } from './page-section';
import { reportScript } from './report-script';
import { pickerSection } from './picker-section';
import { reportStyle } from './report-style';
import { tableSection } from './table-section';

/**
 * Lays a report out as one HTML file that opens offline: style, data and plotly.js (once, compressed) inside. All
 * text of the user's is escaped. The same content gives the same bytes.
 *
 * @param plotlySource - the text of `plotly.js-dist`, or its bytes in UTF-8
 * @param viewerSource - the same of NiiVue's UMD build, where the report has viewers
 */
export function renderReport(
  content: ReportContent,
  plotlySource: string | Uint8Array,
  viewerSource: string | Uint8Array = '',
): string {
  requireCall('reports.render', { content, plotlySource, viewerSource });
  const { title, lead, figures, picker } = content;
  const sections = sectionsOf(content, viewerSource);
  const isDrawn = figures.length > 0 || picker !== undefined;
  return `${pageHead(title, [fragmentStyle, reportStyle].join('\n'))}
<body>
<a class="skip" href="#content">Skip to the report</a>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
<noscript><p class="alarm">This page draws its figures with JavaScript, which is switched off here. The text and tables below are complete without it.</p></noscript>
</header>
${contentsHtml(sections)}
<main id="content" tabindex="-1">
${sections.map(sectionHtml).join('\n')}
</main>
${pageFooter}
${isDrawn ? plotlyCarrier(plotlySource) : ''}
<script>(${reportScript})('${plotlyChannel}')</script>
</body>
</html>
`;
}

/** The parts of the page, in their order. */
function sectionsOf(content: ReportContent, viewerSource: string | Uint8Array): readonly PageSection[] {
  const { facts, reading, audit, figures, picker, issues, provenance, methods, comparison } = content;
  const { tables = [], pictures = [], viewers = [] } = content;
  const measured = tables.map(tableSection);
  const judged = [
    ...(audit === undefined ? [] : auditSections(auditRows(audit))),
    ...(comparison === undefined ? [] : comparisonSections(comparison)),
  ];
  const links = new Map(
    [...judged.filter(({ id }) => id === 'numbers'), ...measured].map((one) => [
      one.id.replace(/^table-/, ''),
      one,
    ]),
  );
  return [
    ...(reading === undefined ? [] : [{ id: 'read', title: 'What was read', html: readingHtml(reading) }]),
    ...judged,
    { id: 'done', title: 'What was done', html: factsHtml(facts) },
    ...(methods === undefined ? [] : [methodsPart(methods)]),
    ...measured,
    ...(pictures.length + viewers.length === 0 ? [] : [imagesSection(pictures, viewers, viewerSource)]),
    ...(picker === undefined ? [] : [pickerSection(picker)]),
    ...(figures.length === 0 ? [] : [figuresSection(figures, links)]),
    { id: 'issues', title: 'Issues', html: regionHtml('Issues', issuesHtml(issues)) },
    provenanceSection(provenance),
  ];
}

function auditSections(rows: readonly AuditRow[]): readonly PageSection[] {
  const used = usedProtocols(rows);
  const rests = used.includes('in-folds')
    ? 'The verdict rests on the figures in folds where there are any.'
    : 'Figures in folds, which do not, are not available here, so the verdict cannot be that the site is gone or the biology kept.';
  const how = used.includes('held-out')
    ? 'Figures are of persons from whom the method did not learn.'
    : `In-sample figures flatter the method: it has seen the participants it is tested on. ${rests}`;
  const numbers = `${auditTableHtml(rows)}<p class="concord-note">${escapeHtml(auditColumnsNote(rows))}</p>`;
  return [
    {
      id: 'verdict',
      title: 'Verdict',
      html: `<div class="concord-fragment">${findingsHtml(findingsOfRows(rows))}</div>
<p class="how">${how}
It reads the numbers by fixed rules and does not replace looking at them.</p>`,
    },
    { id: 'numbers', title: 'The numbers', html: regionHtml('The figures of the audit', numbers) },
  ];
}

function comparisonSections(comparison: MethodComparison): readonly PageSection[] {
  const notes = comparisonNotes(comparison).map((note) => `<p class="concord-note">${escapeHtml(note)}</p>`);
  const numbers = `${comparisonTableHtml(comparison)}${notes.join('')}`;
  return [
    {
      id: 'verdict',
      title: 'What can be said',
      html: `<div class="concord-fragment">${comparisonFindingsHtml(comparison)}</div>`,
    },
    { id: 'numbers', title: 'The numbers', html: regionHtml('The figures of the comparison', numbers) },
  ];
}

function factsHtml(facts: readonly ReportFact[]): string {
  return `<dl>${facts.map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
}

function figuresSection(
  figures: readonly ReportFigure[],
  links: ReadonlyMap<string, PageSection>,
): PageSection {
  const drawn = figures.map((own, index) => figureElement(own, `figure-${index + 1}`, { links }));
  return { id: 'figures', title: 'Figures', html: drawn.join('\n') };
}

function imagesSection(
  pictures: readonly ReportPicture[],
  viewers: readonly ReportViewer[],
  viewerSource: string | Uint8Array,
): PageSection {
  const caption = (text: string): string => `<figcaption>${escapeHtml(text)}</figcaption>`;
  const drawn = pictures.map(
    (own) => `<figure>${pictureHtml(own.picture)}\n${caption(own.caption)}</figure>`,
  );
  const walked = viewers.map(
    (own, index) =>
      `<figure>${viewerHtml(own.viewer, `viewer-${index + 1}`, { absent: 'The viewer is missing from this page.' })}
${caption(own.caption)}</figure>`,
  );
  const carrier = viewers.length === 0 ? '' : `${viewerCarrier(viewerSource)}\n`;
  return { id: 'images', title: 'Images', html: `${carrier}${[...drawn, ...walked].join('\n')}` };
}

function provenanceSection(provenance: Provenance): PageSection {
  const steps = provenance.map(({ step }) => escapeHtml(step)).join(' → ');
  return {
    id: 'provenance',
    title: 'Provenance',
    html: `<p>${steps === '' ? 'No steps are recorded.' : steps}</p>
<details><summary>Every step with its options, seed and version</summary>
<pre tabindex="0">${escapeHtml(JSON.stringify(provenance, null, 2))}</pre></details>`,
  };
}
