import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import type { Issue } from '../../../sdk/data/issue';
import { loadTable } from '../../../sdk/io/tables/load-table';
import { sharedData } from '../../support/shared-data';
import { rejectsWith } from '../rejects-with';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';

const table = [
  'subject,site,age,sex,left.cuneus,right.cuneus,note',
  's1,HH,30.5,F,2.5,1e-3,fine',
  's2,Guys,41,M,-.25,+3.,',
  's3,HH,NA,F,n/a,0.1,moved',
  '',
].join('\n');

const messagesOf = (cohort: FeatureCohort, code: Issue['code']): readonly string[] =>
  cohort.issues.filter((issue) => issue.code === code).map(({ message }) => message);

/** What every writing of the small table must come to. */
function isSmallTable(cohort: FeatureCohort): void {
  assert.deepEqual(cohort.participants.ids, ['s1', 's2', 's3']);
  assert.deepEqual(cohort.participants.sites, ['HH', 'Guys', 'HH']);
  assert.deepEqual(cohort.features.features, ['left.cuneus', 'right.cuneus']);
  assert.deepEqual([...cohort.features.values], [2.5, 1e-3, -0.25, 3, NaN, 0.1]);
}

describe('loadTable', () => {
  const folder = temporaryFolder();

  it('reads a CSV file', async () => {
    const cohort = await loadTable(folder.write('a.csv', table), { covariates: ['age', 'sex'] });
    isSmallTable(cohort);
    const [age, sex] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    assert.deepEqual([...age.values], [30.5, 41, NaN]);
    assert.deepEqual(sex.levels, ['F', 'M']);
    assert.deepEqual([...sex.codes], [0, 1, 0]);
  });

  it('reports what was inferred, left out and missing', async () => {
    const cohort = await loadTable(folder.write('a.csv', table), { covariates: ['age', 'sex'] });
    assert.deepEqual(messagesOf(cohort, 'inferred-features'), [
      '2 numeric columns taken for features: "left.cuneus", "right.cuneus"',
    ]);
    assert.deepEqual(messagesOf(cohort, 'inferred-covariate'), [
      'covariate "age" taken as continuous',
      'covariate "sex" taken as categorical: "F", "M"',
    ]);
    assert.deepEqual(messagesOf(cohort, 'unused-column'), ['column "note" is not used: it holds text']);
    assert.match(messagesOf(cohort, 'missing-cells')[0], /^1 of 6 .*a\.csv, row 4, column "left\.cuneus"$/);
  });

  it('records what it did, without the folder', async () => {
    const options = { covariates: [{ name: 'age', unit: 'years' }], features: /cuneus/ };
    const { provenance } = await loadTable(folder.write('a.csv', table), options);
    assert.equal(provenance.length, 1);
    assert.equal(provenance[0].step, 'loadTable');
    assert.deepEqual(provenance[0].options, {
      file: 'a.csv',
      id: 'subject',
      site: 'site',
      covariates: [{ name: 'age', kind: 'continuous', unit: 'years' }],
      features: '/cuneus/',
      subjects: 3,
      featureCount: 2,
    });
  });

  const writings: Readonly<Record<string, string | Uint8Array>> = {
    'tabs.tsv': table.replaceAll(',', '\t'),
    'tabs-named.csv': table.replaceAll(',', '\t'),
    'semicolons.csv': table.replaceAll(',', ';'),
    'no-extension': table,
    'packed.csv.gz': gzipSync(table),
    'packed-unnamed.csv': gzipSync(table),
    'two-members.csv.gz': Buffer.concat([gzipSync(table.slice(0, 60)), gzipSync(table.slice(60))]),
    'windows.csv': table.replaceAll('\n', '\r\n'),
    'old-mac.csv': table.replaceAll('\n', '\r'),
    'no-last-line-end.csv': table.trimEnd(),
    'empty-lines.csv': table.replaceAll('\n', '\n\n'),
    'bom.csv': `\ufeff${table}`,
    'utf-16le.csv': Buffer.from(`\ufeff${table}`, 'utf16le'),
    'utf-16be.csv': Buffer.from(`\ufeff${table}`, 'utf16le').swap16(),
    'utf-16le.csv.gz': gzipSync(Buffer.from(`\ufeff${table}`, 'utf16le')),
    'quoted.csv': table.replaceAll(/[^,\n]+/g, '"$&"'),
    'blanks.csv': table.replaceAll(',', ' , '),
  };
  for (const [name, contents] of Object.entries(writings)) {
    it(`reads ${name}`, async () => {
      isSmallTable(await loadTable(folder.write(name, contents), { covariates: ['age', 'sex'] }));
    });
  }

  it('reads quoted cells with separators, quotes and line breaks, and counts lines as an editor does', async () => {
    const text = 'id,site,note,x\r\n"a,1","K ""U""","two\r\nlines\n!",1\r\nb,HH,,2\r\n\r\nc,HH,,3mm\r\n';
    const path = folder.write('quotes.csv', text.replace('3mm', '3'));
    const cohort = await loadTable(path);
    assert.deepEqual(cohort.participants.ids, ['a,1', 'b', 'c']);
    assert.deepEqual(cohort.participants.sites, ['K "U"', 'HH', 'HH']);
    await rejectsWith(loadTable(folder.write('quotes-bad.csv', text)), {
      code: 'invalid-number',
      says: ['row 7', '"3mm"'],
      where: { row: 7, column: 'x' },
    });
    const bad = text.replace(',1\r\n', ',1mm\r\n').replace('3mm', '3');
    await rejectsWith(loadTable(folder.write('quotes-bad-first.csv', bad), { features: 'x' }), {
      code: 'invalid-number',
      says: ['row 2', '"1mm"'],
    });
  });

  it('keeps characters that two chunks of the file share', async () => {
    const long = `id,site,x\n${'ä'.repeat(70001)},Köln,1\nb€,Þórshöfn,2\n`;
    for (const text of [long, ` ${long}`, `  ${long}`]) {
      const cohort = await loadTable(folder.write('umlauts.csv', text));
      assert.deepEqual(cohort.participants.sites, ['Köln', 'Þórshöfn']);
      assert.equal(cohort.participants.ids[0].length, 70001);
    }
  });

  it('reads a header longer than the first look at the file', async () => {
    const names = Array.from({ length: 9000 }, (_, at) => `vertex_${at}`);
    const row = (id: string, site: string): string =>
      `${id},${site},${names.map((_, at) => at / 7).join(',')}\n`;
    const text = `id,site,${names.join(',')}\n${row('a', 'X')}${row('b', 'Y')}`;
    const cohort = await loadTable(folder.write('wide.csv', text));
    assert.equal(cohort.features.features.length, 9000);
    assert.equal(cohort.features.values[17999], 8999 / 7);
  });

  it('holds no more room than the rows need, whatever the line ends', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const rows = Array.from({ length: 500 }, (_, at) => `s${at},${at % 2 ? 'A' : 'B'},${at}`);
      const path = folder.write('room.csv', `id,site,x${end}${rows.join(end)}${end}`);
      const { values } = (await loadTable(path, { features: 'x' })).features;
      assert.equal(values.length, 500);
      assert.deepEqual([values[0], values[250], values[499]], [0, 250, 499]);
      assert.ok(values.buffer.byteLength <= 8 * 500 * 1.34);
    }
  });

  it('takes more texts for missing when told, or others instead', async () => {
    const path = folder.write('codes.csv', 'id,site,x,y\na,A,-999,?\nb,B,-999.00,1\nc,B,NA,2\n');
    const cohort = await loadTable(path, { missing: ['-999', '?'], features: 'x,y' });
    assert.deepEqual([...cohort.features.values], [NaN, NaN, NaN, 1, NaN, 2]);
    await rejectsWith(loadTable(path, { missing: [{ marks: ['-999', '?'], only: true }], features: 'x,y' }), {
      code: 'invalid-number',
      says: ['row 4', '"NA"'],
    });
  });

  it('reports progress by bytes to the end of the file', async () => {
    const path = folder.write('progress.csv', table);
    const seen: number[] = [];
    await loadTable(path, { onProgress: ({ done, total }) => seen.push(done / total) });
    assert.equal(seen.at(-1), 1);
  });

  it('stops when told to', async () => {
    const path = folder.write('stop.csv', table);
    await rejectsWith(loadTable(path, { signal: AbortSignal.abort() }), { code: 'aborted', says: [] });
    const controller = new AbortController();
    const rows = Array.from({ length: 200000 }, (_, at) => `s${at},${at % 2 ? 'A' : 'B'},${at / 3}`).join(
      '\n',
    );
    const long = folder.write('long.csv', `id,site,x\n${rows}\n`);
    const work = loadTable(long, { signal: controller.signal, onProgress: () => controller.abort() });
    await rejectsWith(work, { code: 'aborted', says: ['canceled'] });
  });

  it('gives the same result twice', async () => {
    const path = folder.write('a.csv', table);
    assert.deepEqual(await loadTable(path), await loadTable(path));
  });
});

describe('loadTable on the table of IXI cortical thickness (skipped without the shared data)', () => {
  let path: string | undefined;
  before(function () {
    path = sharedData('tables/ixi_ants_dkt_thickness.csv');
    if (path === undefined) skipWithout(this, 'real data');
  });

  it('reads 559 subjects of three sites with 62 regions', async () => {
    const cohort = await loadTable(path!, { covariates: ['age', 'sex'], features: 'left.*, right.*' });
    assert.equal(cohort.participants.ids.length, 559);
    assert.equal(cohort.features.features.length, 62);
    assert.equal(cohort.features.values.length, 559 * 62);
    assert.ok(
      cohort.features.values.every((value) => value > 0 && value < 10),
      'millimetres',
    );
    const count = (site: string): number => cohort.participants.sites.filter((one) => one === site).length;
    assert.deepEqual([count('Guys'), count('HH'), count('IOP')], [311, 181, 67]);
    assert.deepEqual(
      cohort.participants.covariates.map(({ kind }) => kind),
      ['continuous', 'categorical'],
    );
  });
});
