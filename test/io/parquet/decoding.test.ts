import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConcordError } from '../../../sdk/errors';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { temporaryFolder } from '../../support/temporary-folder';

describe('decoding in a thread', () => {
  const folder = temporaryFolder();

  it('hands an error over in its parts, so that its remedy is still advice', async () => {
    const whole = readFileSync(resolve(__dirname, '../../../fixtures/parquet/polars-default.parquet'));
    const changed = Uint8Array.from(whole);
    // The footer, but for its length and the mark behind it.
    changed.fill(0xff, whole.length - 60, whole.length - 8);
    const path = folder.write('changed.parquet', changed);
    const error: unknown = await loadTable(path).catch((cause: unknown) => cause);
    assert.ok(error instanceof ConcordError);
    const { code, problem, remedy } = error;
    assert.equal(code, 'malformed-table');
    assert.match(problem, /^damaged Parquet file: .*changed\.parquet/);
    assert.deepEqual(remedy, ['copy or download it again, or write it again']);
    assert.ok(!problem.includes('copy or download'));
  });
});
