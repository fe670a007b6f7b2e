import { SaxesParser } from 'saxes';
import { imageError } from '../image-error';
import type { ArrayHeader } from './gifti-header';
import { arrayHeader, mostLetters } from './gifti-header';

/** An array of a GIFTI file that is needed: what it says of itself, and its values as text. */
export interface GiftiArray extends ArrayHeader {
  readonly text: string;
}

/** What is needed of a GIFTI file. */
export interface GiftiArrays {
  /** How many maps of values there are. */
  readonly maps: number;
  /** The first of them. */
  readonly values: GiftiArray | undefined;
  /** Which vertices the values are of, where the file lists them. */
  readonly nodes: readonly GiftiArray[];
}

/** Arrays that are geometry, not values of the vertices. */
const geometry = ['NIFTI_INTENT_POINTSET', 'NIFTI_INTENT_TRIANGLE'];

/** An array whose text is being read. */
interface OpenArray {
  readonly header: ArrayHeader;
  readonly pieces: string[];
  letters: number;
}

/**
 * Finds the arrays of a GIFTI file as its text comes in, in time and memory that grow with the file: the text of other
 * arrays is passed over, and that of the first map may be no longer than its dimensions allow.
 *
 * saxes 6.0.0, with which jsdom reads XML, is strict and takes a file piece by piece. sax 1.6.1 takes time that grows with the
 * square of a declaration it does not know, and trips over attributes named `hasOwnProperty`; @rgrove/parse-xml 5.0.0 and
 * fast-xml-parser 5.12 need the whole file as one text. gifti-reader-js 0.4.6 reads `1.5e-05` as two numbers, takes no
 * account of the byte order, and prints on damaged files.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` as {@link arrayHeader}.
 */
export async function giftiArrays(text: AsyncIterable<string>, path: string): Promise<GiftiArrays> {
  const reader = arrayReader(path);
  for await (const piece of text) reader.parser.write(piece);
  reader.parser.close();
  if (!reader.hasRoot()) malformedGifti(path, 'it has no element GIFTI');
  return reader.found();
}

function arrayReader(path: string): {
  readonly parser: SaxesParser;
  hasRoot(): boolean;
  found(): GiftiArrays;
} {
  const parser = new SaxesParser();
  const within: string[] = [];
  const nodes: GiftiArray[] = [];
  let rooted = false;
  let maps = 0;
  let values: GiftiArray | undefined;
  let open: OpenArray | undefined;
  const onText = (text: string): void => {
    if (open !== undefined && within.length === 3 && within[2] === 'Data') take(open, text, path);
  };
  parser.on('error', (error) => malformedGifti(path, xmlProblem(error), error));
  parser.on('opentag', ({ name, attributes }) => {
    if (within.length === 0 && name !== 'GIFTI') malformedGifti(path, 'it has no element GIFTI');
    rooted = true;
    within.push(name);
    if (name !== 'DataArray' || within.length !== 2) return;
    const said = new Map(Object.entries(attributes));
    const intent = said.get('Intent') ?? '';
    const isNodes = intent === 'NIFTI_INTENT_NODE_INDEX';
    if (geometry.includes(intent)) return;
    if (!isNodes) maps++;
    if (isNodes || maps === 1) open = { header: arrayHeader(said, path), pieces: [], letters: 0 };
  });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    within.pop();
    if (open === undefined || within.length !== 1) return;
    const array = { ...open.header, text: open.pieces.join('') };
    if (array.intent === 'NIFTI_INTENT_NODE_INDEX') nodes.push(array);
    else values = array;
    open = undefined;
  });
  return { parser, hasRoot: () => rooted, found: () => ({ maps, values, nodes }) };
}

function take(open: OpenArray, text: string, path: string): void {
  const letters = text.replaceAll(/\s+/g, open.header.encoding === 'ASCII' ? ' ' : '');
  open.letters += letters.length;
  if (open.letters > mostLetters(open.header)) {
    malformedGifti(path, `an array has more text than ${open.header.count} values can have`);
  }
  open.pieces.push(letters);
}

/** What the parser says, in one line: it begins with line and column. */
function xmlProblem({ message }: Error): string {
  const [, line = '?', what = message] = /^(\d+):\d+: (.*)/s.exec(message) ?? [];
  if (/^(?:unclosed tag|unexpected end)/.test(what)) return 'it ends before the element GIFTI does';
  if (/^document must contain a root/.test(what)) return 'it has no element GIFTI';
  const said = what.replaceAll(/\s+/g, ' ').slice(0, 100);
  return `its XML is not well-formed in line ${line}: ${said.replace(/\.$/, '')}`;
}

/** Refuses a GIFTI file. */
export function malformedGifti(path: string, why: string, cause?: unknown): never {
  throw imageError('malformed-image', path, `invalid GIFTI file: ${path}: ${why} (copy or make it again)`, {
    cause,
  });
}
