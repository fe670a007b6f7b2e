import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { categorical } from '../../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { loadTable } from '../../../sdk/io/tables/load-table';
import type { LoadTableOptions } from '../../../sdk/io/tables/table-options';
import { writeTable } from '../../../sdk/io/tables/write-table';
import { version } from '../../../sdk/version';
import { rejectsWith } from '../rejects-with';
import { bitsOf, awkwardCohort } from '../awkward-cohort';
import { temporaryFolder } from '../../support/temporary-folder';

const asWritten: LoadTableOptions = {
  covariates: [
    { name: 'age', kind: 'continuous', unit: 'years' },
    { name: 'sex', kind: 'categorical' },
    { name: 'scanner', kind: 'categorical' },
  ],
  features: ['left.a', 'right, "b"', 'c (mm)'],
};

describe('writeTable', () => {
  const folder = temporaryFolder();

  for (const name of ['t.csv', 't.tsv', 't.csv.gz', 't.TSV.GZ', 't.parquet']) {
    it(`writes ${name} so that loadTable reads the same bits`, async () => {
      const cohort = awkwardCohort();
      const path = folder.path(name);
      assert.deepEqual(await writeTable(cohort, path, { overwrite: true }), {
        path,
        sidecar: folder.path(`${name}.json`),
        rows: 4,
      });
      const back = await loadTable(path, asWritten);
      assert.deepEqual(bitsOf(back.features.values), bitsOf(cohort.features.values));
      assert.deepEqual(back.features.features, cohort.features.features);
      assert.deepEqual(back.participants, cohort.participants);
    });
  }

  it('writes more rows than one Parquet row group holds', async () => {
    const ids = Array.from({ length: 2500 }, (_, at) => `s${at}`);
    const values = Float64Array.from(ids, (_, at) => (at % 7 === 0 ? NaN : Math.sin(at)));
    const sites = ids.map((_, at) => (at % 2 ? 'A' : 'B'));
    const cohort = makeFeatureCohort(makeParticipants(ids, sites), makeFeatureMatrix(values, ids, ['x']));
    const path = folder.path('long.parquet');
    await writeTable(cohort, path);
    assert.deepEqual(bitsOf((await loadTable(path)).features.values), bitsOf(values));
  });

  it('writes NA into CSV and n/a into TSV, as R and BIDS understand it', async () => {
    await writeTable(awkwardCohort(), folder.path('m.csv'), { overwrite: true });
    await writeTable(awkwardCohort(), folder.path('m.tsv.gz'), { overwrite: true });
    const csv = readFileSync(folder.path('m.csv'), 'utf8');
    assert.equal(csv.split('\n')[0], 'participant_id,site,age,sex,scanner,left.a,"right, ""b""",c (mm)');
    assert.equal(csv.split('\n')[2], '"s,2",A;B,NA,F,10,NA,1e+21,1.7976931348623157e+308');
    const tsv = gunzipSync(readFileSync(folder.path('m.tsv.gz'))).toString();
    assert.equal(tsv.split('\n')[2], 's,2\tA;B\tn/a\tF\t10\tn/a\t1e+21\t1.7976931348623157e+308');
  });

  it('writes a sidecar with units, levels, the missing marker and the provenance', async () => {
    const cohort = awkwardCohort();
    const { sidecar } = await writeTable(cohort, folder.path('side.tsv'));
    assert.deepEqual(JSON.parse(readFileSync(sidecar, 'utf8')), {
      table: 'side.tsv',
      writtenBy: `concord-mri ${version}`,
      missing: 'n/a',
      subjects: 4,
      id: 'participant_id',
      site: 'site',
      sites: ['A\tB', 'A;B', 'Köln'],
      covariates: [
        { name: 'age', kind: 'continuous', unit: 'years' },
        { name: 'sex', kind: 'categorical', levels: ['F', 'M'] },
        { name: 'scanner', kind: 'categorical', levels: ['1.0', '10', '2'] },
      ],
      features: ['left.a', 'right, "b"', 'c (mm)'],
      provenance: [{ step: 'simulate', options: { subjects: 4 }, seed: 7, version }],
      issues: [],
    });
  });

  it('writes the same bytes twice', async () => {
    for (const name of ['twice.csv.gz', 'twice.parquet']) {
      await writeTable(awkwardCohort(), folder.path(name), { overwrite: true });
      const first = readFileSync(folder.path(name));
      await writeTable(awkwardCohort(), folder.path(name), { overwrite: true });
      assert.ok(first.equals(readFileSync(folder.path(name))));
    }
  });

  it('never overwrites the table or its sidecar unless asked to', async () => {
    const path = folder.write('there.csv', 'precious');
    await rejectsWith(writeTable(awkwardCohort(), path), {
      code: 'file-exists',
      says: [path, 'overwrite: true'],
      where: { file: path },
    });
    assert.equal(readFileSync(path, 'utf8'), 'precious');
    assert.ok(!existsSync(folder.path('there.csv.json')));
    folder.write('only-side.csv.json', '{}');
    await rejectsWith(writeTable(awkwardCohort(), folder.path('only-side.csv')), {
      code: 'file-exists',
      says: ['only-side.csv.json'],
    });
    assert.ok(!existsSync(folder.path('only-side.csv')));
  });

  it('replaces its own sidecar, and no other JSON file even when asked to overwrite', async () => {
    const cohort = awkwardCohort();
    const overwrite = { overwrite: true };
    const model = folder.write('combat.json', '{"kind":"combat"}');
    await writeTable(cohort, folder.path('combat.csv'), overwrite);
    await writeTable(cohort, folder.path('combat.tsv'), overwrite);
    assert.equal(readFileSync(model, 'utf8'), '{"kind":"combat"}');
    const sidecar = folder.path('combat.csv.json');
    assert.equal((JSON.parse(readFileSync(sidecar, 'utf8')) as { table: string }).table, 'combat.csv');
    await writeTable(cohort, folder.path('combat.csv'), overwrite);
    const others = [
      '{"kind":"combat"}',
      'no JSON',
      'null',
      `{"table":"combat.csv"}`,
      `{"table":"other.csv","writtenBy":"concord-mri ${version}"}`,
    ];
    for (const [i, contents] of others.entries()) {
      const path = folder.write(`kept${i}.csv.json`, contents.replace('combat.csv', `kept${i}.csv`));
      const before = readFileSync(path, 'utf8');
      await rejectsWith(writeTable(cohort, folder.path(`kept${i}.csv`), overwrite), {
        code: 'file-exists',
        says: [path, 'that Concord wrote', 'move it away'],
        where: { file: path },
      });
      assert.equal(readFileSync(path, 'utf8'), before);
      assert.ok(!existsSync(folder.path(`kept${i}.csv`)));
    }
  });

  it('refuses labels and names whose blanks would be lost in reading', async () => {
    const make = (id: string, site: string, level: string, names: readonly string[]): FeatureCohort =>
      makeFeatureCohort(
        makeParticipants([id, 'b'], [site, 'B'], [categorical(names[0], [level, 'F'])]),
        makeFeatureMatrix(Float64Array.of(1, 2), [id, 'b'], [names[1]]),
      );
    const cohort = make('a', 'A', 'M', ['sex', 'x']);
    await writeTable(cohort, folder.path('blanks.csv'), { overwrite: true });
    const bad: [FeatureCohort, string][] = [
      [make(' lead', 'A', 'M', ['sex', 'x']), '" lead"'],
      [make('a', 'A\t', 'M', ['sex', 'x']), '"A\\t"'],
      [make('a', 'A', 'F ', ['sex', 'x']), '"F "'],
      [make('a', 'A', 'M', ['sex ', 'x']), '"sex "'],
      [make('a', 'A', 'M', ['sex', ' x']), '" x"'],
    ];
    for (const [at, [one, said]] of bad.entries()) {
      const path = folder.path(`blanks${at}.parquet`);
      await rejectsWith(writeTable(one, path), { code: 'invalid-option', says: [said, 'rename it'] });
      assert.ok(!existsSync(path));
    }
  });

  it('refuses other extensions and columns that could not be read back', async () => {
    await rejectsWith(writeTable(awkwardCohort(), folder.path('t.xlsx')), {
      code: 'unsupported-format',
      says: ['t.xlsx', '.parquet'],
    });
    const ids = ['a', 'b'];
    const named = (feature: string, site = 'A'): ReturnType<typeof awkwardCohort> =>
      makeFeatureCohort(
        makeParticipants(ids, [site, 'B']),
        makeFeatureMatrix(Float64Array.of(1, 2), ids, [feature]),
      );
    await rejectsWith(writeTable(named('site'), folder.path('u.csv')), {
      code: 'invalid-option',
      says: ['duplicate column: "site"'],
    });
    await rejectsWith(writeTable(named('x', 'NA'), folder.path('u.csv')), {
      code: 'invalid-option',
      says: ['"NA" marks a missing value'],
    });
  });

  it('leaves no temporary file behind', async () => {
    await rejectsWith(writeTable(awkwardCohort(), folder.path('absent/t.csv')), {
      code: 'unwritable-file',
      says: ['the folder does not exist'],
    });
    assert.deepEqual(
      readdirSync(dirname(folder.path('t.csv'))).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });
});
