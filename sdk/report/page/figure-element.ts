import { escapeHtml, jsonForScript } from '../../plot/html/html';
import type { Figure } from '../../plot/figure';
import { titleOf } from '../../plot/figure-title';
import type { ReportFigure } from '../report-content';
import type { PageSection } from './page-section';
import { plainId } from './page-section';

/** What the page knows of a figure: all that is drawn, and what of it the page writes itself. */
export interface PageFigure {
  readonly figure: Figure;
  readonly title: string;
  readonly subtitle: string;
  /** Pixels at the top of the figure in which its title would be. */
  readonly above: number;
}

/** A figure as the page is given it. */
export function pageFigure({ figure, name }: ReportFigure): PageFigure {
  const { title, subtitle, above } = titleOf(figure);
  return { figure, title: title === '' ? (name ?? 'Figure') : title, subtitle, above };
}

/**
 * A figure with its title, caption, and a link to the table of its numbers. The title is text of the page: it breaks where
 * the page is narrow, and is heard.
 */
export function figureElement(
  own: ReportFigure,
  id: string,
  { links, picked = false }: { readonly links: ReadonlyMap<string, PageSection>; readonly picked?: boolean },
): string {
  const page = pageFigure(own);
  const { title, subtitle, figure, above } = page;
  const height = typeof figure.layout.height === 'number' ? figure.layout.height - above : 450;
  const file = picked ? '' : plainId(own.name ?? id);
  const numbers = own.table === undefined ? undefined : links.get(own.table);
  const link =
    numbers === undefined ? '' : ` Its numbers: <a href="#${numbers.id}">${escapeHtml(numbers.title)}</a>.`;
  return `<figure class="drawn" aria-labelledby="${id}" data-file="${escapeHtml(file)}" data-name="${escapeHtml(own.name ?? id)}">
<h3 id="${id}">${escapeHtml(title)}</h3>
<p class="how">${escapeHtml(subtitle)}</p>
<div class="concord-figure" style="min-height:${height}px"><noscript>This figure needs JavaScript.</noscript></div>
<script type="application/json">${jsonForScript(page)}</script>
<figcaption>${escapeHtml(own.caption)}${link}</figcaption>
</figure>`;
}
