import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { openTable } from '../../../sdk/io/tables/open-table';
import { openParquet } from '../../../sdk/io/parquet/open-parquet';
import { inspectTableFile } from '../../../sdk/io/tables/table-file';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';
import { rejectsWith } from '../rejects-with';

const fixtures = resolve(__dirname, '../../../fixtures/parquet');
/** More files of the same table by other writers, where this machine has them. */
const shared = resolve(__dirname, '../../../../shared/cases/tables/40-parquet');

type Table = ReadonlyMap<string, readonly unknown[]>;

async function columnsOf(path: string): Promise<Table> {
  const source = await openTable(path);
  const rows: (readonly unknown[])[] = [];
  for await (const { cells } of source.rows()) rows.push(cells);
  return new Map(source.header.map((name, column) => [name, rows.map((cells) => cells[column])]));
}

/** What a file has otherwise than the reference, on purpose: other ids, numbers of fewer bits, holes. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'arrow-bigid': ['participant_id'],
  'arrow-binaryid': ['participant_id'],
  'arrow-boolsex': ['site', 'sex'],
  'arrow-ints': ['thick_0', 'thick_1'],
  'arrow-nannull': ['thick_0'],
  'arrow-nullsite': ['site'],
  'pandas-unnamed-index': ['__index_level_0__'],
};

function isSame(found: unknown, expected: unknown, file: string): boolean {
  if (found === 'true' || found === 'false') return found === String(expected).toLowerCase();
  if (String(found) === String(expected)) return true;
  const one = Number(found);
  const other = Number(expected);
  if (file.startsWith('duckdb-float') && one !== other) return Math.fround(other) === one;
  // 11 bits of fraction.
  if (file.startsWith('arrow-half') && one !== other) return Math.abs(one - other) < 2 ** -10;
  return one === other;
}

async function requireReference(folder: string, reference: Table): Promise<number> {
  const files = readdirSync(folder).filter((name) =>
    /^(arrow|duckdb|fastparquet|pandas|polars).*\.parquet$/.test(name),
  );
  for (const file of files) {
    for (const [name, cells] of await columnsOf(join(folder, file))) {
      if (otherwise[file.replace('.parquet', '')]?.includes(name) === true) continue;
      const expected = reference.get(name.replace('lh.thick.', 'thick_')) ?? [];
      assert.equal(cells.length, 60, file);
      cells.forEach((cell, row) =>
        assert.ok(
          isSame(cell, expected[row], file),
          `${file}, ${name}, row ${row + 1}: ${String(cell)} is not ${String(expected[row])}`,
        ),
      );
    }
  }
  return files.length;
}

describe('openParquet', () => {
  const folder = temporaryFolder();

  it('reads what Polars, DuckDB, pyarrow and fastparquet write, on every Node', async () => {
    const reference = await columnsOf(join(fixtures, 'ref.csv'));
    assert.equal(await requireReference(fixtures, reference), 6);
  });

  it('reads what other versions and settings of them write', async function () {
    if (!existsSync(shared)) skipWithout(this, 'real data');
    const reference = await columnsOf(join(fixtures, 'ref.csv'));
    assert.equal(await requireReference(shared, reference), 22);
  });

  it('keeps decimals exact, as numbers and as names', async () => {
    const table = await columnsOf(join(fixtures, 'decimals.parquet'));
    // The digits that decimals.py wrote.
    assert.deepEqual(table.get('subject_id'), [
      '123456789012345678',
      '123456789012345679',
      '123456789012345677',
    ]);
    assert.deepEqual(table.get('site'), [0.3, 1, -0.1]);
    assert.deepEqual(table.get('int32')?.slice(0, 2), [0.3, -2.979]);
    assert.ok(Number.isNaN(table.get('int32')?.[2]));
    assert.deepEqual(table.get('int64'), [0.1, '-123456789012.345678', '450359962737.497001']);
    assert.deepEqual(table.get('label'), ['12345678901234567890123456789012345.678', -0.3, 2]);
    const cohort = await loadTable(join(fixtures, 'decimals.parquet'), { features: ['int64', 'fixed'] });
    assert.deepEqual(cohort.participants.ids.length, 3);
    assert.deepEqual(cohort.participants.sites, ['0.3', '1', '-0.1']);
    // The nearest doubles, by Python's float().
    assert.deepEqual(
      [...cohort.features.values],
      [0.1, 1.2345678901234568e34, -123456789012.34568, -1.2345678901234568e34, 450359962737.497, 0.001],
    );
  });

  it('stops a decoder that does not come back, by itself or when told to', async () => {
    const file = await inspectTableFile(join(fixtures, 'polars-lz4.parquet'));
    const program = folder.write('hangs.js', 'for (;;);');
    await rejectsWith(openParquet(file, { program, patience: 0.3 }), {
      code: 'malformed-table',
      says: ['its decoder was stopped after 0 s without a result', 'polars-lz4.parquet'],
    });
    const controller = new AbortController();
    const opening = openParquet(file, { program, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await rejectsWith(opening, { code: 'aborted', says: [] });
  });

  it('notices a file that was cut, or whose end is missing', async () => {
    const whole = readFileSync(join(fixtures, 'polars-lz4.parquet'));
    for (const end of [5, 100, whole.length - 1]) {
      const path = folder.write('cut.parquet', whole.subarray(0, end));
      await rejectsWith(loadTable(path), {
        code: 'malformed-table',
        says: ['damaged Parquet file', 'cut.parquet'],
      });
    }
  });
});
