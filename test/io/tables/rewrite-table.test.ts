import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { takeSubjects, withFeatures } from '../../../sdk/data/cohort';
import { provenanceStep } from '../../../sdk/data/provenance';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { rewriteTable } from '../../../sdk/io/tables/rewrite-table';
import { writeTable } from '../../../sdk/io/tables/write-table';
import { sharedData } from '../../support/shared-data';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';

const source =
  'code,subject,scanner,note,x,y\n' +
  '007,a,HH,"fine, ""really""",1.50,2\n' +
  '008,b,Guys,, 2.5 ,n/a\n' +
  '009,c,HH,two\tcells,3,4e0\n';

/** The cohort with every number changed by `change`. */
function changed(cohort: FeatureCohort, change: (value: number, at: number) => number): FeatureCohort {
  const features = { ...cohort.features, values: cohort.features.values.map(change) };
  return withFeatures(cohort, features, provenanceStep('test', {}));
}

describe('rewriteTable', () => {
  const folder = temporaryFolder();
  const load = (path: string): Promise<FeatureCohort> =>
    loadTable(path, { site: 'scanner', features: 'x,y' });

  it('changes the cells of the features and nothing else', async () => {
    const path = folder.write('a.csv', source);
    const after = changed(await load(path), (value) => value / 3);
    const target = folder.path('b.csv');
    assert.deepEqual(await rewriteTable(after, target, { source: path }), {
      path: target,
      rows: 3,
      leftOut: 0,
      madeMissing: 0,
    });
    assert.equal(
      readFileSync(target, 'utf8'),
      'code,subject,scanner,note,x,y\n' +
        '007,a,HH,"fine, ""really""",0.5,0.6666666666666666\n' +
        '008,b,Guys,,0.8333333333333334,n/a\n' +
        '009,c,HH,two\tcells,1,1.3333333333333333\n',
    );
    const back = await load(target);
    assert.deepEqual(back.features.values, after.features.values);
  });

  it('keeps the text of numbers that did not change', async () => {
    const path = folder.write('a.csv', source);
    const target = folder.path('same.csv');
    await rewriteTable(await load(path), target, { source: path });
    assert.equal(readFileSync(target, 'utf8'), source.replace(' 2.5 ', '" 2.5 "'));
  });

  it('matches rows by id, whatever the order of the cohort, and counts the rows it leaves out', async () => {
    const path = folder.write('a.csv', source);
    const some = takeSubjects(
      changed(await load(path), (value) => value + 10),
      [2, 0],
    );
    const target = folder.path('some.csv');
    const written = await rewriteTable(some, target, { source: path });
    assert.deepEqual([written.rows, written.leftOut], [2, 1]);
    const rows = readFileSync(target, 'utf8').trimEnd().split('\n').slice(1);
    assert.deepEqual(
      rows.map((row) => row.split(',').slice(-2)),
      [
        ['11.5', '12'],
        ['13', '14'],
      ],
    );
  });

  it('writes a number that became missing as missing, and counts it', async () => {
    const path = folder.write('a.csv', source);
    const after = changed(await load(path), (value, at) => (at === 4 ? NaN : value));
    const target = folder.path('missing.csv');
    assert.equal((await rewriteTable(after, target, { source: path })).madeMissing, 1);
    assert.match(readFileSync(target, 'utf8'), /009,c,HH,two\tcells,NA,4e0\n$/);
  });

  it('rewrites Parquet and tab-separated sources as CSV', async () => {
    const cohort = await load(folder.write('a.csv', source));
    await writeTable(cohort, folder.path('a.parquet'));
    const after = changed(cohort, (value) => value * 2);
    const target = folder.path('from-parquet.csv');
    await rewriteTable(after, target, { source: folder.path('a.parquet') });
    assert.equal(readFileSync(target, 'utf8'), 'participant_id,site,x,y\na,HH,3,4\nb,Guys,5,\nc,HH,6,8\n');
    const tabs = folder.write('a.tsv', 'id\tx\ty\na\t1\t2\nb\t3\t4\nc\t5\t6\n');
    await rewriteTable(after, folder.path('out.tsv'), { source: tabs });
    assert.equal(readFileSync(folder.path('out.tsv'), 'utf8'), 'id\tx\ty\na\t3\t4\nb\t5\tn/a\nc\t6\t8\n');
  });

  it('refuses what does not fit, and leaves no file behind', async () => {
    const path = folder.write('a.csv', source);
    const cohort = await load(path);
    const target = folder.path('not-written.csv');
    const fewer = folder.write('fewer.csv', source.replace(/008.*\n/, ''));
    await rejectsWith(rewriteTable(cohort, target, { source: fewer }), {
      code: 'invalid-option',
      says: ['fewer.csv', 'no row for 1 subject of', '"b"'],
    });
    const twice = folder.write('twice.csv', `${source}010,a,HH,,1,1\n`);
    await rejectsWith(rewriteTable(cohort, target, { source: twice }), {
      code: 'duplicate-id',
      says: ['row 5', 'row 2', '"a"'],
    });
    const without = folder.write('without.csv', source.replace('x,y', 'x,z'));
    await rejectsWith(rewriteTable(cohort, target, { source: without }), {
      code: 'unknown-column',
      says: ['"y"'],
    });
    await rejectsWith(rewriteTable(cohort, folder.path('t.parquet'), { source: path }), {
      code: 'unsupported-format',
      says: ['.csv'],
    });
    const there = folder.write('there.csv', 'precious');
    await rejectsWith(rewriteTable(cohort, there, { source: path }), { code: 'file-exists', says: [there] });
    assert.ok(!existsSync(target));
    assert.deepEqual(
      readdirSync(dirname(target)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('never replaces its own source, however it is named and whatever it is asked', async () => {
    const path = folder.write('own.csv', source);
    const after = changed(await load(path), (value) => value / 3);
    const link = folder.path('link.csv');
    symlinkSync(path, link);
    mkdirSync(folder.path('sub'));
    const around = `${folder.path('sub')}/../own.csv`;
    const pairs = [
      [path, path],
      [path, link],
      [link, path],
      [path, around],
      [path, relative(process.cwd(), path)],
    ];
    for (const [from, to] of pairs) {
      await rejectsWith(rewriteTable(after, to, { source: from, overwrite: true }), {
        code: 'invalid-option',
        says: [to, 'never overwritten'],
        where: { file: to },
      });
      assert.equal(readFileSync(path, 'utf8'), source);
      assert.ok(lstatSync(link).isSymbolicLink());
    }
  });

  it('gives the IXI table back as it was when nothing changed (skipped without the shared data)', async function () {
    const path = sharedData('tables/ixi_ants_dkt_thickness.csv');
    if (path === undefined) skipWithout(this, 'real data');
    const target = folder.path('ixi.csv');
    const cohort = await loadTable(path, { features: 'left.*,right.*' });
    const written = await rewriteTable(cohort, target, { source: path });
    assert.equal(written.rows, 559);
    assert.equal(readFileSync(target, 'utf8'), readFileSync(path, 'utf8').replaceAll('\r\n', '\n'));
  });
});
