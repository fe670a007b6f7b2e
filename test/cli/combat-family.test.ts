import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

/** 60 subjects at three sites, with a diagnosis, two visits' worth of time, and a column that has a colon in its name. */
function table(): string {
  const lines = Array.from({ length: 60 }, (_, row) => {
    const site = 'ABC'[row % 3];
    const age = 20 + ((row * 37) % 53);
    const sex = 'FM'[Number(row % 4 > 1)];
    const dx = ['CN', 'AD'][Number((row * 7) % 10 < 4)];
    const time = (row * 11) % 5;
    const noise = (k: number): number => Math.sin(row * (k + 3) * 12.9898) * (0.1 + 0.003 * age);
    const values = [0, 1, 2, 3].map((k) => 2.5 + 0.1 * (row % 3) - 0.004 * age - 0.02 * k + noise(k));
    return [`s${row}`, site, age, sex, dx, time, (row * 13) % 17, ...values].join();
  });
  return ['subject,site,age,sex,dx,time,w:h,t1,t2,t3,t4', ...lines, ''].join('\n');
}

describe("the concord command with ComBat's family", () => {
  const folder = temporaryFolder();
  const path = (name: string): string => folder.path(name);
  const harmonize = (out: string, ...more: readonly string[]): readonly string[] => [
    ...['harmonize', path('table.csv'), '--features', 't?', '--no-audit', '--out', path(out)],
    ...more,
  ];
  const read = (...names: readonly string[]): string =>
    readFileSync(join(path(names[0]), ...names.slice(1)), 'utf8');
  before(() => writeFileSync(path('table.csv'), table()));

  it('keeps interactions and what covariates do to the spread, and applies what came of it', async () => {
    const written = [
      '--preserve',
      'age,sex,dx*time',
      '--scale-covariates',
      'age,sex',
      '--continuous',
      'time',
    ];
    await concordOutput(...harmonize('ls', ...written));
    const model = JSON.parse(read('ls', 'model.json')) as Record<string, unknown>;
    assert.deepEqual(model['columns'], ['age', 'sex=M', 'dx=AD', 'time', 'dx=AD:time']);
    assert.deepEqual(model['scaleColumns'], ['age', 'sex=M']);
    const record = read('ls', 'provenance.json');
    for (const own of ['dx*time', 'scaleCovariates']) assert.ok(record.includes(own), own);
    const report = read('ls', 'report.html');
    for (const shown of ['dx:time', 'Spread depends on', 'age, sex (ComBatLS)'])
      assert.ok(report.includes(shown), shown);
    await concordOutput('apply', path('ls/model.json'), path('table.csv'), '--out', path('again'));
    assert.equal(read('again', 'harmonized.csv'), read('ls', 'harmonized.csv'));
  });

  it('audits with interactions as with their main effects', async () => {
    const given = ['audit', path('table.csv'), path('ls/harmonized.csv'), '--preserve', 'dx*time'];
    const small = ['--features', 't1', '--seeds', '1', '--max-subjects', '30'];
    const out = await concordOutput(...given, ...small, '--continuous', 'time', '--json');
    const audit = JSON.parse(out) as Record<'regressions' | 'classifications', { covariate: string }[]>;
    const found = [...audit.regressions, ...audit.classifications].map(({ covariate }) => covariate);
    assert.deepEqual([...new Set(found)].sort(), ['age', 'dx', 'sex', 'time']);
  });

  it('takes a penalty, or the search of neuroHarmonize, for curves', async () => {
    const curve = ['--preserve', 'sex', '--smooth', 'age'];
    const penalties = (out: string): number[][] =>
      (JSON.parse(read(out, 'model.json')) as { penalties: number[][] }).penalties;
    await concordOutput(...harmonize('given', ...curve, '--smoothing', '3.5'));
    assert.deepEqual(penalties('given'), [[3.5, 3.5, 3.5, 3.5]]);
    const two = ['--smooth', 'age:sex,`w:h`', '--continuous', 'w:h'];
    await concordOutput(...harmonize('each', ...two, '--smoothing', 'age=0.3,w:h=5'));
    assert.deepEqual(
      penalties('each'),
      [0.3, 0.3, 5].map((lambda) => [lambda, lambda, lambda, lambda]),
    );
    const one = await concord(...harmonize('odd', ...two, '--smoothing', 'age=0.3'));
    assert.match(one.err, /no penalty for the curve of "w:h" \(add w:h=NUMBER to --smoothing\)/);
    const none = await concord(...harmonize('odd', ...curve, '--smoothing', 'sex=3,age=1'));
    assert.match(none.err, /invalid smoothing: "sex" has no curve/);
    assert.match((await concord(...harmonize('odd', ...curve, '--smoothing', 'age=x'))).err, /above 0/);
    const own = ['--basis', 'neuroharmonize', '--smoothing', 'kfold', '--smoothing-seed', '2'];
    await concordOutput(...harmonize('kfold', ...curve, ...own));
    for (const alpha of penalties('kfold')[0]) assert.ok(alpha >= 1 && alpha <= 1e7);
    const odd = await concord(...harmonize('odd', ...curve, '--smoothing', 'remll'));
    assert.equal(odd.status, 2);
    assert.match(odd.err, /did you mean "reml"/);
    const other = await concord(...harmonize('odd', ...curve, '--smoothing', 'kfold'));
    assert.match(other.err, /it is the search of neuroHarmonize, for its own curves.*--basis neuroharmonize/);
  });

  it('takes knots of curves, how many B-splines they are of, and penalties to choose among', async () => {
    const curve = ['--preserve', 'sex', '--smooth', 'age:sex'];
    interface Stored {
      readonly smooths: readonly { readonly knots: readonly number[] }[];
      readonly penalties: readonly (readonly number[])[];
    }
    const fitted = async (...words: readonly string[]): Promise<Stored> => {
      await concordOutput(...harmonize('knots', ...curve, '--overwrite', ...words));
      return JSON.parse(read('knots', 'model.json')) as Stored;
    };
    const placed = await fitted('--knots', 'age=20:70:7', '--penalties', '0.5,50');
    for (const { knots } of placed.smooths) {
      assert.equal(knots.length, 11);
      assert.ok(Math.abs(knots[3] - 20) < 1e-9 && Math.abs(knots[7] - 70) < 1e-9, knots.join());
    }
    for (const lambda of placed.penalties.flat()) assert.ok([0.5, 50].includes(lambda), String(lambda));
    const [{ knots: spread }] = (await fitted('--knots', 'age=15')).smooths;
    assert.equal(spread.length, 19);
    for (const [words, says] of [
      [['--knots', 'sex=20:70'], /invalid knots: "sex" has no curve \(name it in --smooth sex, too\)/],
      [['--knots', 'age=20:x'], /NAME=FIRST:LAST is allowed.*NAME=SPLINES/],
      [['--knots', 'age=70:20'], /invalid knots of age: 70, 20/],
      [['--knots', 'age=3'], /invalid splines of age: 3/],
      [['--penalties', '1,0'], /a number above 0 is allowed/],
      [['--penalties', '1,2', '--smoothing', '3'], /invalid penalties: nothing is chosen among them/],
    ] as const) {
      const run = await concord(...harmonize('odd', ...curve, ...words));
      assert.notEqual(run.status, 0);
      assert.match(run.err, says);
    }
  });

  it('refuses what is no formula, and says how a column with a colon in its name is written', async () => {
    for (const formula of ['age:', 'age**sex', 'age:age']) {
      const run = await concord(...harmonize('odd', '--preserve', formula));
      assert.equal(run.status, 1, run.err);
      assert.match(run.err, /invalid preserve: .*write age:sex for an interaction/);
    }
    const unquoted = await concord(...harmonize('odd', '--preserve', 'w:h'));
    assert.equal(unquoted.status, 1);
    assert.match(unquoted.err, /"w:h".*backticks/);
    await concordOutput(...harmonize('quoted', '--preserve', 'age,`w:h`', '--continuous', 'w:h'));
    const model = JSON.parse(read('quoted', 'model.json')) as { columns: string[] };
    assert.deepEqual(model.columns, ['age', 'w:h']);
  });

  it('takes curves of columns in backticks, by levels too, and refuses other formulas', async () => {
    const curve = ['--smooth', '`w:h`', '--continuous', 'w:h'];
    await concordOutput(...harmonize('curve', ...curve));
    const model = JSON.parse(read('curve', 'model.json')) as { smooths: { name: string }[] };
    assert.deepEqual(
      model.smooths.map(({ name }) => name),
      ['w:h'],
    );
    await concordOutput(...harmonize('curves', '--smooth', '`w:h`:sex', '--continuous', 'w:h'));
    const both = JSON.parse(read('curves', 'model.json')) as { smooths: { by: { level: string } }[] };
    assert.deepEqual(
      both.smooths.map(({ by }) => by.level),
      ['F', 'M'],
    );
    for (const formula of ['age*sex', 'age:sex:dx', 'age:']) {
      const run = await concord(...harmonize('odd', '--smooth', formula));
      assert.equal(run.status, 1, run.err);
      assert.match(run.err, /invalid smooth: .*backticks/);
    }
  });

  it('refuses medians with covariates of scale, in words of the command', async () => {
    const run = await concord(
      ...harmonize('odd', '--preserve', 'age', '--scale-covariates', 'age', '--robust'),
    );
    assert.equal(run.status, 1);
    assert.match(run.err, /invalid robust: it cannot be combined .*leave out --robust or --scale-covariates/);
  });
});
