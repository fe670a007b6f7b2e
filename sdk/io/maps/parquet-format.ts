import { openTable } from '../tables/open-table';
import { writeParquet } from '../parquet/write-parquet';
import { imageError } from '../volumes/image-error';
import type { MapFormat } from './map-format';

/** Parquet, of one column of numbers with a row per vertex. */
export const parquetFormat: MapFormat = {
  name: 'Parquet',
  is: (path) => /\.parquet$/i.test(path),
  async read(path) {
    const source = await openTable(path);
    onlyColumn(source.header, path);
    const values: number[] = [];
    for await (const { line, cells } of source.rows()) {
      const [cell] = cells;
      if (cell !== null && typeof cell !== 'number') {
        throw imageError(
          'unsupported-format',
          path,
          `unsupported map: ${path} holds text in row ${line} (numbers are read)`,
        );
      }
      values.push(cell ?? NaN);
    }
    return { values: Float64Array.from(values) };
  },
  async write(values, path, like) {
    const { header } = await openTable(like);
    const name = onlyColumn(header, like);
    await writeParquet(path, [{ name, kind: 'number', at: (row) => values[row] }], values.length);
  },
};

function onlyColumn(header: readonly string[], path: string): string {
  if (header.length === 1) return header[0];
  throw imageError(
    'unsupported-format',
    path,
    `unsupported map: ${path} has ${header.length} columns (one, with a row per vertex, is read)`,
  );
}
