import assert from 'node:assert/strict';
import { loadFreeSurferStats } from '../../../sdk/io/free-surfer/load-free-surfer-stats';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { temporaryFolder } from '../../support/temporary-folder';

describe('options from JavaScript, where no compiler helps', () => {
  const folder = temporaryFolder();
  const write = (): string => folder.write('table.csv', 'id,site,age,x\na,A,1,1\nb,B,2,2\n');

  it('refuse covariates given as one text', async () => {
    const covariates = 'age' as unknown as readonly string[];
    const said = { code: 'invalid-option', message: /"age" \(a list of names is allowed\)/ };
    await assert.rejects(loadTable(write(), { covariates }), said);
  });

  it('refuse covariates that are no names', async () => {
    for (const wrong of [3, null, undefined, { kind: 'continuous' }]) {
      const covariates = [wrong] as unknown as readonly string[];
      const said = {
        code: 'invalid-option',
        message: /invalid covariates: .* among them \(a list of names, or/,
      };
      await assert.rejects(loadTable(write(), { covariates }), said);
    }
  });

  it('refuse a kind of covariate that there is not', async () => {
    const covariates = [{ name: 'age', kind: 'smooth' as 'continuous' }];
    const said = { code: 'invalid-option', message: /kind of age: "smooth" .*"continuous", "categorical"/ };
    await assert.rejects(loadTable(write(), { covariates }), said);
  });

  it('refuse a measure that FreeSurfer does not have', async () => {
    const measures = ['thick' as 'thickness'];
    const said = { code: 'invalid-option', message: /measure: "thick" .*"thickness", "area"/ };
    await assert.rejects(loadFreeSurferStats(folder.path('.'), { participants: write(), measures }), said);
  });
});
