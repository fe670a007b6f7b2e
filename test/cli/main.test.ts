import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main } from '../../sdk/cli/main';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import { sharedData } from '../support/shared-data';

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
async function concord(...words: string[]): Promise<Outcome> {
  let [out, err] = ['', ''];
  const status = await main(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    live: false,
    signal: new AbortController().signal,
  });
  return { status, out, err };
}

/** A CSV of a simulated cohort with a column that is neither feature nor covariate. */
function writeCohort(path: string, sites: number, seed = 1): void {
  const { cohort } = simulateFeatureCohort({
    seed,
    sites,
    subjects: 40 * sites,
    features: 12,
    missing: 0.002,
  });
  const { participants, features } = cohort;
  const [age, sex] = participants.covariates;
  const width = features.features.length;
  const lines = participants.ids.map((id, row) => {
    const years = age.kind === 'continuous' ? age.values[row] : NaN;
    const level = sex.kind === 'categorical' ? sex.levels[sex.codes[row]] : '';
    const cells = Array.from(features.values.subarray(row * width, (row + 1) * width), (value) =>
      Number.isNaN(value) ? 'NA' : String(value),
    );
    return [id, `"note, ${row}"`, participants.sites[row], years, level, ...cells].join();
  });
  writeFileSync(path, `subject,note,site,age,sex,${features.features.join()}\n${lines.join('\n')}\n`);
}

