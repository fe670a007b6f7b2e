import { SaxesParser } from 'saxes';
import type { Hemisphere } from '../../../data/images/surface';
import { imageError } from '../image-error';
import type { ArrayHeader } from './gifti-header';
import { arrayHeader, mostLetters } from './gifti-header';

/** An array of a GIFTI file that is needed: what it says of itself, and its values as text. */
export interface GiftiArray extends ArrayHeader {
  readonly text: string;
}

/** What is needed of a GIFTI file with maps. */
export interface GiftiArrays {
  /** How many maps of values there are. */
  readonly maps: number;
  /** The first of them. */
  readonly values: GiftiArray | undefined;
  /** Which vertices the values are of, where the file lists them. */
  readonly nodes: readonly GiftiArray[];
  /** Which half of the brain the metadata name. */
  readonly hemisphere?: Hemisphere;
}

/** The arrays of a GIFTI file that were asked for, and which structure of the brain it names. */
export interface GiftiContent {
  readonly arrays: readonly GiftiArray[];
  /** What the metadata call `AnatomicalStructurePrimary`, such as `CortexLeft`; each that is there. */
  readonly structures: readonly string[];
}

/** Says of an array, by its attributes, how it is read; `undefined` where it is passed over. */
export type WantedArray = (attributes: ReadonlyMap<string, string>) => ArrayHeader | undefined;

/** Arrays that are geometry, not values of the vertices. */
const geometry = ['NIFTI_INTENT_POINTSET', 'NIFTI_INTENT_TRIANGLE'];

/** An array whose text is being read. */
interface OpenArray {
  readonly header: ArrayHeader;
  readonly pieces: string[];
  letters: number;
}

/**
 * Finds the first map of a GIFTI file, and how many there are.
 *
 * @throws ConcordError those of {@link giftiContent}.
 */
export async function giftiArrays(text: AsyncIterable<string>, path: string): Promise<GiftiArrays> {
  let maps = 0;
  const { arrays, structures } = await giftiContent(text, path, (said) => {
    const intent = said.get('Intent') ?? '';
    if (geometry.includes(intent)) return undefined;
    const isNodes = intent === nodeIndex;
    if (!isNodes) maps++;
    return isNodes || maps === 1 ? arrayHeader(said, path) : undefined;
  });
  const values = arrays.find(({ intent }) => intent !== nodeIndex);
  return {
    maps,
    values,
    nodes: arrays.filter(({ intent }) => intent === nodeIndex),
    hemisphere: hemisphereOf(structures),
  };
}

const nodeIndex = 'NIFTI_INTENT_NODE_INDEX';

/**
 * Finds the arrays of a GIFTI file as its text comes in, in time and memory that grow with the file: the text of other
 * arrays is passed over, and that of those asked for may be no longer than their dimensions allow.
 *
 * saxes 6.0.0, with which jsdom reads XML, is strict and takes a file piece by piece. sax 1.6.1 takes time that grows with the
 * square of a declaration it does not know, and trips over attributes named `hasOwnProperty`; @rgrove/parse-xml 5.0.0 and
 * fast-xml-parser 5.12 need the whole file as one text. gifti-reader-js 0.4.6 reads `1.5e-05` as two numbers, takes no
 * account of the byte order, and prints on damaged files.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` as {@link arrayHeader}.
 */
export async function giftiContent(
  text: AsyncIterable<string>,
  path: string,
  wanted: WantedArray,
): Promise<GiftiContent> {
  const reader = arrayReader(path, wanted);
  for await (const piece of text) reader.parser.write(piece);
  reader.parser.close();
  if (!reader.hasRoot()) malformedGifti(path, 'it has no element GIFTI');
  return reader.found();
}

function arrayReader(
  path: string,
  wanted: WantedArray,
): {
  readonly parser: SaxesParser;
  hasRoot(): boolean;
  found(): GiftiContent;
} {
  const parser = new SaxesParser();
  const within: string[] = [];
  const arrays: GiftiArray[] = [];
  const structures = structureReader(within);
  let rooted = false;
  let open: OpenArray | undefined;
  const onText = (text: string): void => {
    structures.text(text);
    if (open !== undefined && within.length === 3 && within[2] === 'Data') take(open, text, path);
  };
  parser.on('error', (error) => malformedGifti(path, xmlProblem(error), error));
  parser.on('opentag', ({ name, attributes }) => {
    if (within.length === 0 && name !== 'GIFTI') malformedGifti(path, 'it has no element GIFTI');
    rooted = true;
    within.push(name);
    if (name !== 'DataArray' || within.length !== 2) return;
    const header = wanted(new Map(Object.entries(attributes)));
    if (header !== undefined) open = { header, pieces: [], letters: 0 };
  });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    structures.close();
    within.pop();
    if (open === undefined || within.length !== 1) return;
    arrays.push({ ...open.header, text: open.pieces.join('') });
    open = undefined;
  });
  return { parser, hasRoot: () => rooted, found: () => ({ arrays, structures: structures.found }) };
}

/** The longest name or value of metadata that is looked at. */
const longestNote = 200;

/** Reads metadata, which are pairs of Name and Value in elements MD: of the whole file, or of an array. */
function structureReader(within: readonly string[]): {
  readonly found: readonly string[];
  text(text: string): void;
  close(): void;
} {
  const found: string[] = [];
  const note = { Name: '', Value: '' };
  const part = (): 'Name' | 'Value' | undefined => {
    const last = within[within.length - 1];
    return (last === 'Name' || last === 'Value') && within[within.length - 2] === 'MD' ? last : undefined;
  };
  return {
    found,
    text(text) {
      const own = part();
      if (own !== undefined) note[own] = (note[own] + text).slice(0, longestNote);
    },
    close() {
      if (within[within.length - 1] !== 'MD') return;
      const value = note.Value.trim();
      if (note.Name.trim() === 'AnatomicalStructurePrimary' && !found.includes(value)) found.push(value);
      note.Name = note.Value = '';
    },
  };
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

/** As the metadata say it: CortexLeft, CortexRight. Of a file that says both, or another structure, nothing is known. */
export function hemisphereOf(structures: readonly string[]): Hemisphere | undefined {
  if (structures.length !== 1) return undefined;
  const [, side] = /^Cortex_?(Left|Right)$/i.exec(structures[0]) ?? [];
  return side === undefined ? undefined : (side.toLowerCase() as Hemisphere);
}

/** Refuses a GIFTI file. */
export function malformedGifti(path: string, why: string, cause?: unknown): never {
  throw imageError('malformed-image', path, `invalid GIFTI file: ${path}: ${why} (copy or make it again)`, {
    cause,
  });
}
