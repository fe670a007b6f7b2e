import { deflateSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { malformedGifti } from '../volumes/surfaces/gifti-arrays';
import { xmlText } from '../volumes/surfaces/gifti-text';
import { floatBytes } from './float-bytes';
import type { MapValues } from './map-format';

/** Arrays that are geometry, not values of the vertices. */
const geometry = ['NIFTI_INTENT_POINTSET', 'NIFTI_INTENT_TRIANGLE'];

/** Where in the text of a GIFTI file its values are. */
interface ValuesPlace {
  /** The start tag of the array. */
  readonly tag: readonly [from: number, to: number];
  /** What is in its element Data. */
  readonly data: readonly [from: number, to: number];
  readonly encoding: string;
}

/**
 * The text of a GIFTI file with other values in its one array of values, as 32-bit floats, in the encoding that they had: all
 * else stays as it is, letter by letter.
 *
 * @throws ConcordError `unreadable-file`, `malformed-image`.
 */
export async function giftiLike(path: string, values: MapValues): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of xmlText(path)) pieces.push(piece);
  // What is written is UTF-8, whatever it was.
  const text = pieces
    .join('')
    .replace(/^(\uFEFF?\s*<\?xml[^>]*?\bencoding\s*=\s*)(?:"[^"]*"|'[^']*')/, '$1"UTF-8"');
  const { tag, data, encoding } = placeOfValues(text, path);
  let written = text.slice(...tag);
  for (const [name, value] of [
    ['DataType', 'NIFTI_TYPE_FLOAT32'],
    ['Endian', 'LittleEndian'],
  ] as const) {
    written = written.replace(
      new RegExp(`(\\s${name}\\s*=\\s*)(?:"[^"]*"|'[^']*')`),
      (_, before: string) => `${before}"${value}"`,
    );
  }
  return [
    text.slice(0, tag[0]),
    written,
    text.slice(tag[1], data[0]),
    encoded(values, encoding),
    text.slice(data[1]),
  ].join('');
}

function encoded(values: MapValues, encoding: string): string {
  if (encoding === 'ASCII') {
    // Nine digits distinguish all 32-bit floats.
    return Array.from(values, (value) =>
      value === value ? String(Number(value.toPrecision(9))) : 'NaN',
    ).join('\n');
  }
  const bytes = floatBytes(values, 4, true);
  return (encoding === 'GZipBase64Binary' ? deflateSync(bytes, { level: 1 }) : bytes).toString('base64');
}

function placeOfValues(text: string, path: string): ValuesPlace {
  const parser = new SaxesParser();
  const within: string[] = [];
  let encoding: string | undefined;
  let tag: readonly [number, number] | undefined;
  let data: readonly [number, number] | undefined;
  let from = 0;
  parser.on('error', (error) => malformedGifti(path, 'its XML is not well-formed', error));
  parser.on('opentag', ({ name, attributes }) => {
    within.push(name);
    const at = parser.position;
    if (name === 'DataArray' && within.length === 2 && tag === undefined) {
      const said = new Map(Object.entries(attributes));
      const intent = said.get('Intent') ?? '';
      if (geometry.includes(intent)) return;
      tag = [text.lastIndexOf('<', at - 1), at];
      encoding = said.get('Encoding');
    }
    if (name === 'Data' && within.length === 3 && encoding !== undefined && data === undefined) from = at;
  });
  parser.on('closetag', () => {
    const isData = within.length === 3 && within[2] === 'Data';
    if (isData && from > 0 && data === undefined) data = [from, text.lastIndexOf('<', parser.position - 1)];
    within.pop();
  });
  parser.write(text).close();
  if (tag === undefined || data === undefined || encoding === undefined)
    return malformedGifti(path, 'it holds no values of vertices');
  return { tag, data, encoding };
}