describe('the concord command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-cli-'));
  const at = (...names: string[]): string => join(folder, ...names);
  before(() => {
    writeCohort(at('table.csv'), 3);
    writeCohort(at('four.csv'), 4);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const fast = ['--seeds', '1'];

  it('harmonizes a table and writes four files', async () => {
    const run = await concord(
      'harmonize',
      at('table.csv'),
      '--preserve',
      'age,sex',
      '--out',
      at('done'),
      ...fast,
    );
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.deepEqual(readdirSync(at('done')).sort(), [
      'harmonized.csv',
      'model.json',
      'provenance.json',
      'report.html',
    ]);
    assert.match(run.out, /Is the site gone\?/);
    const [source, target] = [at('table.csv'), at('done', 'harmonized.csv')].map((path) =>
      readFileSync(path, 'utf8').trim().split('\n'),
    );
    assert.equal(target[0], source[0]);
    assert.equal(target.length, source.length);
    target.slice(1).forEach((line, row) => {
      // id, quoted note, site, age and sex come back to the letter; missing cells too; numbers have moved.
      const before = source[row + 1];
      const head = /^[^,]*,"[^"]*",[^,]*,[^,]*,[^,]*/.exec(before)?.[0] ?? 'none';
      assert.ok(line.startsWith(head), line);
      const missing = (text: string): number => text.split(',').filter((cell) => cell === 'NA').length;
      assert.equal(missing(line), missing(before));
      assert.notEqual(line, before);
    });
    const provenance = JSON.parse(readFileSync(at('done', 'provenance.json'), 'utf8')) as {
      inputs: { name: string; sha256: string }[];
      steps: { step: string }[];
    };
    assert.equal(provenance.inputs[0].name, 'table.csv');
    assert.match(provenance.inputs[0].sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      provenance.steps.map((step) => step.step),
      ['loadTable', 'applyCombat', 'fitCombat'],
    );
    assert.ok(!readFileSync(at('done', 'provenance.json'), 'utf8').includes(folder));
    assert.ok(readFileSync(at('done', 'report.html'), 'utf8').includes('table.csv'));
  });

  it('applies the model to new subjects as it was applied to the old', async () => {
    const lines = readFileSync(at('table.csv'), 'utf8').trim().split('\n');
    writeFileSync(at('new.csv'), [lines[0], lines[50], lines[3]].join('\n'));
    const run = await concord('apply', at('done', 'model.json'), at('new.csv'), '--out', at('new'));
    assert.deepEqual([run.status, run.err], [0, '']);
    const old = readFileSync(at('done', 'harmonized.csv'), 'utf8').split('\n');
    const fresh = readFileSync(at('new', 'harmonized.csv'), 'utf8').trim().split('\n');
    assert.deepEqual(fresh, [old[0], old[50], old[3]]);
  });

  it('follows the policy for a site the model does not know', async () => {
    const model = at('done', 'model.json');
    const refused = await concord('apply', model, at('four.csv'), '--out', at('four'));
    assert.equal(refused.status, 1);
    assert.match(refused.err, /^concord: unknown site: "[^\n]*unseen: "estimate"[^\n]*\n$/);
    assert.ok(!existsSync(at('four')));
    const estimated = await concord(
      'apply',
      model,
      at('four.csv'),
      '--out',
      at('four'),
      '--unseen',
      'estimate',
    );
    assert.equal(estimated.status, 0);
    assert.match(estimated.out, /is estimated from the \d+ subjects given/);
  });

  it('prints the evaluation as JSON', async () => {
    const run = await concord(
      'harmonize',
      at('table.csv'),
      '--out',
      at('json'),
      '--json',
      '--preserve',
      'age',
      '--features',
      'lh_*',
      ...fast,
    );
    const audit = JSON.parse(run.out) as { kind: string; features: string[]; probes: unknown[] };
    assert.equal(audit.kind, 'table-audit');
    assert.ok(audit.features.length > 0 && audit.features.every((name) => name.startsWith('lh_')));
  });

  it('takes every option that the help names', async () => {
    const options = [
      ['--eb', 'nonparametric', '--mean-only'],
      ['--eb', 'none', '--reference', 'site-02'],
      ['--transform', 'log', '--categorical', 'sex', '--continuous', 'age', '--unseen', 'covariates'],
      ['--missing', 'NA,-9', '--id', 'subject', '--drop-missing', '--seed', '4'],
    ];
    for (const [i, words] of options.entries()) {
      const run = await concord(
        'harmonize',
        at('table.csv'),
        '--preserve',
        'age,sex',
        '--out',
        at(`options${i}`),
        ...words,
        ...fast,
      );
      assert.deepEqual([run.status, run.err], [0, ''], words.join(' '));
    }
  });

  it('never replaces a file unasked', async () => {
    const before = readFileSync(at('done', 'harmonized.csv'), 'utf8');
    const run = await concord('harmonize', at('four.csv'), '--out', at('done'), ...fast);
    assert.equal(run.status, 1);
    assert.match(run.err, /file exists/);
    assert.equal(readFileSync(at('done', 'harmonized.csv'), 'utf8'), before);
    const forced = await concord('harmonize', at('four.csv'), '--out', at('done'), '--overwrite', ...fast);
    assert.equal(forced.status, 0);
  });

  it('answers bad input with one line and status 1', async () => {
    const table = readFileSync(at('table.csv'), 'utf8');
    const bad: [string, string, string[], RegExp][] = [
      ['comma', table.replace(/,2\.\d+/, ',"2,5"'), [], /row 2, column "lh_1": "2,5"/],
      [
        'one',
        table
          .split('\n')
          .filter((line, i) => i === 0 || line.includes('site-01'))
          .join('\n'),
        [],
        /site-01/,
      ],
      ['empty', '', [], /empty/],
      ['covariate', table, ['--preserve', 'agee'], /"?agee"?.*age/],
      ['reference', table, ['--reference', 'Mars'], /"Mars".*"site-01"/],
      ['features', table, ['--features', 'nothing.*'], /nothing\.\*/],
      ['sitecolumn', table, ['--site', 'scanner'], /scanner/],
    ];
    for (const [name, contents, words, message] of bad) {
      writeFileSync(at(`${name}.csv`), contents);
      const run = await concord('harmonize', at(`${name}.csv`), '--out', at(name), ...words, ...fast);
      assert.equal(run.status, 1, `${name}: ${run.err}`);
      assert.match(run.err, message);
      assert.match(run.err, /^concord: [^\n]+\n$/);
      assert.ok(!existsSync(at(name)), `${name} left a folder behind`);
    }
    const absent = await concord('harmonize', at('absent.csv'), '--out', at('absent'));
    assert.equal(absent.status, 1);
    const noModel = await concord('apply', at('table.csv'), at('table.csv'), '--out', at('absent'));
    assert.equal(noModel.status, 1);
    assert.match(noModel.err, /JSON/);
    const stats = await concord('harmonize', folder, '--out', at('absent'));
    assert.equal(stats.status, 1);
    assert.match(stats.err, /--participants/);
  });

  it('answers wrong usage with status 2', async () => {
    for (const words of [
      [],
      ['harmonise'],
      ['harmonize'],
      ['harmonize', at('table.csv')],
      ['harmonize', at('table.csv'), '--out', at('x'), '--eb', 'bayes'],
      ['harmonize', at('table.csv'), '--out', at('x'), '--colour'],
      ['harmonize', at('table.csv'), '--out', at('x'), '--seeds', '0'],
    ]) {
      const run = await concord(...words);
      assert.equal(run.status, 2, words.join(' '));
      assert.ok(run.err.length > 0);
    }
    for (const words of [['--help'], ['--version'], ['harmonize', '--help']]) {
      assert.equal((await concord(...words)).status, 0);
    }
  });

  it('can be interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    const streams = { out: () => undefined, err: () => undefined, live: false, signal: controller.signal };
    assert.equal(await main(['harmonize', at('table.csv'), '--out', at('stopped')], streams), 130);
    assert.ok(!existsSync(at('stopped')));
  });

  it('shows the demo, and replaces its own report but nobody else’s file', async () => {
    const first = await concord('demo', '--out', at('demo.html'), ...fast);
    assert.deepEqual([first.status, first.err], [0, '']);
    const [raw, done] = [...first.out.matchAll(/(?:raw|harmonized) ([\d.]+) mm/g)].map((match) =>
      Number(match[1]),
    );
    assert.ok(done < raw / 3, first.out);
    assert.equal((await concord('demo', '--out', at('demo.html'), '--json', ...fast)).status, 0);
    writeFileSync(at('mine.html'), 'mine');
    assert.equal((await concord('demo', '--out', at('mine.html'), ...fast)).status, 1);
    assert.equal(readFileSync(at('mine.html'), 'utf8'), 'mine');
  });

  it('harmonizes the shared IXI table as a program of its own', function () {
    const table = sharedData('tables/ixi_ants_dkt_thickness.csv');
    if (table === undefined) {
      console.log('      skipped: the shared IXI table is not on this machine');
      this.skip();
    }
    const program = resolve(__dirname, '../../sdk/bin/concord.js');
    const words = ['harmonize', table, '--site', 'site', '--id', 'subject', '--preserve', 'age,sex'];
    const out = execFileSync(
      process.execPath,
      [program, ...words, '--features', 'left.*,right.*', '--out', at('ixi'), '--json'],
      { encoding: 'utf8' },
    );
    const audit = JSON.parse(out) as {
      probes: { probe: string; protocol: string; balancedAccuracy: { estimate: number } }[];
      regressions: { protocol: string; scheme: string; mae: { estimate: number } }[];
    };
    const probe = (kind: string, protocol: string): number =>
      audit.probes.find((one) => one.probe === kind && one.protocol === protocol)?.balancedAccuracy
        .estimate ?? NaN;
    // scikit-learn's figures on the same table: RBF 0.94 raw and about 0.48 after ComBat, linear at or below chance.
    assert.ok(Math.abs(probe('rbf', 'raw') - 0.94) < 0.02);
    assert.ok(Math.abs(probe('rbf', 'in-sample') - 0.48) < 0.03);
    assert.ok(probe('linear', 'in-sample') < 1 / 3);
    const ages = audit.regressions
      .filter((one) => one.scheme === 'within-site')
      .map((one) => one.mae.estimate);
    assert.ok(ages.length === 3 && ages.every((mae) => Math.abs(mae - 6.7) < 0.3), ages.join());
  });
});
