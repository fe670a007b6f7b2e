import { escapeHtml } from '../../plot/html/html';

/** A part of a page under a heading, which the table of contents leads to. */
export interface PageSection {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** A name, also one of the user's, as part of an id and of the name of a file: letters and digits, with hyphens between. */
export function plainId(name: string): string {
  const plain = name.normalize('NFC').replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-');
  return plain.replaceAll(/^-|-$/g, '').slice(0, 60) || 'figure';
}

/** The section with its heading. */
export function sectionHtml({ id, title, html }: PageSection): string {
  return `<section>
<h2 id="${id}">${escapeHtml(title)}</h2>
${html}
</section>`;
}

/** Links to all sections. */
export function contentsHtml(sections: readonly PageSection[]): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`);
  return `<nav class="contents" aria-label="Contents"><ol>${links.join('')}</ol></nav>`;
}

/** A table or a card that is wider than a narrow page: it can be reached and moved by keys. */
export function regionHtml(name: string, html: string): string {
  return `<div class="concord-fragment" role="region" aria-label="${escapeHtml(name)}" tabindex="0">${html}</div>`;
}
