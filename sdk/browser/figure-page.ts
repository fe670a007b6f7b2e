import type { JsonObject } from '../data/json';
import { suggestName } from '../data/nearest-names';
import { ConcordError } from '../errors';
import { readPackage } from '../io/files/package-asset';
import type { DrawTask } from './draw-task';
import { pageScript } from './page-script';
import type { StartedBrowser } from './start-browser';

/** An empty page that holds Plotly. */
export interface FigurePage {
  /** Draws a figure. @throws ConcordError `failed-step`, `invalid-option`. */
  draw(task: DrawTask): Promise<Uint8Array>;
}

/** Plotly does not draw this figure; it may draw others. */
export class RefusedFigure extends ConcordError {}

/** Pixels of a page in an inch. */
const pixelsPerInch = 96;

/**
 * Opens a page and loads Plotly into it, which takes longer than most figures.
 *
 * @throws ConcordError `missing-package` where plotly.js is not there.
 */
export async function openFigurePage(browser: StartedBrowser): Promise<FigurePage> {
  const send = await openPage(browser);
  const source = readPackage('plotly.js-dist').toString('utf8');
  const types = (await evaluate(send, `(${pageScript})(${JSON.stringify(source)})`)) as readonly string[];
  return {
    draw: async (task) => {
      const { format, width, height, scale } = task;
      const options = {
        format: format === 'pdf' ? 'svg' : format,
        ...{ width, height, scale, imageDataOnly: true },
      };
      const words = `concordDraw(${JSON.stringify(task.figure)}, ${JSON.stringify(options)})`;
      const made = (await evaluate(send, words)) as { readonly unknown?: string; readonly image?: string };
      if (made.unknown !== undefined) throw unknownType(made.unknown, types);
      const { image = '' } = made;
      if (format === 'png') return requirePng(Buffer.from(image, 'base64'), task);
      if (!image.startsWith('<svg')) throw new ConcordError('failed-step', 'Plotly drew no figure');
      // The first figure of a page has an empty attribute at another place than later ones.
      const svg = image.replace(/^<svg[^>]*>/, (tag) => tag.replace(' style=""', ''));
      return format === 'pdf' ? printed(await openPage(browser), svg, task) : Buffer.from(svg, 'utf8');
    },
  };
}

/** Calls methods of the DevTools protocol for one page. */
export type Send = (method: string, params?: JsonObject) => Promise<JsonObject>;

/** Opens an empty page. */
export async function openPage({ devTools }: StartedBrowser): Promise<Send> {
  const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await devTools.send('Target.attachToTarget', { targetId, flatten: true });
  return (method, params) => devTools.send(method, { ...params }, sessionId as string);
}

/** The value of an expression in a page, a promise awaited. @throws RefusedFigure with what the page threw. */
export async function evaluate(send: Send, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = (await send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })) as {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: {
      readonly text: string;
      readonly exception?: { readonly description?: string; readonly value?: unknown };
    };
  };
  if (exceptionDetails === undefined) return result?.value;
  const { text, exception } = exceptionDetails;
  const said = exception?.description?.split('\n')[0] ?? (exception === undefined ? text : exception.value);
  throw new RefusedFigure('failed-step', `Plotly cannot draw the figure: ${String(said)}`);
}

/** Prints an SVG on a page of its size, which stays a drawing of lines and letters. */
async function printed(send: Send, svg: string, { width, height, scale }: DrawTask): Promise<Uint8Array> {
  const page = { width: width * scale, height: height * scale };
  const style = `@page{size:${page.width}px ${page.height}px;margin:0}html,body{margin:0;background:none}svg{display:block}`;
  const html = `<style>${style}</style>${svg}`;
  await evaluate(
    send,
    `document.documentElement.innerHTML = ${JSON.stringify(html)}; document.fonts.ready.then(() => 0)`,
  );
  const { data } = await send('Page.printToPDF', {
    printBackground: true,
    paperWidth: page.width / pixelsPerInch,
    paperHeight: page.height / pixelsPerInch,
    ...{ marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 },
    // A figure that the printer takes for a hair larger than its page would get a second, empty one.
    pageRanges: '1',
  });
  await send('Page.close');
  return exactPage(Buffer.from(data as string, 'base64'), page);
}

/** Points of print in a pixel of a page. */
const points = 72 / pixelsPerInch;

/** The printer rounds a page to its dots, 300 an inch: its size is put right in place, so that no byte moves. */
function exactPage(
  pdf: Buffer,
  { width, height }: { readonly width: number; readonly height: number },
): Buffer {
  const [rounded, sides = ''] = /\/MediaBox \[0 0 ([\d. ]+)\]/.exec(pdf.toString('latin1')) ?? [];
  const exact = `${Number((width * points).toFixed(3))} ${Number((height * points).toFixed(3))}`;
  if (rounded === undefined || exact.length > sides.length) return pdf;
  pdf.write(rounded.replace(sides, exact.padEnd(sides.length)), pdf.indexOf(rounded, 0, 'latin1'), 'latin1');
  return pdf;
}

/** A canvas that is too large for the browser comes back empty. */
function requirePng(bytes: Buffer, { width, height, scale }: DrawTask): Uint8Array {
  const isPng = bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47;
  const wide = Math.floor(width * scale);
  const high = Math.floor(height * scale);
  if (isPng && bytes.readUInt32BE(16) === wide && bytes.readUInt32BE(20) === high) return bytes;
  throw new RefusedFigure('failed-step', `the browser made no picture of ${wide} × ${high} pixels`);
}

function unknownType(type: string, types: readonly string[]): ConcordError {
  const near = suggestName(type, types, `Plotly has ${types.join(', ')}`);
  return new RefusedFigure('invalid-option', `unknown type of trace: "${type}" (${near})`);
}
