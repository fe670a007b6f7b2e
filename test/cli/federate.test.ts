import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as sdk from '../../sdk/index';
import { noise } from '../support/noise';
import type { Outcome } from '../support/run-command';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const command = resolve(__dirname, '../../sdk/bin/concord.js');

/** Runs the installed command in a process of its own. */
function inProcess(words: readonly string[], options: readonly string[] = []): Promise<Outcome> {
  const child = spawn(process.execPath, [...options, command, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes) => (out += String(bytes)));
  child.stderr.on('data', (bytes) => (err += String(bytes)));
  return new Promise((done) =>
    child.on('close', (code, signal) => done({ status: code ?? -1, out, err: signal ?? err })),
  );
}

describe('concord federate', () => {
  const folder = temporaryFolder();
  const header = 'subject,scanner,age,sex,left_cuneus,right_cuneus,left_insula';
  // Scanner "shared" is used by both; hospital Süd has one more of its own.
  const rows = Array.from({ length: 90 }, (_, row) => {
    const south = row % 2 === 0;
    const scanner = row % 3 === 0 ? 'shared' : south ? (row % 4 === 0 ? 's1' : 's2') : 'n1';
    const age = 20 + ((row * 37) % 55) + 0.5;
    const values = [0, 1, 2].map((w) => (2.5 - age / 100 + scanner.length / 20 + noise(row, w)).toFixed(4));
    const cells = [`p${row}`, scanner, age, (row * 7) % 5 < 2 ? 'F' : 'M', ...values].join(',');
    return { south, cells };
  });
  const table = (which: (south: boolean) => boolean): string =>
    `${[header, ...rows.filter(({ south }) => which(south)).map(({ cells }) => cells)].join('\n')}\n`;
  const path = (name: string): string => folder.path(name);
  const site = ['--site', 'scanner'];
  const hospital = (name: string): string[] => [path(`${name}.csv`), '--folder', path(name), ...site];
  const contribute = (step: string, name: string, ...words: string[]): Promise<Outcome> =>
    concord('federate', 'contribute', path(`study/${step}.json`), ...hospital(name), ...words);
  const combine = (...names: string[]): Promise<Outcome> =>
    concord('federate', 'combine', path('study'), ...names);

  it('says what may be wrong with a table before anything of it is given away', async () => {
    const doubtful = table((south) => south).replace(/^(p4,\w+),[\d.]+/m, '$1,999');
    writeFileSync(path('early.csv'), doubtful.replaceAll(/^p(\d+)/gm, 's$1_MR1'));
    await concord('federate', 'init', path('early'), '--hospitals', 'one,two', '--preserve', 'age,sex');
    const words = ['--folder', path('mine'), ...site, '--hospital', 'one', '--preview'];
    const said = await concordOutput(
      'federate',
      'contribute',
      path('early/study.json'),
      path('early.csv'),
      ...words,
    );
    const warned = said.indexOf('warning: ');
    assert.match(said, /45 subjects, 3 features/);
    assert.match(said, /warning: .*age.*999/);
    assert.ok(warned !== -1 && warned < said.indexOf('discloses'), said);
  });

  it('harmonizes as concord harmonize would all tables joined; a hospital that was killed continues', async () => {
    writeFileSync(
      path('sued.csv'),
      table((south) => south),
    );
    writeFileSync(
      path('north.csv'),
      table((south) => !south),
    );
    writeFileSync(
      path('joined.csv'),
      table(() => true),
    );
    const init = [
      'federate',
      'init',
      path('study'),
      '--hospitals',
      'Süd,North',
      '--preserve',
      'age,sex',
      '--unit',
      'age=years',
    ];
    const begun = await inProcess(init);
    assert.equal(begun.status, 0, begun.err);
    assert.match(begun.out, /fingerprint of your key:\n {2}([0-9a-f]{4} ){7}/);
    if (process.platform !== 'win32') assert.equal(statSync(path('study/private.key')).mode & 0o777, 0o600);

    const first = [
      'federate',
      'contribute',
      path('study/study.json'),
      ...hospital('sued'),
      '--hospital',
      'Süd',
    ];
    // Killed when all is there but the answer: the first file that the hospital would send.
    const kill = folder.write(
      'kill.cjs',
      `const files = require('node:fs/promises');
       for (const name of ['rename', 'link']) {
         const real = files[name];
         files[name] = (from, to) => (/counts/.test(to) ? process.kill(process.pid, 'SIGKILL') : real(from, to));
       }`,
    );
    assert.equal((await inProcess(first, ['--require', kill])).err, 'SIGKILL');
    assert.ok(existsSync(path('sued/state.json')) && !existsSync(path('sued/Süd-counts.json')));
    const resumed = await inProcess(first);
    assert.equal(resumed.status, 0, resumed.err);
    assert.match(resumed.out, /site "shared": 15 scans of 15 persons/);
    assert.equal((await contribute('study', 'north', '--hospital', 'North')).status, 0);

    const [south, north] = [path('sued/Süd-counts.json'), path('north/North-counts.json')];
    assert.match((await combine(south)).out, /answers of "North" are awaited/);
    const unsaid = await combine(north);
    assert.match(unsaid.err, /site "shared" is in the tables of "Süd", "North" \(.*--shared-sites shared/);
    assert.equal((await combine('--shared-sites', 'shared')).status, 0);
    for (const [step, answered] of [
      ['plan', 'sums'],
      ['fit', 'squares'],
    ] as const) {
      for (const name of ['sued', 'north']) {
        const sent = await contribute(step, name);
        assert.equal(sent.status, 0, sent.err);
        assert.match(sent.out, /This message \(\d+ kB\) discloses:\n {2}- /);
      }
      const taken = await combine(path(`sued/Süd-${answered}.json`), path(`north/North-${answered}.json`));
      assert.equal(taken.status, 0, taken.err);
    }
    const finish = [
      'federate',
      'finish',
      path('study/result.json'),
      ...hospital('north'),
      '--out',
      path('north/out'),
    ];
    const finished = await concordOutput(...finish);
    assert.match(finished, /harmonized 45 subjects, 3 features, by a model of 4 sites/);

    const [cohort, joined] = await Promise.all(
      ['north/out/harmonized.csv', 'joined.csv'].map((name) =>
        sdk.loadTable(path(name), { site: 'scanner', covariates: ['age', 'sex'], features: /_/ }),
      ),
    );
    const options = { preserve: ['age', 'sex'] };
    const model = await sdk.fitCombat(joined, options);
    const wanted = await sdk.applyCombat(model, joined);
    const place = new Map(wanted.features.subjects.map((id, row) => [id, row]));
    cohort.features.values.forEach((value, at) => {
      const row = place.get(cohort.features.subjects[Math.floor(at / 3)]) ?? -1;
      const other = wanted.features.values[row * 3 + (at % 3)];
      assert.ok(Math.abs(value - other) <= 1e-12 * model.pooledSd[at % 3], `${value} ${other}`);
    });
    // An ordinary model: it is sealed, and remembers how the hospital's table was read.
    await concordOutput(
      'apply',
      path('north/out/model.json'),
      path('north.csv'),
      '--out',
      path('north/again'),
      '--no-report',
    );
    assert.equal(
      readFileSync(path('north/again/harmonized.csv'), 'utf8'),
      readFileSync(path('north/out/harmonized.csv'), 'utf8'),
    );
    assert.match((await combine(south)).err, /the study has its result/);
  });

  it('answers a round once, with one table, and takes no answer twice', async () => {
    assert.match((await contribute('plan', 'sued')).out, /written: /, 'the same answer again');
    writeFileSync(path('other.csv'), table((south) => south).replace('2.', '3.'));
    const other = await concord(
      'federate',
      'contribute',
      path('study/plan.json'),
      path('other.csv'),
      '--folder',
      path('sued'),
      ...site,
    );
    assert.match(
      other.err,
      /the table differs from that of the first answer: .*begin anew in another folder/,
    );
    const alone = await concord(
      'federate',
      'contribute',
      path('study/fit.json'),
      path('north.csv'),
      '--folder',
      path('new'),
      ...site,
    );
    assert.match(
      alone.err,
      /the messages before round 3 are not in .*\(answer the study from its first message on/,
    );
    assert.ok(!existsSync(path('new')));
    const edited = JSON.parse(readFileSync(path('study/fit.json'), 'utf8')) as {
      content: { columnMeans: number[] };
    };
    edited.content.columnMeans[0]++;
    mkdirSync(path('edited'));
    writeFileSync(path('edited/fit.json'), JSON.stringify(edited));
    const refused = await concord('federate', 'contribute', path('edited/fit.json'), ...hospital('north'));
    assert.match(
      refused.err,
      /^concord: refused message: the coordinator's "fit" of round 3 was edited or damaged since it was signed/,
    );
    assert.equal(refused.status, 1);
  });

  it('begins a study with curves, whose knots are agreed on; no option is passed over', async () => {
    const init = (...words: readonly string[]): Promise<Outcome> =>
      concord('federate', 'init', path(`curves${words.length}`), '--hospitals', 'A,B', ...words);
    const curved = [
      '--smooth',
      'age:sex',
      '--knots',
      'age=25:70:6',
      '--unit',
      'age=years',
      '--smoothing',
      'gcv',
    ];
    assert.match((await init(...curved)).out, /age has a curve for each sex with 4 knots from 25 to 70\n/);
    const { content } = JSON.parse(readFileSync(path('curves8/study.json'), 'utf8')) as {
      content: { preserve: unknown };
    };
    assert.deepEqual(content.preserve, [
      { name: 'age', kind: 'continuous', unit: 'years' },
      { name: 'sex', kind: 'categorical' },
    ]);
    for (const [words, says] of [
      [['--smooth', 'age'], /missing knots of age: .*--knots NAME=FIRST:LAST/],
      [['--preserve', 'age', '--knots', 'age=25:70'], /invalid knots: "age" has no curve .*--smooth/],
      [['--smooth', 'age', '--knots', 'age=25'], /NAME=FIRST:LAST is allowed/],
      [['--scale-covariates', 'age'], /unsupported covariates of scale: .*--scale-covariates/],
      [['--smoothing', 'kfold', '--smooth', 'age', '--robust'], /kfold draws scans/],
      [['--unit', 'agee=years', '--preserve', 'age', '--mean-only'], /unknown covariate: "agee"/],
    ] as const) {
      assert.match((await init(...words)).err, says);
      assert.ok(!existsSync(path(`curves${words.length}/study.json`)));
    }
  });

  it('takes the same command again where it was interrupted before all was written', async () => {
    const study = path('full');
    const [south, north] = [true, false].map((of) => table((one) => one === of));
    writeFileSync(path('sued.csv'), south);
    writeFileSync(path('gaps.csv'), north.replace(/^(p1,.*,)[\d.]+$/m, '$1'));
    await concordOutput('federate', 'init', study, '--hospitals', 'sued,gaps', '--preserve', 'age');
    assert.match(
      (await concord('federate', 'init', study, '--hospitals', 'x,y')).err,
      /study\.json: the folder has a study already \(.*another study in a new folder\)/,
    );
    const sent: string[] = [];
    for (const name of ['sued', 'gaps']) {
      const own = [path(`${name}.csv`), '--folder', path(`full-${name}`), ...site, '--hospital', name];
      const said = await concordOutput('federate', 'contribute', join(study, 'study.json'), ...own);
      // What cannot be repaired after the first answer is said before it.
      const warning =
        /warning: round 2 would be refused with this table: too few persons lack left_insula: 1 of .*--differences disclose/;
      assert.equal(warning.test(said), name === 'gaps', said);
      sent.push(path(`full-${name}/${name}-counts.json`));
    }
    const combineAll = ['federate', 'combine', study, ...sent, '--shared-sites', 'shared'];
    const full = folder.write(
      'full.cjs',
      `const files = require('node:fs/promises');
       const real = files.writeFile;
       files.writeFile = async (to, ...rest) => {
         if (!String(to).includes(process.env.FULL)) return real(to, ...rest);
         throw Object.assign(new Error('full'), { code: 'ENOSPC' });
       };`,
    );
    for (const file of ['hospital-2-counts.json', 'plan.json']) {
      process.env['FULL'] = file.replace('.json', '');
      const stopped = await inProcess(combineAll, ['--require', full]);
      assert.equal(stopped.status, 1);
      assert.match(stopped.err, /the disk is full: make room/);
      assert.ok(stopped.err.includes(`${file}: `), stopped.err);
      assert.ok(!existsSync(join(study, 'plan.json')));
    }
    delete process.env['FULL'];
    const done = await concordOutput(...combineAll);
    assert.match(
      done,
      /here already: the "counts" of "sued" in round 1\nhere already: the "counts" of "gaps"/,
    );
    assert.match(done, /written: .*plan\.json/);
    assert.match(
      (await concord(...combineAll)).err,
      /"counts" of "sued" in round 1 is here already: .*leave it out/,
    );
  });

  it('goes on without a hospital that is lost, and takes it in again', async () => {
    const study = path('lost');
    const part = (name: string, words: readonly string[]): Promise<Outcome> =>
      concord(
        'federate',
        'contribute',
        join(study, words[0]),
        path(`${name}.csv`),
        '--folder',
        path(`lost-${name}`),
        ...site,
        ...words.slice(1),
      );
    const give = (...words: string[]): Promise<Outcome> => concord('federate', 'combine', study, ...words);
    const sent = (name: string, step: string): string => path(`lost-${name}/${name}-${step}.json`);
    writeFileSync(
      path('east.csv'),
      table((south) => !south)
        .replaceAll(',n1,', ',e1,')
        .replaceAll(',shared,', ',e2,')
        .replaceAll('\np', '\nq'),
    );
    await concordOutput('federate', 'init', study, '--hospitals', 'sued,north,east', '--preserve', 'age');
    for (const name of ['sued', 'north', 'east']) {
      await part(name, ['study.json', '--hospital', name]);
      await give(sent(name, 'counts'), ...(name === 'east' ? ['--shared-sites', 'shared'] : []));
    }
    for (const name of ['sued', 'north']) await part(name, ['plan.json']);
    const without = await give(sent('sued', 'sums'), sent('north', 'sums'), '--drop', 'east');
    assert.match(without.out, /without "east"\n[^]*"sued", "north" together\n/);
    for (const name of ['sued', 'north']) await part(name, ['fit.json']);
    assert.match((await give(sent('sued', 'squares'))).out, /answers of "north" are awaited/);
    // The lost one is back: the round begins anew, and squares about the earlier fit are stale.
    await part('east', ['plan.json']);
    assert.match((await give(sent('east', 'sums'))).out, /written: .*fit\.json/);
    const stale = await give(sent('north', 'squares'));
    assert.match(stale.err, /"squares" of "north" in round 3 is stale/);
    assert.match(
      (await part('sued', ['fit.json'])).err,
      /round 3 was answered before, to another request \(.*--again/,
    );
    for (const name of ['sued', 'north']) await part(name, ['fit.json', '--again']);
    await part('east', ['fit.json']);
    const done = await give(...['sued', 'north', 'east'].map((name) => sent(name, 'squares')));
    assert.match(done.out, /effects of covariates and of each of 6 sites/);
    assert.deepEqual(
      readdirSync(study)
        .filter((name) => name.endsWith('.json'))
        .sort(),
      ['fit.json', 'plan.json', 'result.json', 'state.json', 'study.json'],
    );
  });
});
