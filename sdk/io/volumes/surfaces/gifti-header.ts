import type { Datatype } from '../../../data/images/volume';
import { bytesPerVoxel } from '../formats/image-layout';
import { niftiCodes, niftiDatatype } from '../formats/nifti-datatypes';
import { imageError } from '../image-error';

/** How the values of an array are written. */
export type GiftiEncoding = (typeof encodings)[number];

/** What an array of a GIFTI file says of itself. */
export interface ArrayHeader {
  readonly intent: string;
  /** How many values it holds. */
  readonly count: number;
  readonly encoding: GiftiEncoding;
  readonly datatype: Datatype;
  readonly littleEndian: boolean;
}

/** An array of three columns. */
export interface TripletsHeader extends ArrayHeader {
  /** Row after row, or column after column. */
  readonly byRows: boolean;
}

const encodings = ['ASCII', 'Base64Binary', 'GZipBase64Binary'] as const;

/**
 * The most vertices that a map may have: a hundred times those of fsaverage, and few enough that a small file cannot
 * claim memory without end. Indices up to here are exact in 32-bit floats.
 */
export const mostVertices: number = 2 ** 24;

/**
 * Reads what an array says of itself, of those that hold one value per vertex.
 *
 * @throws ConcordError `malformed-image`; `unsupported-format` for labels, for datatypes that are no real numbers, and
 * for values in a file apart.
 */
export function arrayHeader(attributes: ReadonlyMap<string, string>, path: string): ArrayHeader {
  const intent = attributes.get('Intent') ?? '';
  if (intent === 'NIFTI_INTENT_LABEL') {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported map: ${path} holds labels, the numbers of regions, and no values of vertices (give a map such as thickness)`,
    );
  }
  const storage = storageOf(attributes, path);
  return { intent, ...storage, count: countOf(attributes, path) };
}

/**
 * Reads what an array of `count` × 3 says of itself: coordinates of vertices, or corners of triangles.
 *
 * @param what - what its rows are called in messages: `coordinates`, `triangles`
 * @throws ConcordError as {@link arrayHeader}.
 */
export function tripletsHeader(
  attributes: ReadonlyMap<string, string>,
  path: string,
  what: string,
): TripletsHeader {
  const storage = storageOf(attributes, path);
  const sizes = sizesOf(attributes);
  const [rows, columns] = sizes.map((size) => (/^\d+$/.test(size) ? Number(size) : 0));
  // Of a closed surface there are twice as many triangles as vertices.
  if (sizes.length !== 2 || !(rows > 0) || columns !== 3 || rows > 2 * mostVertices) {
    throw imageError(
      'malformed-image',
      path,
      `invalid GIFTI file: ${path}: its ${what} have the dimensions ${sizesText(attributes)} (up to ${2 * mostVertices} × 3 are read)`,
    );
  }
  const order = attributes.get('ArrayIndexingOrder') ?? 'RowMajorOrder';
  if (order !== 'RowMajorOrder' && order !== 'ColumnMajorOrder') {
    throw imageError(
      'malformed-image',
      path,
      `invalid GIFTI file: ${path}: the order of its ${what} is ${asSaid(order)} (RowMajorOrder or ColumnMajorOrder is allowed)`,
    );
  }
  const byRows = order === 'RowMajorOrder';
  return { intent: attributes.get('Intent') ?? '', ...storage, count: 3 * rows, byRows };
}

/** How the values of an array are stored, whatever its dimensions. */
function storageOf(
  attributes: ReadonlyMap<string, string>,
  path: string,
): Pick<ArrayHeader, 'encoding' | 'datatype' | 'littleEndian'> {
  const encoding = encodings.find((known) => known === attributes.get('Encoding'));
  if (encoding === undefined) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported encoding: ${path} has its values as ${asSaid(attributes.get('Encoding'))} (${encodings.join(', ')} are read)`,
    );
  }
  const datatype = datatypeOf(attributes.get('DataType') ?? '', path);
  return {
    encoding,
    datatype,
    littleEndian: isLittleEndian(attributes, {
      path,
      matters: encoding !== 'ASCII' && bytesPerVoxel[datatype] > 1,
    }),
  };
}

/** How long the text of an array can be, blanks aside: numbers of 60 digits, or bytes that do not shrink when packed. */
export function mostLetters({ encoding, count, datatype }: ArrayHeader): number {
  return 1024 + count * (encoding === 'ASCII' ? 64 : 2 * bytesPerVoxel[datatype]);
}

function datatypeOf(name: string, path: string): Datatype {
  const known = Object.entries(niftiCodes).find(([type]) => `NIFTI_TYPE_${type.toUpperCase()}` === name);
  return known === undefined ? niftiDatatype(-1, path, asSaid(name)) : (known[0] as Datatype);
}

/** Maps are vertices, or vertices × 1. */
function countOf(attributes: ReadonlyMap<string, string>, path: string): number {
  const [count = '?', ...others] = sizesOf(attributes);
  const isMap = /^\d+$/.test(count) && Number(count) > 0 && others.every((size) => Number(size) === 1);
  if (isMap && Number(count) <= mostVertices) return Number(count);
  const why = isMap
    ? `at most ${mostVertices.toLocaleString('en')} vertices are read`
    : 'one value per vertex is read';
  throw imageError(
    'malformed-image',
    path,
    `invalid GIFTI file: ${path}: its first map has the dimensions ${sizesText(attributes)} (${why})`,
  );
}

/** The sizes of an array along its axes, as the file has them. */
function sizesOf(attributes: ReadonlyMap<string, string>): readonly string[] {
  const axes = attributes.get('Dimensionality') ?? '';
  return Array.from({ length: /^\s*[1-6]\s*$/.test(axes) ? Number(axes) : 0 }, (_, axis) =>
    (attributes.get(`Dim${axis}`) ?? '?').trim(),
  );
}

function sizesText(attributes: ReadonlyMap<string, string>): string {
  return sizesOf(attributes).map(asSaid).join(' × ') || asSaid(attributes.get('Dimensionality'));
}

function isLittleEndian(
  attributes: ReadonlyMap<string, string>,
  { path, matters }: { readonly path: string; readonly matters: boolean },
): boolean {
  const order = attributes.get('Endian') ?? '';
  if (!matters || order === 'LittleEndian' || order === 'BigEndian') return order !== 'BigEndian';
  throw imageError(
    'malformed-image',
    path,
    `invalid GIFTI file: ${path}: its byte order is ${asSaid(order)} (LittleEndian or BigEndian is allowed)`,
  );
}

function asSaid(text: string | undefined): string {
  const line = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return line === '' ? 'not given' : line.slice(0, 40);
}
