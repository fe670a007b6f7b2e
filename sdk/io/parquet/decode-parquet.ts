import type { TableCell } from '../text/row-source';
import { openSliced } from './file-slice';
import type { GroupPlan, ParquetPlan } from './parquet-plan';
import { readPlan } from './parquet-plan';
import type { ChunkCells } from './read-chunk';
import { chunkReader } from './read-chunk';

/** What is to be decoded: the plan of a file, or, where that is known, the cells of its row groups. */
export interface DecodingTask {
  readonly path: string;
  readonly size: number;
  readonly plan?: ParquetPlan;
}

/** The cells of a row group. */
export interface GroupCells {
  readonly rows: number;
  /** Which columns are all numbers, in the order in which `numbers` has them. */
  readonly numeric: readonly number[];
  /** Column after column; `NaN` for missing. */
  readonly numbers: Float64Array;
  /** The other columns, by their place in the table. */
  readonly others: ReadonlyMap<number, readonly TableCell[]>;
}

/** What decoding has to say. Every message is a sign of life. */
export type DecodingNews =
  | { readonly kind: 'plan'; readonly plan: ParquetPlan }
  | { readonly kind: 'alive' }
  | { readonly kind: 'group'; readonly group: GroupCells }
  | { readonly kind: 'end' };

/** Columns that are next to each other in the file are read together, up to this many bytes. */
const bytesAtOnce = 8 * 2 ** 20;

/** Milliseconds between two signs of life. */
const pulse = 100;

/**
 * Decodes a Parquet file in the thread that calls it, where nothing can interrupt it (see `decoding`).
 *
 * @throws ConcordError `malformed-table`, `unsupported-format` or `unreadable-file`.
 */
export async function* decodeParquet({ path, size, plan }: DecodingTask): AsyncGenerator<DecodingNews> {
  const file = await openSliced(path, size);
  try {
    if (plan === undefined) {
      yield { kind: 'plan', plan: await readPlan(path, file) };
      return;
    }
    const read = chunkReader(path, plan.columns);
    let signed = Date.now();
    for (const group of plan.groups) {
      const gathered = gatherer(group.rows);
      for (const { from, to, start, bytes } of runsOf(group)) {
        const part = new Uint8Array(await file.slice(start, start + bytes));
        for (let column = from; column < to; column++) {
          const chunk = group.chunks[column];
          const own = part.subarray(chunk.start - start, chunk.start - start + chunk.bytes);
          gathered.add(column, read(own, chunk, { column: plan.columns[column], rows: group.rows }));
          if (Date.now() - signed < pulse) continue;
          signed = Date.now();
          yield { kind: 'alive' };
        }
      }
      yield { kind: 'group', group: gathered.finish() };
    }
    yield { kind: 'end' };
  } finally {
    await file.close();
  }
}

/** Columns that follow each other in the table and in the file. */
function* runsOf({
  chunks,
}: GroupPlan): Generator<{ from: number; to: number; start: number; bytes: number }> {
  for (let from = 0; from < chunks.length;) {
    const { start } = chunks[from];
    let end = start + chunks[from].bytes;
    let to = from + 1;
    // What some writers put between columns is read over.
    while (
      to < chunks.length &&
      chunks[to].start >= end &&
      chunks[to].start - end < 8192 &&
      chunks[to].start + chunks[to].bytes - start <= bytesAtOnce
    ) {
      end = chunks[to].start + chunks[to].bytes;
      to++;
    }
    yield { from, to, start, bytes: end - start };
    from = to;
  }
}

function gatherer(rows: number): { add(column: number, cells: ChunkCells): void; finish(): GroupCells } {
  const numeric: number[] = [];
  const arrays: Float64Array[] = [];
  const others = new Map<number, readonly TableCell[]>();
  return {
    add(column, cells) {
      if (!(cells instanceof Float64Array)) others.set(column, cells);
      else {
        numeric.push(column);
        arrays.push(cells);
      }
    },
    finish() {
      const numbers = new Float64Array(rows * arrays.length);
      arrays.forEach((array, at) => numbers.set(array, at * rows));
      return { rows, numeric, numbers, others };
    },
  };
}
