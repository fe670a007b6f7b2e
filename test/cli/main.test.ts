import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { main } from '../../sdk/cli/main';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import { concord } from '../support/run-command';
import { sharedData } from '../support/shared-data';
import { skipWithout } from '../support/skipping';

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
    assert.equal([...run.out.matchAll(/cells (is|are) missing/g)].length, 1);
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
      ['loadTable', 'fitCombat', 'applyCombat'],
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
    assert.match(refused.err, /^concord: unknown site: "[^\n]*--unseen estimate[^\n]*\n$/);
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
    const audit = JSON.parse(run.out) as {
      kind: string;
      features: string[];
      issues: { code: string }[];
    };
    assert.equal(audit.kind, 'table-audit');
    assert.ok(audit.features.length > 0 && audit.features.every((name) => name.startsWith('lh_')));
    const record = JSON.parse(readFileSync(at('json', 'provenance.json'), 'utf8')) as typeof audit;
    // Found in loading, not by the audit.
    assert.ok(audit.issues.some((issue) => issue.code === 'inferred-covariate'));
    assert.deepEqual(audit.issues, record.issues);
  });

  it('leaves the audit out when told to', async () => {
    const run = await concord(
      'harmonize',
      at('table.csv'),
      '--out',
      at('quick'),
      '--preserve',
      'age',
      '--no-audit',
    );
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /not audited/);
    assert.ok(existsSync(at('quick', 'report.html')));
    const json = await concord(
      'harmonize',
      at('table.csv'),
      '--out',
      at('quickjson'),
      '--no-audit',
      '--json',
    );
    assert.deepEqual(Object.keys(JSON.parse(json.out) as object), ['issues']);
  });

  it('names remedies as they are called on the command line', async () => {
    const table = readFileSync(at('table.csv'), 'utf8').replace(/(site-01),[\d.]+,/, '$1,NA,');
    writeFileSync(at('noage.csv'), table);
    const run = await concord(
      'harmonize',
      at('noage.csv'),
      '--out',
      at('noage'),
      '--preserve',
      'age',
      ...fast,
    );
    assert.equal(run.status, 1);
    assert.match(run.err, /missing value of covariate age .*--drop-missing/);
  });

  it('harmonizes with curves and by CovBat, and applies what came of it', async () => {
    const fitted = ['--seeds', '1', '--preserve', 'sex', '--smooth', 'age'];
    for (const method of ['combat', 'covbat']) {
      const out = at(`curved-${method}`);
      const run = await concord(
        'harmonize',
        at('table.csv'),
        '--method',
        method,
        ...fitted,
        '--no-audit',
        '--out',
        out,
      );
      assert.deepEqual([run.status, run.err], [0, ''], run.err);
      const applied = await concord(
        'apply',
        join(out, 'model.json'),
        at('table.csv'),
        '--out',
        at(`new-${method}`),
      );
      assert.equal(applied.status, 0, applied.err);
      assert.equal(
        readFileSync(join(at(`new-${method}`), 'harmonized.csv'), 'utf8'),
        readFileSync(join(out, 'harmonized.csv'), 'utf8'),
      );
    }
    const both = ['--method', 'covbat', '--variance', '0.8', '--components', '3', '--out', at('both')];
    const odd = await concord('harmonize', at('table.csv'), ...both);
    assert.equal(odd.status, 2);
    assert.match(odd.err, /'--variance' and '--components' exclude each other/);
    const stray = await concord('harmonize', at('table.csv'), '--components', '3', '--out', at('stray'));
    assert.match(stray.err, /'--components' is not one of --method combat/);
  });

  it('offers the other form of mean only, and takes the table after the option for a table', async () => {
    const run = await concord(
      ...['harmonize', '--mean-only', at('table.csv'), '--out', at('published'), '--preserve', 'age,sex'],
      '--no-audit',
    );
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /mean only in its published form .* is left .*--mean-only shrunk-by-size/);
    const odd = await concord('harmonize', at('table.csv'), '--mean-only=half', '--out', at('half'));
    assert.equal(odd.status, 2);
    assert.match(odd.err, /'half' is invalid. Allowed choices are published, shrunk-by-size/);
  });

  it('takes every option that the help names', async () => {
    const options = [
      ['--eb', 'nonparametric', '--mean-only'],
      ['--eb', 'none', '--reference', 'site-02'],
      ['--mean-only', 'shrunk-by-size'],
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
    assert.match(noModel.err, /^concord: [^\n]*JSON[^\n]*\n$/);
    const stats = await concord('harmonize', folder, '--out', at('absent'));
    assert.equal(stats.status, 1);
    assert.match(stats.err, /--participants/);
    // What cannot be written is found before anything is read.
    mkdirSync(at('foreign'));
    writeFileSync(at('foreign', 'harmonized.csv.json'), '{}');
    const foreign = await concord('harmonize', folder, '--out', at('foreign'), '--overwrite');
    assert.equal(foreign.status, 1);
    assert.match(foreign.err, /^concord: file exists: [^\n]*harmonized\.csv\.json[^\n]*\n$/);
    const twice = '"two\nlines",A,1\n'.repeat(2);
    writeFileSync(at('broken-id.csv'), `id,site,x\n${twice}`);
    const brokenId = await concord('harmonize', at('broken-id.csv'), '--out', at('absent'));
    assert.equal(brokenId.status, 1);
    assert.match(brokenId.err, /^concord: duplicate [^\n]*"two lines"[^\n]*\n$/);
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
      ['harmonize', at('table.csv'), '--out', at('x'), '--categorical', 'sex'],
    ]) {
      const run = await concord(...words);
      assert.equal(run.status, 2, words.join(' '));
      assert.ok(run.err.length > 0);
    }
    for (const words of [['--help'], ['--version'], ['harmonize', '--help']]) {
      assert.equal((await concord(...words)).status, 0);
    }
  });

  it('takes the kind of what is no covariate for wrong usage, and names the covariates', async () => {
    const words = ['harmonize', at('table.csv'), '--out', at('kinds'), '--preserve', 'age,sex'];
    const cases: [string[], RegExp][] = [
      [['--categorical', 'sexx'], /^error: [^\n]*--categorical[^\n]*"sexx"[^\n]*allowed: age, sex\)\n/],
      [['--continuous', 'age,lh_1'], /^error: [^\n]*--continuous[^\n]*"lh_1"[^\n]*allowed: age, sex\)\n/],
      [['--continuous', 'sex', '--categorical', 'sex'], /^error: [^\n]*both name "sex"/],
    ];
    for (const [more, message] of cases) {
      const run = await concord(...words, ...more);
      assert.equal(run.status, 2, run.err);
      assert.match(run.err, message);
    }
    assert.ok(!existsSync(at('kinds')));
  });

  it('never replaces what it reads, even when told to overwrite', async () => {
    await concord('harmonize', at('table.csv'), '--preserve', 'age', '--out', at('own'), ...fast);
    const made = ['harmonized.csv', 'model.json', 'report.html', 'provenance.json'];
    const read = (): string[] => made.map((name) => readFileSync(at('own', name), 'utf8'));
    const before = read();
    symlinkSync(at('own', 'harmonized.csv'), at('link.csv'));
    const table = at('own', 'harmonized.csv');
    const model = at('own', 'model.json');
    const calls = [
      ['harmonize', table],
      ['harmonize', relative(process.cwd(), table)],
      ['harmonize', at('link.csv')],
      ['harmonize', at('table.csv'), '--participants', table],
      ['harmonize', at('table.csv'), '--participants', model],
      ['apply', model, table],
      ['apply', model, at('link.csv')],
      ['apply', model, at('table.csv'), '--participants', at('own', 'provenance.json')],
    ];
    for (const words of calls) {
      const run = await concord(...words, '--out', at('own'), '--overwrite');
      assert.equal(run.status, 1, words.join(' '));
      assert.match(run.err, /^concord: invalid output: [^\n]*never overwritten[^\n]*\n$/);
      assert.deepEqual(read(), before);
    }
  });

  it('refuses a bad place for the results before any work', async () => {
    writeFileSync(at('taken'), 'mine');
    const model = at('own', 'model.json');
    const places: [string, string][] = [
      [at('taken'), 'a file of that name is there'],
      [at('taken', 'below'), 'not a folder'],
    ];
    for (const [place, reason] of places) {
      for (const words of [
        // Files that are not there: had any work been done, that would be the complaint.
        ['harmonize', at('absent.csv'), '--out', place],
        ['apply', at('absent.json'), at('absent.csv'), '--out', place],
        ['demo', '--out', join(place, 'report.html')],
      ]) {
        const run = await concord(...words);
        assert.equal(run.status, 1);
        assert.match(run.err, /^concord: cannot write [^\n]+\n$/);
        assert.ok(run.err.includes(reason), run.err);
      }
    }
    assert.equal(readFileSync(at('taken'), 'utf8'), 'mine');
    for (const words of [
      ['harmonize', at('absent.csv')],
      ['apply', model, at('absent.csv')],
    ]) {
      assert.equal((await concord(...words, '--out', at('deep', 'er'))).status, 1);
      assert.ok(!existsSync(at('deep')), 'a new empty folder stays behind');
    }
    mkdirSync(at('empty'));
    assert.equal((await concord('harmonize', at('absent.csv'), '--out', at('empty'))).status, 1);
    assert.ok(existsSync(at('empty')), 'a folder that was there stays');
  });

  it('names files without their folders in what it writes', async () => {
    const table = relative(process.cwd(), at('table.csv'));
    mkdirSync(at('people'));
    const lines = readFileSync(at('table.csv'), 'utf8').split('\n');
    const people = lines.slice(0, -2).map((line) =>
      line
        .replace(/"[^"]*",/, '')
        .split(',')
        .slice(0, 4),
    );
    people[0] = ['subject', 'site', 'age', 'sex'];
    writeFileSync(at('people', 'who.csv'), people.map((cells) => cells.join()).join('\n'));
    const run = await concord(
      ...[
        'harmonize',
        `./${table}`,
        '--participants',
        `./${relative(process.cwd(), at('people', 'who.csv'))}`,
      ],
      ...['--preserve', 'age', '--features', 'lh_*', '--out', at('plain'), ...fast],
    );
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /who\.csv/);
    for (const text of [run.out.replace(/written to .*/, ''), read('provenance.json'), read('model.json')]) {
      assert.ok(!text.includes(basename(folder)), text.slice(0, 2000));
      assert.doesNotMatch(text, /people\/|\.\//);
    }
    function read(name: string): string {
      return readFileSync(at('plain', name), 'utf8');
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
    mkdirSync(at('again'));
    // What tells a report of an earlier run is its last line.
    writeFileSync(at('again', 'demo.html'), '<p>Made with concord-mri</p>');
    const first = await concord('demo', '--out', at('again', 'demo.html'), ...fast);
    assert.deepEqual([first.status, first.err], [0, '']);
    const [raw, done] = [...first.out.matchAll(/(?:raw|harmonized) ([\d.]+) mm/g)].map((match) =>
      Number(match[1]),
    );
    assert.ok(done < raw / 3, first.out);
    assert.match(readFileSync(at('again', 'demo.html'), 'utf8'), /Made with concord-mri/);
    writeFileSync(at('mine.html'), 'mine');
    assert.equal((await concord('demo', '--out', at('mine.html'), ...fast)).status, 1);
    assert.equal(readFileSync(at('mine.html'), 'utf8'), 'mine');
  });

  it('harmonizes the shared IXI table as a program of its own [long]', function () {
    const table = sharedData('tables/ixi_ants_dkt_thickness.csv');
    if (table === undefined) {
      skipWithout(this, 'real data');
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
