import { createHash } from 'node:crypto';
import { plainTitle } from '../../sdk/notebook/figure-view';
import type { Figure } from '../../sdk/plot/figure';
import type { Notebook, NotebookCell, NotebookOutput, NotebookText } from './notebook-file';
import { textOf } from './notebook-file';
import { palettePng } from './palette-png';

/** What a repository holds of a notebook, in bytes, at most. */
export const largestNotebook = 1_000_000;

/** What stores outputs anew, for those whose code and outputs are apart. */
export const storeCommand = (notebook: string): string => `npm run notebooks:store -- ${notebook}`;

/** Draws a figure as a PNG in base64. */
export type DrawPicture = (figure: Figure) => Promise<string>;

/** How outputs are stored. */
export interface StoreOptions {
  readonly draw: DrawPicture;
  /**
   * How many pixels of a row and of a column of a scan become one: the noise of scans is what takes most room. Drawings
   * of figures stay as they are, for their letters.
   *
   * @defaultValue `1`
   */
  readonly shrink?: number;
}

/** Plotly's own MIME type, which needs a program that draws it. */
export const plotlyType = 'application/vnd.plotly.v1+json';

/** A drawing of lines and letters, which GitHub shows as a picture. */
const svgType = 'image/svg+xml';

/** What stored outputs are made of. */
const storedTypes = ['image/png', svgType, 'text/html', 'text/plain'];

/**
 * A notebook with the outputs of its execution as a repository holds them: what GitHub shows without running anything.
 * Figures are pictures, tables plain HTML; there are no scripts, no times, no numbers of executions, and nothing else
 * that a second execution would change. Each cell of code has the digest of the code that its outputs are of.
 */
export async function withStoredOutputs(executed: Notebook, options: StoreOptions): Promise<Notebook> {
  const digests = codeDigests(executed);
  const cells: NotebookCell[] = [];
  for (const [at, cell] of executed.cells.entries()) {
    // Tags and the like are the author's; when it was run is the machine's.
    const { execution, concord, ...metadata } = cell.metadata ?? {};
    if (cell.cell_type !== 'code') {
      cells.push({ ...cell, metadata });
      continue;
    }
    const outputs: NotebookOutput[] = [];
    for (const output of joinedStreams(cell.outputs ?? [])) outputs.push(await storedOutput(output, options));
    const digest = { codeDigest: digests[at] };
    cells.push({ ...cell, metadata: { ...metadata, concord: digest }, execution_count: null, outputs });
  }
  return { ...executed, cells };
}

/** One output without what changes by itself or is not run where it is read. */
export async function storedOutput(
  output: NotebookOutput,
  { draw, shrink = 1 }: StoreOptions,
): Promise<NotebookOutput> {
  const { output_type: type, data } = output;
  if (type === 'stream') return { output_type: type, name: output.name, text: linesOf(textOf(output.text)) };
  if (data === undefined) return output;
  const content = (mime: string): string => textOf(data[mime] as NotebookText | undefined);
  const html = content('text/html');
  const figure = data[plotlyType] as Figure | undefined;
  // A viewer has a picture of its slices in it.
  const [, slices] = /^\[viewer\]/.test(content('text/plain'))
    ? (/<img class="concord-picture" src="data:image\/png;base64,([^"]*)"/.exec(html) ?? [])
    : [];
  const drawn = figure === undefined ? (slices ?? content('image/png')) : await draw(figure);
  const picture =
    drawn === ''
      ? ''
      : palettePng(Buffer.from(drawn, 'base64'), figure === undefined ? shrink : 1).toString('base64');
  const drawing = picture === '' ? content(svgType) : '';
  const alt = figure === undefined ? {} : { 'image/png': { alt: plainTitle(figure) } };
  const kept = {
    ...(picture === '' ? {} : { 'image/png': picture }),
    ...(drawing === '' ? {} : { [svgType]: linesOf(drawing) }),
    ...(picture !== '' || drawing !== '' || html === '' ? {} : { 'text/html': linesOf(plainHtml(html)) }),
    'text/plain': linesOf(content('text/plain')),
  };
  const metadata = Object.entries({ ...output.metadata, ...alt }).filter(([mime]) => mime in kept);
  // What a cell displays and what its last line gives look alike, but the latter is numbered.
  return { output_type: 'display_data', data: kept, metadata: Object.fromEntries(metadata) };
}

