import { escapeHtml } from '../../sdk/plot/html/html';
import type { Site } from './build-site';
import type { Page } from './page';
import { outputPlace } from './page';

/** The place of the link to the reference on the first page, which typedoc does not know as a page. */
export const referenceId = 'reference';

/** The first page: a card for each notebook, and lists of what else there is. */
export function firstPage({ notebooks, guides, reference }: Site): string {
  // In HTML: of a link with a picture in it, typedoc leaves the address as it was.
  const cards = notebooks.map(({ name, title, sentence, picture }) => {
    const image = picture === undefined ? '' : `<img src="pictures/${name}.png" alt="">`;
    const words = `<strong>${escapeHtml(title)}</strong><span>${escapeHtml(sentence)}</span>`;
    return `<a href="notebooks/${name}.md">${image}${words}</a>`;
  });
  const lists = [...guides].flatMap(([folder, pages]) =>
    pages.length === 0 ? [] : [`## ${headings[folder]}`, pages.map((page) => line(folder, page)).join('\n')],
  );
  return [
    'Removes scanner and site effects from multi-site brain MRI, and shows whether the biology survived.',
    ...lists.slice(0, 2),
    '## Notebooks',
    `<div class="concord-cards">\n${cards.join('\n')}\n</div>`,
    ...lists.slice(2),
    ...(reference ? ['## Reference', outputPlace(referenceId)] : []),
    '',
  ].join('\n\n');
}

const headings: Readonly<Record<string, string>> = { 'how-to': 'How to …', guide: 'Guide' };

function line(folder: string, { name, title, sentence }: Page): string {
  return `- [${title}](${folder}/${name}.md): ${sentence}`;
}
