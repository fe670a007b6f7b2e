import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeRandom } from '../../../sdk/math/random';
import { mapStudy } from '../../maps/map-study';
import { concord, concordOutput } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

const command = resolve(__dirname, '../../../sdk/bin/concord.js');

describe('concord maps', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => folder.path(name);
  before(() => {
    const { entries, cohort } = mapStudy(path('in'));
    const [age, sex] = cohort.participants.covariates;
    const rows = entries.map(({ id, site, files }, row) => {
      const level = sex.kind === 'categorical' ? sex.levels[sex.codes[row]] : '';
      const years = age.kind === 'continuous' ? age.values[row] : '';
      const own = Object.values(files).map((file) => relative(path(''), file));
      return [id, site, years, level, ...own].join(',');
    });
    writeFileSync(path('scans.csv'), ['id,scanner,age,sex,lh,rh', ...rows, ''].join('\n'));
    writeFileSync(path('one.csv'), ['id,scanner,age,sex,lh,rh', rows[3], ''].join('\n'));
  });
  const words = (out: string, ...others: string[]): string[] => [
    ...['maps', 'harmonize', path('scans.csv'), '--files', 'lh,rh', '--site', 'scanner'],
    ...['--preserve', 'age,sex', '--out', path(out), ...others],
  ];
  const maps = (out: string): readonly string[] =>
    readdirSync(path(out), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.mgh') || name.endsWith('.safetensors'))
      .sort();

  it('harmonizes the maps that a table lists, and those of other scans by the model', async () => {
    const said = await concordOutput(...words('whole', '--effects', '--audit-vertices', '10'));
    assert.match(said, /harmonized the maps of 24 scans: 127 vertices \(lh, rh\), of which 14 are as before/);
    assert.match(said, /the audit is of 10 vertices of 113 .*choose more with --audit-vertices/s);
    for (const name of [
      'model.json',
      'provenance.json',
      'audit.json',
      'effects/lh.site-f-after.mgh',
      'sub-04/lh.thickness.mgh',
    ])
      assert.ok(existsSync(path(`whole/${name}`)), name);
    const record = readFileSync(path('whole/provenance.json'), 'utf8');
    assert.ok(!record.includes(path('')), 'places on this machine are in the record');
    const other = ['--files', 'lh,rh', '--site', 'scanner', '--root', path('in'), '--out', path('new')];
    await concordOutput('maps', 'apply', path('whole'), path('one.csv'), ...other);
    for (const name of ['lh', 'rh'])
      assert.deepEqual(
        readFileSync(path(`new/sub-04/${name}.thickness.mgh`)),
        readFileSync(path(`whole/sub-04/${name}.thickness.mgh`)),
      );
  });

  it('killed at any moment it continues, and comes to the same files', async () => {
    const random = makeRandom(Number(process.env['CONCORD_TEST_SEED'] ?? 5));
    const small = words('killed', '--mem-mb', '0.01', '--resume');
    let ends = 0;
    for (let run = 0; run < 40; run++) {
      const child = spawn(process.execPath, [command, ...small], { stdio: 'ignore' });
      const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
      // It takes part of a second to begin.
      const kill = new AbortController();
      const killed = wait(500 + 500 * random.uniform() + 250 * run, undefined, { signal: kill.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      const code = await ended;
      kill.abort();
      await killed;
      if (code === null) continue;
      assert.equal(code, 0);
      ends = run;
      break;
    }
    assert.ok(existsSync(path('killed/model.json')), `not finished after ${ends} runs`);
    assert.deepEqual(
      readdirSync(path('')).filter((name) => name.includes('unfinished')),
      [],
    );
    assert.deepEqual(
      maps('killed'),
      maps('whole').filter((name) => !name.startsWith('effects')),
    );
    for (const name of maps('killed'))
      assert.deepEqual(
        readFileSync(join(path('killed'), name)),
        readFileSync(join(path('whole'), name)),
        name,
      );
  });

  it('says what is wrong and what to do, in its own words', async () => {
    const covbat = await concord(...words('none', '--method', 'covbat'));
    assert.equal(covbat.status, 1);
    assert.match(covbat.err, /invalid method for maps: "covbat": CovBat is not done vertex by vertex/);
    const stray = await concord(...words('none', '--categorical', 'group'));
    assert.match(stray.err, /'--categorical' names "group", which --preserve does not/);
    const again = await concord(...words('whole'));
    assert.match(again.err, /file exists: .*--overwrite/);
    const site = await concord(
      'maps',
      'apply',
      path('whole'),
      path('one.csv'),
      '--files',
      'lh,rh',
      '--out',
      path('x'),
    );
    assert.match(site.err, /unknown site column: "site"/);
    const files = await concord(
      'maps',
      'harmonize',
      path('scans.csv'),
      '--files',
      'left',
      '--site',
      'scanner',
      '--out',
      path('x'),
    );
    assert.match(files.err, /left/);
    assert.equal(existsSync(path('x')), false);
  });
});
