import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../sdk/math/random';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

/** A CSV whose values differ by vendor, kernel and field strength, which is a number and yet no amount. */
function writeBatches(path: string, strongest = '3.0'): void {
  const random = makeRandom(5);
  const lines = Array.from({ length: 54 }, (_, row) => {
    const vendor = ['GE', 'PH', 'SI'][row % 3];
    const kernel = ['sharp', 'soft'][Math.floor(row / 3) % 2];
    const field = ['1.5', strongest][Math.floor(row / 9) % 2];
    const age = 20 + Math.round(600 * random.uniform()) / 10;
    const shift = (vendor === 'GE' ? 1 : 0) + (kernel === 'soft' ? 0.8 : 0) + (field === '1.5' ? 0 : 0.6);
    const values = [1, 2, 3, 4].map((w) => (10 + w - 0.03 * age + shift + random.normal()).toFixed(4));
    return [`s${row}`, vendor, kernel, field, age, ['F', 'M'][Math.floor(row / 5) % 2], ...values].join();
  });
  writeFileSync(path, `id,vendor,kernel,field,age,sex,a_vol,b_vol,c_vol,d_vol\n${lines.join('\n')}\n`);
}

describe('concord harmonize --batch', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]): string => join(folder.path('.'), ...names);
  before(() => {
    writeBatches(at('table.csv'));
    writeBatches(at('stronger.csv'), '7.0');
  });
  const batch = ['--batch', 'vendor,kernel,field', '--preserve', 'age,sex'];

  it('harmonizes by all of them, audits the first as the site, and applies what came of it', async () => {
    const run = await concord('harmonize', at('table.csv'), ...batch, '--seeds', '1', '--out', at('out'));
    assert.deepEqual([run.status, run.err], [0, ''], run.err);
    assert.match(run.out, /Nested ComBat/);
    const audit = readFileSync(at('out', 'report.html'), 'utf8');
    assert.ok(audit.includes('vendor &gt; kernel &gt; field: '));
    assert.ok(audit.includes('1.5 (27), 3.0 (27); removed as a batch variable'));
    assert.doesNotMatch(run.out, /kernel is predicted|field (differs|is)/);
    const model = JSON.parse(readFileSync(at('out', 'model.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual(model['sites'], ['GE', 'PH', 'SI']);
    assert.equal((model['tried'] as unknown[]).length, 6);
    const applied = await concord('apply', at('out'), at('table.csv'), '--out', at('new'));
    assert.equal(applied.status, 0, applied.err);
    const [one, two] = ['out', 'new'].map((name) => readFileSync(at(name, 'harmonized.csv'), 'utf8'));
    assert.equal(one, two);
  });

  it('names the column of a level that the model does not know, and what to do', async () => {
    const refused = await concord('apply', at('out'), at('stronger.csv'), '--out', at('refused'));
    assert.equal(refused.status, 1);
    assert.match(refused.err, /batch variable "field": unknown site: "7.0".*--unseen estimate/);
    const applied = await concord(
      ...['apply', at('out'), at('stronger.csv'), '--unseen', 'creb', '--out', at('creb')],
    );
    assert.equal(applied.status, 0, applied.err);
    assert.match(applied.out, /misses its shift of a feature by about \d\.\d\d standard deviations/);
  });

  it('takes another column for the site where one is named', async () => {
    const run = await concord(
      ...['harmonize', at('table.csv'), '--batch', 'kernel,field', '--site', 'vendor', '--no-audit'],
      ...['--references', 'kernel=soft', '--order', 'given', '--out', at('other')],
    );
    assert.equal(run.status, 0, run.err);
    const model = JSON.parse(readFileSync(at('other', 'model.json'), 'utf8')) as {
      readonly sites: readonly string[];
      readonly steps: readonly { readonly batch: string }[];
    };
    assert.deepEqual(model.sites, ['GE', 'PH', 'SI']);
    assert.deepEqual(
      model.steps.map((step) => step.batch),
      ['kernel', 'field'],
    );
  });

  it('refuses wrong usage by name', async () => {
    const cases: readonly [readonly string[], RegExp][] = [
      [['--method', 'nested-combat'], /'--batch' is not given/],
      [['--method', 'covbat', '--batch', 'vendor'], /'--batch' is not one of --method covbat/],
      [[...batch, '--references', 'soft'], /'--references' has "soft" \(COLUMN=LEVEL is allowed\)/],
    ];
    for (const [flags, message] of cases) {
      const run = await concord('harmonize', at('table.csv'), ...flags, '--out', at('wrong'));
      assert.equal(run.status, 2, run.err);
      assert.match(run.err, message);
    }
    const absent = await concord(
      'harmonize',
      at('table.csv'),
      '--batch',
      'vendor,coil',
      '--out',
      at('absent'),
    );
    assert.equal(absent.status, 1);
    assert.match(absent.err, /"coil"/);
  });

  it('is compared with ComBat, which knows the first column only', async () => {
    const run = await concord(
      ...['compare', at('table.csv'), '--methods', 'combat,nested-combat', '--batch', 'vendor,kernel'],
      ...['--preserve', 'age', '--seeds', '1', '--json'],
    );
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /Nested ComBat|nested-combat/);
    assert.doesNotMatch(run.out, /"kernel"/);
  });
});
