import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { makeRandom } from '../../../sdk/math/random';
import { mapStudy, mghNumbers, mghStackBytes } from '../../maps/map-study';
import { triangleBytes } from '../../support/made-surface';
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
      return [id, site, `person-${Math.floor(row / 3)}`, years, level, ...own].join(',');
    });
    writeFileSync(path('scans.csv'), ['id,scanner,who,age,sex,lh,rh', ...rows, ''].join('\n'));
    // The right hemispheres of all scans in one file.
    const stack = mghStackBytes(entries.map(({ files }) => mghNumbers(files['rh'])));
    writeFileSync(path('in/rh.stack.mgh'), stack);
    const stacked = rows.map((row) => row.replace(/[^,]*$/, 'in/rh.stack.mgh'));
    writeFileSync(path('stacked.csv'), ['id,scanner,who,age,sex,lh,rh', ...stacked, ''].join('\n'));
    writeFileSync(path('one.csv'), ['id,scanner,who,age,sex,lh,rh', rows[3], ''].join('\n'));
  });
  const words = (out: string, ...others: string[]): string[] => wordsOf('scans.csv', out, ...others);
  const wordsOf = (table: string, out: string, ...others: string[]): string[] => [
    ...['maps', 'harmonize', path(table), '--files', 'lh,rh', '--site', 'scanner'],
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

  it('keeps what sets persons apart, with the method for that, and takes it from the model', async () => {
    const visits = ['--method', 'longitudinal', '--person', 'who'];
    assert.match(
      await concordOutput(...words('visits', ...visits, '--residual-variance', 'msr')),
      /harmonized the maps of 24 scans.* of which 15 are as before.*all scans of a person have the same value/s,
    );
    const other = ['--files', 'lh,rh', '--site', 'scanner', '--root', path('in')];
    await concordOutput(
      ...[
        'maps',
        'apply',
        path('visits'),
        path('one.csv'),
        ...other,
        '--person',
        'who',
        '--out',
        path('again'),
      ],
    );
    assert.deepEqual(
      readFileSync(path('again/sub-04/lh.thickness.mgh')),
      readFileSync(path('visits/sub-04/lh.thickness.mgh')),
    );
    const alone = await concord(...words('x', '--random-slope', 'age'));
    assert.match(alone.err, /invalid randomSlope: .*leave it out, or choose --method longitudinal/);
    const unknown = await concord(
      ...[
        'maps',
        'apply',
        path('whole'),
        path('one.csv'),
        ...other,
        '--unseen-persons',
        'zero',
        '--out',
        path('x'),
      ],
    );
    assert.match(unknown.err, /the model has no effects of persons/);
  });

  it('draws the maps of effects on surfaces, with the run and after it', async () => {
    // A strip around a ball, with as many vertices as the maps of lh have.
    const strip = (vertices: number): Buffer => {
      const points = Float32Array.from({ length: 3 * vertices }, (_, at) => {
        const vertex = Math.floor(at / 3);
        const up = 1 - (2 * vertex + 1) / vertices;
        const around = Math.sqrt(1 - up * up);
        return [30 * around * Math.cos(vertex), 80 * around * Math.sin(vertex), 50 * up][at % 3];
      });
      const corners = (vertex: number): readonly number[] => [vertex, vertex + 1, vertex + 2];
      const triangles = Int32Array.from(Array.from({ length: vertices - 2 }, (_, v) => corners(v)).flat());
      return triangleBytes({ points, triangles });
    };
    writeFileSync(path('lh.inflated'), strip(70));
    writeFileSync(path('lh.other'), strip(64));
    const lh = ['maps', 'harmonize', path('scans.csv'), '--files', 'lh', '--site', 'scanner'];
    const other = await concord(...lh, '--out', path('x'), '--surface', `lh=${path('lh.other')}`);
    assert.match(
      other.err,
      /different grids: .*lh\.thickness\.mgh has 70 vertices, and the surface of "lh" 64/,
    );
    assert.equal(existsSync(path('x')), false);
    const surface = ['--surface', `lh=${path('lh.inflated')}`, '--map-unit', 'mm'];
    const said = await concordOutput(...lh, '--person', 'who', '--out', path('drawn'), ...surface);
    assert.match(said, /24 maps, 8 maps of effects and 11 figures of them/);
    const persons = /24 scans of 8 persons: maps of F of site compare sites within persons, 8 of 8/;
    assert.match(said, persons);
    assert.match(readFileSync(path('drawn/effects/site-f.html'), 'utf8').slice(0, 100_000), persons);
    const pages = ['site-f.html', 'shift.html', 'factor.html'];
    const drawn = readdirSync(path('drawn/effects')).filter((name) => !name.endsWith('.mgh'));
    const pictures = ['Guys', 'HH', 'IOP'].flatMap((site) => [`${site}-shift.png`, `${site}-factor.png`]);
    const expected = [...pages, ...pictures, 'site-f-before.png', 'site-f-after.png'];
    assert.deepEqual(drawn.sort(), expected.sort());
    const page = readFileSync(path('drawn/effects/shift.html'), 'utf8');
    // Coordinates are in the page once, triangles and numbers of vertices, colored and gray, too; values of three sites.
    assert.equal(page.match(/id="numbers-\d+"/g)?.length, 3 + 5 + 5 + 3);
    const unpacked = [...page.matchAll(/id="numbers-\d+">([^<]*)</g)].map(([, text]) =>
      gunzipSync(Buffer.from(text, 'base64')),
    );
    const vertices = new Set(unpacked.flatMap((bytes) => [...new Int32Array(new Uint8Array(bytes).buffer)]));
    for (let vertex = 0; vertex < 70; vertex++) assert.ok(vertices.has(vertex));
    assert.match(page, /Guys: shift \(same colors for all sites\)/);
    assert.match(page, /gray: 8 of 70 vertices \(left as it was\)/);
    const record = readFileSync(path('drawn/provenance.json'), 'utf8');
    assert.ok(record.includes('"lh": "lh.inflated"') && !record.includes(path('')));
    const draw = ['maps', 'draw', path('drawn'), ...surface];
    assert.match((await concord(...draw)).err, /file exists: .*site-f\.html.*--overwrite/);
    const before = expected.map((name) => readFileSync(path(`drawn/effects/${name}`)));
    assert.match(await concordOutput(...draw, '--overwrite'), /11 figures/);
    expected.forEach((name, at) => {
      assert.ok(readFileSync(path(`drawn/effects/${name}`)).equals(before[at]), name);
    });
  });

  it('says which surface is missing, or of another part', async () => {
    const stray = await concord(...words('x', '--surface', 'left=lh.inflated'));
    assert.match(stray.err, /'--surface' has "left", and the parts are "lh", "rh"/);
    const missing = await concord(...words('x', '--surface', 'lh=lh.inflated'));
    assert.match(missing.err, /'--surface' has no file for "rh"/);
    assert.equal(missing.status, 2);
    assert.match((await concord(...words('x', '--surface', 'lh.inflated'))).err, /NAME=FILE is allowed/);
    assert.match((await concord(...words('x', '--map-unit', 'mm'))).err, /goes with --surface/);
    const none = await concord('maps', 'draw', path('killed'), '--surface', 'lh=a,rh=b');
    assert.match(none.err, /cannot read|missing/);
  });

  it('killed at any moment it continues, and comes to the same files, of a part as stack too', async () => {
    const random = makeRandom(Number(process.env['CONCORD_TEST_SEED'] ?? 5));
    const small = wordsOf('stacked.csv', 'killed', '--mem-mb', '0.002', '--resume');
    // As soon as it reads and as it writes; then at moments by chance. The last run is left alone, however slow the machine is.
    const begun = [path('killed.unfinished/journal.json'), path('killed/rh.stack.mgh.unfinished')];
    let killed = 0;
    for (const moment of [...begun, 200 + 400 * random.uniform(), undefined]) {
      const child = spawn(process.execPath, [command, ...small], { stdio: 'ignore' });
      const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
      if (typeof moment === 'number') await Promise.race([ended, wait(moment)]);
      while (typeof moment === 'string' && child.exitCode === null && !existsSync(moment)) await wait(2);
      if (moment !== undefined) child.kill('SIGKILL');
      const code = await ended;
      if (code === null) {
        killed++;
        continue;
      }
      assert.equal(code, 0);
      break;
    }
    assert.ok(killed >= 2, `killed ${killed} times`);
    assert.ok(existsSync(path('killed/model.json')));
    const left = readdirSync(path(''), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => name.includes('unfinished')),
      [],
    );
    const whole = maps('whole').filter((name) => !name.startsWith('effects'));
    const single = whole.filter((name) => !name.endsWith('rh.thickness.mgh'));
    assert.deepEqual(maps('killed'), ['rh.stack.mgh', ...single].sort());
    for (const name of single)
      assert.deepEqual(
        readFileSync(join(path('killed'), name)),
        readFileSync(join(path('whole'), name)),
        name,
      );
    const right = whole.filter((name) => name.endsWith('rh.thickness.mgh'));
    assert.ok(
      readFileSync(path('killed/rh.stack.mgh')).equals(
        mghStackBytes(right.map((name) => mghNumbers(join(path('whole'), name)))),
      ),
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
