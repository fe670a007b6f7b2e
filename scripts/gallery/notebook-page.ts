import type { Figure } from '../../sdk/plot/figure';
import { escapeHtml } from '../../sdk/plot/html/html';
import { figureHtml } from '../../sdk/plot/html/plotly-html';
import type { Notebook, NotebookOutput, NotebookText } from '../notebooks/notebook-file';
import { textOf } from '../notebooks/notebook-file';
import type { DrawPicture } from '../notebooks/stored-outputs';
import { plotlyType, storedOutput } from '../notebooks/stored-outputs';
import type { Page } from './page';
import { describe, outputPlace, titleOf } from './page';

/** A notebook as a page: words and code in Markdown, outputs in HTML at their places. */
export interface NotebookPage extends Page {
  /** Its first picture, a PNG in base64; `undefined` where it shows none. */
  readonly picture: string | undefined;
}

/** What a page needs to know of a notebook besides itself. */
export interface NotebookPageOptions {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly draw: DrawPicture;
}

/**
 * Makes the page of a notebook. Outputs do not go through Markdown, nor into the search. Figures that were executed live
 * on, with their picture until Plotly is there; stored ones are pictures.
 */
export async function notebookPage(
  notebook: Notebook,
  { name, draw }: NotebookPageOptions,
): Promise<NotebookPage> {
  const parts: string[] = [];
  const outputs = new Map<string, string>();
  let picture: string | undefined;
  for (const [at, cell] of notebook.cells.entries()) {
    const source = textOf(cell.source);
    parts.push(cell.cell_type === 'code' ? `\`\`\`ts\n${source}\n\`\`\`` : source);
    for (const [k, output] of (cell.outputs ?? []).entries()) {
      const id = `${name}-${at}-${k}`;
      const shown = await shownOutput(output, { id, draw });
      picture ??= shown.picture;
      outputs.set(id, shown.html);
      parts.push(outputPlace(id));
    }
  }
  const markdown = parts.join('\n\n');
  return { name, title: titleOf(markdown), sentence: describe(markdown), markdown, outputs, picture };
}

interface Shown {
  readonly html: string;
  readonly picture?: string;
}

async function shownOutput(
  output: NotebookOutput,
  { id, draw }: { readonly id: string; readonly draw: DrawPicture },
): Promise<Shown> {
  const { output_type: type, name, text, data = {} } = output;
  if (type === 'stream') {
    return {
      html: `<pre class="concord-stream concord-${name}">${escapeHtml(plainText(textOf(text)))}</pre>`,
    };
  }
  const { data: stored = {}, metadata = {} } = await storedOutput(output, { draw });
  const picture = stored['image/png'] as string | undefined;
  const { alt = 'a picture' } = (metadata['image/png'] ?? {}) as { readonly alt?: string };
  const figure = data[plotlyType] as Figure | undefined;
  if (figure !== undefined && picture !== undefined) {
    const absent = 'The figure library of this site is missing.';
    const still = { png: picture, ...sizeOf(picture), alt };
    return { html: figureHtml(figure, `figure-${id}`, { absent, still }), picture };
  }
  if (picture !== undefined) {
    const { width, height } = sizeOf(picture);
    const source = `data:image/png;base64,${picture}`;
    const html = `<img src="${source}" width="${width}" height="${height}" alt="${escapeHtml(alt)}">`;
    return { html, picture };
  }
  const drawing = textOf(stored['image/svg+xml'] as NotebookText | undefined);
  if (drawing !== '') {
    const source = `data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`;
    return {
      html: `<img src="${source}" alt="${escapeHtml(textOf(stored['text/plain'] as NotebookText))}">`,
    };
  }
  // With their scripts, tables are sorted and paged here too.
  const html = textOf((data['text/html'] ?? stored['text/html']) as NotebookText | undefined);
  if (html !== '')
    return { html: html.includes('concord-fragment') ? html : `<div class="concord-fragment">${html}</div>` };
  return {
    html: `<pre class="concord-stream">${escapeHtml(textOf(stored['text/plain'] as NotebookText))}</pre>`,
  };
}

/** The size of a PNG, which is at the same place in each. */
function sizeOf(base64: string): { readonly width: number; readonly height: number } {
  const head = Buffer.from(base64.slice(0, 48), 'base64');
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** Text without the colors of a terminal. */
function plainText(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
