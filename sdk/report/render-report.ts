import type { Provenance } from '../data/provenance';
import { comparisonNotes } from '../evaluate/comparison/format-comparison';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import { findingsOfRows } from '../evaluate/findings/audit-findings';
import type { AuditRow } from '../evaluate/rows/audit-row';
import { usedProtocols } from '../evaluate/rows/audit-row';
import { auditRows } from '../evaluate/rows/audit-rows';
import { auditColumnsNote, auditTableHtml, findingsHtml } from '../plot/html/audit-html';
import { comparisonFindingsHtml, comparisonTableHtml } from '../plot/comparison-html';
import { fragmentStyle } from '../plot/html/fragment-style';
import { escapeHtml } from '../plot/html/html';
import { issuesHtml } from '../plot/html/issues-html';
import { pictureHtml } from '../plot/html/encode-picture';
import { figureHtml, plotlyCarrier } from '../plot/html/plotly-html';
import { viewerCarrier, viewerHtml } from '../plot/html/viewer-html';
import { version } from '../version';
import { readingHtml } from './reading-section';
import type { ReportContent, ReportFact, ReportFigure, ReportPicture, ReportViewer } from './report-content';
import { tableSection } from './table-section';
import { reportStyle } from './report-style';
import { requireCall } from '../data/calls/require-call';

/** Nothing may be fetched: the page holds all it needs, and a browser that obeys this policy proves it. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

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
  const { title, lead, facts, reading, audit, figures, issues, provenance } = content;
  const { tables = [], pictures = [], viewers = [], comparison } = content;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}
${fragmentStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
<noscript><p class="alarm">This page draws its figures with JavaScript, which is switched off here. The text and tables below are complete without it.</p></noscript>
${reading === undefined ? '' : readingHtml(reading)}
${audit === undefined ? '' : auditSections(auditRows(audit))}
${comparison === undefined ? '' : comparisonSections(comparison)}
<h2>What was done</h2>
${factsHtml(facts)}
${tables.map(tableSection).join('\n')}
${pictures.length + viewers.length === 0 ? '' : imagesSection(pictures, viewers, viewerSource)}
${figures.length === 0 ? '' : figuresSection(figures, plotlySource)}
<h2>Issues</h2>
<div class="concord-fragment">${issuesHtml(issues)}</div>
${provenanceSection(provenance)}
<footer>Made with concord-mri ${escapeHtml(version)}. This file is complete: it opens without a network.</footer>
</main>
</body>
</html>
`;
}

function auditSections(rows: readonly AuditRow[]): string {
  const used = usedProtocols(rows);
  const rests = used.includes('in-folds')
    ? 'The verdict rests on the figures in folds where there are any.'
    : 'Figures in folds, which do not, are not available here, so the verdict cannot be that the site is gone or the biology kept.';
  const how = used.includes('held-out')
    ? 'Figures are of persons from whom the method did not learn.'
    : `In-sample figures flatter the method: it has seen the participants it is tested on. ${rests}`;
  return `<h2>Verdict</h2>
<div class="concord-fragment">${findingsHtml(findingsOfRows(rows))}</div>
<p class="how">${how}
It reads the numbers by fixed rules and does not replace looking at them.</p>
<h2>The numbers</h2>
<div class="concord-fragment">${auditTableHtml(rows)}<p class="concord-note">${escapeHtml(auditColumnsNote(rows))}</p></div>`;
}

function comparisonSections(comparison: MethodComparison): string {
  const notes = comparisonNotes(comparison).map((note) => `<p class="concord-note">${escapeHtml(note)}</p>`);
  return `<h2>What can be said</h2>
<div class="concord-fragment">${comparisonFindingsHtml(comparison)}</div>
<h2>The numbers</h2>
<div class="concord-fragment">${comparisonTableHtml(comparison)}${notes.join('')}</div>`;
}

function factsHtml(facts: readonly ReportFact[]): string {
  return `<dl>${facts.map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
}

function figuresSection(figures: readonly ReportFigure[], plotlySource: string | Uint8Array): string {
  const drawn = figures.map(
    ({ figure, caption }, index) =>
      `<figure>${figureHtml(figure, `figure-${index + 1}`, { absent: 'The figure library is missing from this page.' })}
<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  );
  return `<h2>Figures</h2>
${plotlyCarrier(plotlySource)}
${drawn.join('\n')}`;
}

function imagesSection(
  pictures: readonly ReportPicture[],
  viewers: readonly ReportViewer[],
  viewerSource: string | Uint8Array,
): string {
  const caption = (text: string): string => `<figcaption>${escapeHtml(text)}</figcaption>`;
  const drawn = pictures.map(
    (own) => `<figure>${pictureHtml(own.picture)}\n${caption(own.caption)}</figure>`,
  );
  const walked = viewers.map(
    (own, index) =>
      `<figure>${viewerHtml(own.viewer, `viewer-${index + 1}`, { absent: 'The viewer is missing from this page.' })}
${caption(own.caption)}</figure>`,
  );
  return `<h2>Images</h2>
${viewers.length === 0 ? '' : viewerCarrier(viewerSource)}
${[...drawn, ...walked].join('\n')}`;
}

function provenanceSection(provenance: Provenance): string {
  const steps = provenance.map(({ step }) => escapeHtml(step)).join(' → ');
  return `<h2>Provenance</h2>
<p>${steps === '' ? 'No steps are recorded.' : steps}</p>
<details><summary>Every step with its options, seed and version</summary>
<pre>${escapeHtml(JSON.stringify(provenance, null, 2))}</pre></details>`;
}