/** Outputs with what was printed in several goes as one: in how many is chance. */
function joinedStreams(outputs: readonly NotebookOutput[]): readonly NotebookOutput[] {
  const joined: NotebookOutput[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
      joined[joined.length - 1] = { ...last, text: textOf(last.text) + textOf(output.text) };
    } else joined.push(output);
  }
  return joined;
}

/** HTML without its scripts, and without styles, which GitHub would print as text. */
export function plainHtml(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/ id="concord-[^"]*"/g, '')
    .trim();
}

/** Text as nbformat stores it, a line to a line, so that changes are seen line by line. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * A digest for each cell of code, by its place in the notebook, of its code and all code before it: outputs are of
 * these. Cells of words have an empty one.
 */
export function codeDigests({ cells }: Notebook): readonly string[] {
  let before = '';
  return cells.map((cell) => {
    if (cell.cell_type !== 'code') return '';
    before = createHash('sha256').update(before).update(textOf(cell.source)).digest('hex').slice(0, 16);
    return before;
  });
}

/** Why code and stored outputs do not belong together, naming the first such cell; `undefined` where they do. */
export function staleCell(notebook: Notebook): string | undefined {
  const digests = codeDigests(notebook);
  const code = notebook.cells.filter(({ cell_type: type }) => type === 'code');
  if (code.every(({ outputs = [] }) => outputs.length === 0)) return 'there are no stored outputs';
  for (const [at, cell] of notebook.cells.entries()) {
    const stored = cell.metadata?.concord?.codeDigest;
    if (cell.cell_type !== 'code' || stored === digests[at]) continue;
    const said = textOf(cell.source).split('\n')[0];
    if (stored === undefined) return `cell ${at + 1} has no stored outputs: ${said}`;
    return `the outputs of cell ${at + 1} are not of its code, or not of the code before it: ${said}`;
  }
  return undefined;
}

/** What of stored outputs is run nowhere or should not be there, naming the cell. */
export function strayOutputs({ cells }: Notebook): readonly string[] {
  return cells.flatMap((cell, at) =>
    (cell.outputs ?? []).flatMap(({ output_type: type, data = {} }) => {
      const html = textOf(data['text/html'] as NotebookText | undefined);
      const strays = [
        ...Object.keys(data).filter((mime) => !storedTypes.includes(mime)),
        ...(/<script\b/i.test(html) ? ['a script'] : []),
        ...(type === 'error' ? ['an error'] : []),
      ];
      return strays.map((stray) => `cell ${at + 1}: ${stray}`);
    }),
  );
}

/**
 * What outputs are, in a word, and what figures ask in their titles: what another machine, with another processor, clock
 * and other backends, makes the same of the same code.
 */
export function outputKinds({ cells }: Notebook): readonly string[] {
  // What a library complains of on standard error differs between machines.
  return cells.flatMap(({ outputs = [] }, at) =>
    joinedStreams(outputs.filter(({ name }) => name !== 'stderr')).map(
      (output) => `cell ${at + 1}: ${kindOf(output)}`,
    ),
  );
}

function kindOf({ output_type: type, name, data = {} }: NotebookOutput): string {
  if (type === 'stream') return `text on ${name}`;
  const text = textOf(data['text/plain'] as NotebookText | undefined);
  // Below its title a figure may name the processor.
  const [figure] = /^\[figure\] [^·(]*/.exec(text) ?? [];
  if (figure !== undefined) return figure.trim();
  if (data[svgType] !== undefined || /^\[(?:picture|viewer)\]/.test(text)) return 'picture';
  return data['text/html'] === undefined ? 'text' : 'HTML';
}
