import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFreeSurferStats } from '../../sdk/io/load-free-surfer-stats';
import { loadTable } from '../../sdk/io/load-table';

describe('options from JavaScript, where no compiler helps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-options-'));
  const path = join(folder, 'table.csv');
  before(() => writeFileSync(path, 'id,site,age,x\na,A,1,1\nb,B,2,2\n'));
  after(() => rmSync(folder, { recursive: true }));

  it('refuse covariates given as one text', async () => {
    const covariates = 'age' as unknown as readonly string[];
    const said = { code: 'invalid-option', message: /"age" \(a list of names is allowed\)/ };
    await assert.rejects(loadTable(path, { covariates }), said);
  });

  it('refuse a kind of covariate that there is not', async () => {
    const covariates = [{ name: 'age', kind: 'smooth' as 'continuous' }];
    const said = { code: 'invalid-option', message: /kind of age: "smooth" .*"continuous", "categorical"/ };
    await assert.rejects(loadTable(path, { covariates }), said);
  });

  it('refuse a measure that FreeSurfer does not have', async () => {
    const measures = ['thick' as 'thickness'];
    const said = { code: 'invalid-option', message: /measure: "thick" .*"thickness", "area"/ };
    await assert.rejects(loadFreeSurferStats(folder, { participants: path, measures }), said);
  });
});
