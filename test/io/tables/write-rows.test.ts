import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { writeRows } from '../../../sdk/io/tables/write-rows';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

const rows = [
  { feature: 'left, "a"', q: 0.1 + 0.2, kept: true },
  { feature: 'b', q: NaN, note: null },
];

describe('writeRows', () => {
  const folder = temporaryFolder();

  it('writes the columns of all rows, numbers with all their digits, and what is missing as such', async () => {
    const path = folder.path('r.csv');
    await writeRows(rows, path);
    assert.equal(
      readFileSync(path, 'utf8'),
      'feature,q,kept,note\n"left, ""a""",0.30000000000000004,true,NA\nb,NA,NA,NA\n',
    );
  });

  for (const name of ['r.tsv.gz', 'r.parquet']) {
    it(`writes ${name}, which reads back`, async () => {
      const some = [
        { id: 'a', site: 'S', x: 1 / 3 },
        { id: 'b', site: 'T', x: NaN },
      ];
      await writeRows(some, folder.path(name));
      const back = await loadTable(folder.path(name), { id: 'id', site: 'site' });
      assert.deepEqual([...back.features.values], [1 / 3, NaN]);
      assert.deepEqual(back.participants.sites, ['S', 'T']);
    });
  }

  it('replaces no file, and refuses what is no table', async () => {
    const path = folder.path('r.csv');
    await rejectsWith(writeRows(rows, path), { code: 'file-exists', says: [/r\.csv/] });
    await rejectsWith(writeRows(rows, folder.path('r.txt')), {
      code: 'unsupported-format',
      says: [/r\.txt/],
    });
    await rejectsWith(writeRows([], folder.path('n.csv')), {
      code: 'invalid-option',
      says: [/there are none/],
    });
    await rejectsWith(writeRows([null as never], folder.path('n.csv')), {
      code: 'invalid-option',
      says: [/row 1 is no object/],
    });
    const nested = [{ a: 1 }, { a: { b: 2 } as never }];
    await rejectsWith(writeRows(nested, folder.path('n.csv')), {
      code: 'invalid-option',
      says: [/column "a" of row 2/],
    });
  });
});
