/** A page of the gallery that is no reference: a notebook, a how-to page. */
export interface Page {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** What it is about, in a sentence. */
  readonly sentence: string;
  readonly markdown: string;
  /** HTML that takes the place of {@link outputPlace}, by its id. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** What is in the Markdown where an output will be. */
export function outputPlace(id: string): string {
  return `<div class="concord-output" data-output="${id}"></div>`;
}

/** Puts the outputs into the HTML made of the Markdown. */
export function withOutputs(html: string, outputs: ReadonlyMap<string, string>): string {
  return html.replace(
    /(<div class="concord-output" data-output="([^"]*)">)<\/div>/g,
    (whole, tag: string, id: string) => {
      const output = outputs.get(id);
      return output === undefined ? whole : `${tag}${output}</div>`;
    },
  );
}

/** The first heading. @throws Error where there is none. */
export function titleOf(markdown: string): string {
  const [, title] = /^# +(.+)$/m.exec(markdown) ?? [];
  if (title === undefined) throw new Error(`a page without a heading: ${markdown.slice(0, 80)}`);
  return title.trim();
}

/** The first sentence of the first paragraph, as plain text. */
export function describe(markdown: string): string {
  const paragraphs = markdown.split(/\n{2,}/).map((part) => part.replace(/\s*\n\s*/g, ' ').trim());
  const first = paragraphs.find((part) => /^[\p{L}*_`"“\[]/u.test(part) && !part.startsWith('```')) ?? '';
  const plain = first
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]+/g, '')
    .replace(/\b_|_\b/g, '');
  return /^.*?[.!?](?= |$)/.exec(plain)?.[0] ?? plain.replace(/:$/, '.');
}
