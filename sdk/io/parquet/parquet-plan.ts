import type {
  AsyncBuffer,
  ColumnMetaData,
  CompressionCodec,
  FileMetaData,
  ParquetType,
  SchemaElement,
  SchemaTree,
  Statistics,
} from 'hyparquet';
import { damagedParquet, decodingError, unsupportedParquet } from './damaged-parquet';
import { hyparquet } from './hyparquet';

/** One column of one row group: where its pages are, and what the file says of them. */
export interface ChunkPlan {
  readonly codec: CompressionCodec;
  readonly start: number;
  /** Bytes of its pages, headers among them. */
  readonly bytes: number;
  /** Bytes of its pages once unpacked, as the file says. */
  readonly unpacked: number;
  readonly nulls?: number;
  /** A bound of numbers, or of the bytes of texts, each byte a character. */
  readonly least?: number | string;
  readonly greatest?: number | string;
}

/** One column of the table. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: ParquetType;
  readonly element: SchemaElement;
  /** Whether cells may be missing. */
  readonly optional: boolean;
}

/** Some rows of the table. */
export interface GroupPlan {
  readonly rows: number;
  /** One for each column. */
  readonly chunks: readonly ChunkPlan[];
}

/** What the footer of a Parquet file says, checked against itself and against the size of the file. */
export interface ParquetPlan {
  readonly rows: number;
  readonly columns: readonly ColumnPlan[];
  readonly groups: readonly GroupPlan[];
}

/** Bytes before the first page can begin: the four letters that open a file. */
const firstPage = 4;

/**
 * Reads the footer of a Parquet file and checks that the rows of the file, of its row groups and of its columns agree,
 * and that every column is where there are bytes.
 *
 * @throws ConcordError `malformed-table` or `unsupported-format`.
 */
export async function readPlan(path: string, file: AsyncBuffer): Promise<ParquetPlan> {
  const { parquetMetadataAsync, parquetSchema } = hyparquet();
  try {
    // The bounds of texts may be cut within a character; and they are bounds of bytes.
    const parsers = { stringFromBytes: byteText };
    const metadata = await parquetMetadataAsync(file, { geoparquet: false, parsers });
    return planOf(path, file.byteLength, { metadata, tree: parquetSchema(metadata) });
  } catch (cause) {
    throw decodingError(path, cause);
  }
}

/** Bytes as text that sorts as they do. */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Whether the values of a column are texts. */
export function isTextColumn({ element, type }: ColumnPlan): boolean {
  const { converted_type: converted, logical_type: logical } = element;
  if (type !== 'BYTE_ARRAY') return false;
  const kinds = [converted, logical?.type];
  const isNamed = kinds.some((kind) => ['UTF8', 'STRING', 'ENUM', 'JSON'].includes(kind ?? ''));
  return isNamed || isUntyped({ element });
}

function isUntyped({ element }: Pick<ColumnPlan, 'element'>): boolean {
  return element.converted_type === undefined && element.logical_type === undefined;
}

function planOf(
  path: string,
  size: number,
  { metadata, tree }: { readonly metadata: FileMetaData; readonly tree: SchemaTree },
): ParquetPlan {
  if (tree.count !== metadata.schema.length)
    throw damagedParquet(path, 'its schema has columns without a place');
  const columns = tree.children.map((column) => columnOf(path, column));
  const rows = wholeNumber(metadata.num_rows);
  const groups = metadata.row_groups.map((group, index): GroupPlan => {
    const inGroup = wholeNumber(group.num_rows);
    if (group.columns.length !== columns.length) {
      throw damagedParquet(
        path,
        `row group ${index + 1} has ${group.columns.length} columns, and the table ${columns.length}`,
      );
    }
    const chunks = group.columns.map((chunk, at) => {
      const { name } = columns[at];
      if (chunk.file_path !== undefined && chunk.file_path !== '')
        throw unsupportedParquet(path, `column "${name}" is in another file (write the table into one file)`);
      if (chunk.meta_data === undefined)
        throw unsupportedParquet(path, `column "${name}" is encrypted (write it without encryption)`);
      return chunkOf(path, chunk.meta_data, { size, column: columns[at], rows: inGroup });
    });
    return { rows: inGroup, chunks };
  });
  const sum = groups.reduce((total, group) => total + group.rows, 0);
  if (sum !== rows) {
    throw damagedParquet(path, `it says that it has ${rows} rows, and its row groups have ${sum}`);
  }
  return { rows, columns, groups };
}

function columnOf(path: string, { element, children }: SchemaTree): ColumnPlan {
  if (children.length > 0 || element.repetition_type === 'REPEATED') {
    throw unsupportedParquet(path, `column "${element.name}" is nested (flat columns are needed)`);
  }
  if (element.type === undefined) throw damagedParquet(path, `column "${element.name}" has no type`);
  return {
    name: element.name,
    type: element.type,
    element,
    optional: element.repetition_type === 'OPTIONAL',
  };
}

function chunkOf(
  path: string,
  meta: ColumnMetaData,
  { size, column, rows }: { readonly size: number; readonly column: ColumnPlan; readonly rows: number },
): ChunkPlan {
  const { name, type } = column;
  if (meta.path_in_schema.join('.') !== name || meta.type !== type) {
    throw damagedParquet(
      path,
      `column "${name}" is called "${meta.path_in_schema.join('.')}" in a row group`,
    );
  }
  const values = wholeNumber(meta.num_values);
  if (values !== rows) {
    throw damagedParquet(path, `column "${name}" has ${values} rows in a row group of ${rows} rows`);
  }
  // Some writers say 0 where there is no dictionary.
  const start = wholeNumber(meta.dictionary_page_offset || meta.data_page_offset);
  const bytes = wholeNumber(meta.total_compressed_size);
  if (!(start >= firstPage && bytes >= 0 && start + bytes <= size)) {
    throw damagedParquet(path, `column "${name}" is said to be outside the file`);
  }
  const unpacked = wholeNumber(meta.total_uncompressed_size);
  return { codec: meta.codec, start, bytes, unpacked, ...known(meta.statistics, column) };
}

/** What the file says of the values, where it can be compared with them. */
function known(
  statistics: Statistics | undefined,
  column: ColumnPlan,
): Pick<ChunkPlan, 'nulls' | 'least' | 'greatest'> {
  const nulls = statistics?.null_count === undefined ? undefined : wholeNumber(statistics.null_count);
  // hyparquet rounds the bounds of decimals twice.
  const slack = column.element.converted_type === 'DECIMAL' ? 1e-12 : 0;
  const bound = (value: unknown, sign: number): number | string | undefined => {
    // Bytes of no type may be no text, and are shown otherwise then.
    if (typeof value === 'string') return isTextColumn(column) && !isUntyped(column) ? value : undefined;
    if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
    const number = Number(value);
    return Number.isNaN(number) ? undefined : number + sign * slack * Math.abs(number);
  };
  return { nulls, least: bound(statistics?.min_value, -1), greatest: bound(statistics?.max_value, 1) };
}

/** A count of the file as a number; −1 where it is none. */
function wholeNumber(value: bigint | number | undefined): number {
  const number = Number(value ?? -1);
  return Number.isSafeInteger(number) && number >= 0 ? number : -1;
}
