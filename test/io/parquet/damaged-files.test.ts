import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ConcordError } from '../../../sdk/errors';
import { decodeParquet } from '../../../sdk/io/parquet/decode-parquet';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';

/** A whole file as text that shows every cell, or the code of the error that reading it ends in. */
async function readAll(
  path: string,
  size: number,
): Promise<{ readonly text: string; readonly rows: number }> {
  for await (const first of decodeParquet({ path, size })) {
    assert.ok(first.kind === 'plan');
    const parts: unknown[] = [first.plan.columns.map(({ name }) => name)];
    let rows = 0;
    for await (const news of decodeParquet({ path, size, plan: first.plan })) {
      if (news.kind !== 'group') continue;
      rows += news.group.rows;
      parts.push(news.group.numeric, [...news.group.numbers].map(String), [...news.group.others]);
    }
    return { text: JSON.stringify(parts), rows };
  }
  throw new Error('no plan');
}

describe('damaged Parquet files', () => {
  const folder = temporaryFolder();

  async function outcomes(
    whole: Uint8Array,
    changes: Iterable<readonly [at: number, mask: number]>,
  ): Promise<{ equal: number; refused: number; others: number[] }> {
    const right = await readAll(folder.write('whole.parquet', whole), whole.length);
    const seen = { equal: 0, refused: 0, others: [] as number[] };
    for (const [at, mask] of changes) {
      const bytes = Uint8Array.from(whole);
      bytes[at] ^= mask;
      try {
        const found = await readAll(folder.write('changed.parquet', bytes), bytes.length);
        assert.equal(found.rows, right.rows, `byte ${at}: rows were lost in silence`);
        if (found.text === right.text) seen.equal++;
        else seen.others.push(at);
      } catch (error) {
        assert.ok(error instanceof ConcordError, `byte ${at}: ${String(error)}`);
        seen.refused++;
      }
    }
    return seen;
  }

  it('are refused, or read as they were, whatever byte of the footer changes', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => row);
    const columnData = [
      { name: 'id', type: 'STRING' as const, data: rows.map((row) => `s${row}`) },
      { name: 'x', type: 'DOUBLE' as const, data: rows.map((row) => (row === 7 ? null : row / 7)) },
    ];
    // Without statistics the footer is names, places, sizes and counts.
    const whole = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 13, statistics: false }));
    const footer = new DataView(whole.buffer).getUint32(whole.length - 8, true);
    const changes = Array.from({ length: footer + 8 }, (_, k) => whole.length - 1 - k).flatMap((at) =>
      [1, 0x20, 0xff].map((mask) => [at, mask] as const),
    );
    const { refused, others } = await outcomes(whole, changes);
    assert.deepEqual(others, []);
    assert.ok(refused > changes.length / 3, `only ${refused} of ${changes.length} were refused`);
  });

  it('lose no row to a changed byte anywhere, by any writer', async () => {
    const random = makeRandom(20);
    for (const name of ['polars-default', 'polars-lz4', 'duckdb-decimal', 'arrow-delta', 'arrow-bss']) {
      const whole = readFileSync(resolve(__dirname, `../../../fixtures/parquet/${name}.parquet`));
      const changes = Array.from({ length: 60 }, () => {
        return [Math.floor(random.uniform() * whole.length), 1 + Math.floor(random.uniform() * 255)] as const;
      });
      const { equal, refused, others } = await outcomes(whole, changes);
      // What is left are the bytes of values and of their names, where no checksum of the writer's tells.
      assert.equal(equal + refused + others.length, 60);
      assert.ok(refused > 0, name);
    }
  });

  it('are refused at any byte of their pages where the writer gave checksums', async () => {
    const whole = readFileSync(resolve(__dirname, '../../../fixtures/parquet/checksums.parquet'));
    const footer = whole.readUInt32LE(whole.length - 8);
    const random = makeRandom(21);
    const changes = Array.from({ length: 300 }, () => {
      return [
        4 + Math.floor(random.uniform() * (whole.length - footer - 12)),
        1 + Math.floor(random.uniform() * 255),
      ] as const;
    });
    assert.deepEqual((await outcomes(whole, changes)).others, []);
  });
});
